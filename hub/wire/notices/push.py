"""Web Push: messages to browsers. Encryption by RFC 8291 (aes128gcm, RFC 8188), the sender by VAPID (RFC 8292)."""

from __future__ import annotations

import base64
import os
import struct
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Meta, Struct

from hub.wire.notices.notice import Notice
from hub.wire.notices.requests import AGENT, Request

RECORD_SIZE = 4_096
"""Of RFC 8188. A message is one record; push services take 4,096 bytes at least (RFC 8030)."""

LONGEST_TEXT = 1_500
"""Bytes of the text, so that the record fits whatever the characters are: JSON takes two for a quotation mark."""

LONGEST_TITLE = 300

TOKEN_LIFETIME = 12 * 3_600
"""Seconds; RFC 8292 allows a day."""

TTL = 4 * 3_600
"""Seconds that the push service keeps a message for a browser that is off. Older ones are in the list of alerts."""

URGENCY = {"critical": "high", "warning": "normal"}


class Keys(Struct):
    """Of a browser, base64url."""

    p256dh: Annotated[str, Meta(min_length=80, max_length=100)]
    auth: Annotated[str, Meta(min_length=16, max_length=32)]


class Browser(Struct):
    """A PushSubscription as browsers have it in JSON."""

    endpoint: Annotated[str, Meta(min_length=8, max_length=2_000)]
    keys: Keys


class Shown(Struct, rename="camel", omit_defaults=True):
    """What the service worker gets."""

    id: str
    type: str
    title: str
    text: str
    severity: str
    at: datetime
    driver_id: str | None = None


def bytes_of(text: str) -> bytes:
    """Bytes of base64url without padding. Raises ``ValueError``."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError as error:
        raise ValueError("must be base64url") from error


def text_of(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def check(browser: Browser) -> None:
    """Raises ``ValueError`` for keys that nothing could be encrypted with."""
    if len(bytes_of(browser.keys.auth)) != 16:
        raise ValueError("keys.auth: must have 16 bytes")
    _point(browser.keys.p256dh)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The key of a channel, from its number in base64url."""
    return ec.derive_private_key(int.from_bytes(bytes_of(text), "big"), ec.SECP256R1())


def new_private_key() -> str:
    """A key of a channel."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return text_of(number.to_bytes(32, "big"))


def public_key(private: str) -> str:
    """``applicationServerKey`` of browsers."""
    return text_of(_raw(private_key(private).public_key()))


def request(browser: Browser, private: str, contact: str, notice: Notice, now: datetime) -> Request:
    """The request to the push service of a browser. ``contact``: a mailto: or https: URL of the operator."""
    title, text = _cut(notice.title, LONGEST_TITLE), _cut(notice.text, LONGEST_TEXT)
    shown = Shown(notice.id, notice.type, title, text, notice.severity, notice.at, notice.driver_id)
    headers = {
        "content-type": "application/octet-stream",
        "content-encoding": "aes128gcm",
        "ttl": str(TTL),
        "urgency": URGENCY.get(notice.severity, "low"),
        # A newer message of the same alert replaces one that was not shown yet.
        "topic": _topic(notice.id),
        "authorization": vapid(browser.endpoint, private, contact, now),
        "user-agent": AGENT,
    }
    return Request(browser.endpoint, headers, encrypt(msgspec.json.encode(shown), browser.keys))


def vapid(endpoint: str, private: str, contact: str, now: datetime) -> str:
    """The value of ``Authorization``."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now.timestamp()) + TOKEN_LIFETIME,
        "sub": contact,
    }
    key = private_key(private)
    token = jwt.encode(claims, key, algorithm="ES256")
    return f"vapid t={token}, k={text_of(_raw(key.public_key()))}"


def encrypt(plain: bytes, keys: Keys) -> bytes:
    """One record for a browser (RFC 8291, section 3.4). Raises ``ValueError`` for keys that are invalid."""
    receiver, secret = _point(keys.p256dh), bytes_of(keys.auth)
    ours = ec.generate_private_key(ec.SECP256R1())
    sender = _raw(ours.public_key())
    shared = ours.exchange(ec.ECDH(), receiver)
    info = b"WebPush: info\0" + _raw(receiver) + sender
    material = HKDF(SHA256(), 32, salt=secret, info=info).derive(shared)
    salt = os.urandom(16)
    key = HKDF(SHA256(), 16, salt=salt, info=b"Content-Encoding: aes128gcm\0").derive(material)
    nonce = HKDF(SHA256(), 12, salt=salt, info=b"Content-Encoding: nonce\0").derive(material)
    # 2: the last record.
    record = AESGCM(key).encrypt(nonce, plain + b"\x02", None)
    return salt + struct.pack("!IB", RECORD_SIZE, len(sender)) + sender + record


def _point(text: str) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(text))
    except ValueError as error:
        raise ValueError("keys.p256dh: must be a point of P-256 in base64url") from error


def _raw(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _cut(text: str, size: int) -> str:
    """The beginning of a text, at most so many bytes."""
    return text.encode()[:size].decode(errors="ignore")


def _topic(message_id: str) -> str:
    """At most 32 characters of base64url (RFC 8030, section 5.4), the same for all messages of an alert."""
    return message_id.split("_")[1].replace("-", "")[:32]
