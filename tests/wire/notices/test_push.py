"""Web Push: an independent library decrypts what the hub encrypts, and verifies who sent it (N10)."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any

import http_ece
import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.wire.notices import push
from hub.wire.notices.notice import Notice
from hub.wire.notices.push import Browser, Keys, bytes_of, text_of

NOW = datetime(2026, 11, 27, tzinfo=UTC)


class FakeBrowser:
    """The keys of a browser, and what it can read."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.subscription = Browser("https://push.example/send/abc", Keys(text_of(point), text_of(self.auth)))

    def read(self, body: bytes) -> bytes:
        plain: bytes = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return plain


def notice(text: str = "d has left Depot", **more: Any) -> Notice:
    data = msgspec.json.encode({"title": "Left", "text": text, "severity": "critical"})
    fields: dict[str, Any] = {
        "id": "alert_5b0d7a3c-8f0e-4f57-9a3a-1d1b6c7e2f44_opened", "type": "hub.alert.opened", "fleet": "f", "at": NOW,
        "driver_id": "d", "data": msgspec.Raw(data), "lane": "", "sequence": 1,
    }  # fmt: skip
    return Notice(**(fields | more))


def test_the_browser_reads_the_notice() -> None:
    browser, private = FakeBrowser(), push.new_private_key()
    request = push.request(browser.subscription, private, "mailto:ops@hub.example", notice(), NOW)
    assert request.url == "https://push.example/send/abc"
    assert json.loads(browser.read(request.body)) == {
        "id": notice().id,
        "type": "hub.alert.opened",
        "title": "Left",
        "text": "d has left Depot",
        "severity": "critical",
        "at": "2026-11-27T00:00:00Z",
        "driverId": "d",
    }
    headers = request.headers
    assert (headers["content-encoding"], headers["urgency"]) == ("aes128gcm", "high")
    assert headers["topic"] == "5b0d7a3c8f0e4f579a3a1d1b6c7e2f44" and int(headers["ttl"]) > 0


def test_the_push_service_knows_the_sender() -> None:
    private = push.new_private_key()
    request = push.request(FakeBrowser().subscription, private, "mailto:ops@hub.example", notice(), NOW)
    scheme, _, rest = request.headers["authorization"].partition(" ")
    parts = dict(part.split("=", 1) for part in rest.split(", "))
    assert scheme == "vapid" and parts["k"] == push.public_key(private)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(parts["k"]))
    claims = jwt.decode(
        parts["t"], key, algorithms=["ES256"], audience="https://push.example", options={"verify_exp": False}
    )
    assert claims["sub"] == "mailto:ops@hub.example"
    assert 0 < claims["exp"] - NOW.timestamp() <= 24 * 3_600


def test_another_browser_cannot_read_it_and_no_two_are_alike() -> None:
    one, other = FakeBrowser(), FakeBrowser()
    body = push.encrypt(b"x", one.subscription.keys)
    assert one.read(body) == b"x" and body != push.encrypt(b"x", one.subscription.keys)
    with pytest.raises(http_ece.ECEException):
        other.read(body)


@pytest.mark.parametrize("text", ["x" * 100_000, "😀" * 5_000, '"' * 5_000, "ü\\" * 3_000])
def test_a_message_is_one_record(text: str) -> None:
    browser = FakeBrowser()
    body = push.request(browser.subscription, push.new_private_key(), "mailto:a@b", notice(text), NOW).body
    assert len(body) <= push.RECORD_SIZE + 86 and 0 < len(json.loads(browser.read(body))["text"]) <= push.LONGEST_TEXT


@pytest.mark.parametrize(
    ("p256dh", "auth", "words"),
    [
        ("B" + "A" * 86, "A" * 22, "p256dh"),
        ("x" * 87, "A" * 22, "p256dh"),
        ("ü" * 87, "A" * 22, "p256dh"),
        (FakeBrowser().subscription.keys.p256dh, "A" * 20, "auth"),
        (FakeBrowser().subscription.keys.p256dh, "ü" * 22, "base64url"),
    ],
    ids=["no point", "no base64url", "no ASCII", "a short secret", "a secret without ASCII"],
)
def test_keys_that_are_invalid_are_refused(p256dh: str, auth: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        push.check(Browser("https://push.example/", Keys(p256dh, auth)))


def test_every_message_of_an_alert_has_one_topic() -> None:
    topics = {
        push.request(FakeBrowser().subscription, push.new_private_key(), "mailto:a@b", notice(id=id), NOW).headers[
            "topic"
        ]
        for id in (f"alert_{'a' * 36}_opened", f"alert_{'a' * 36}_resolved")
    }
    assert len(topics) == 1 and len(topics.pop()) == 32
