"""Signatures of webhooks: Standard Webhooks 1.0 (https://www.standardwebhooks.com).

webhook-id: <id of the message>        webhook-timestamp: <Unix seconds of the try>
webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body"> [v1,<with the secret before>]
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
"""Beginning of a secret as text; base64 follows."""

SECRET_BYTES = 32
"""Standard Webhooks asks for 24 to 64 bytes."""

TOLERANCE = 300
"""Seconds that a timestamp may differ from the clock of the receiver."""


class BadSignature(ValueError):
    """A webhook that does not verify. The text says which header is wrong."""


def secret_text(key: bytes) -> str:
    """A secret as text."""
    return PREFIX + base64.b64encode(key).decode()


def secret_key(text: str) -> bytes:
    """The bytes of a secret. Raises ``ValueError``."""
    try:
        return base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise ValueError(f"the secret must be base64, with or without {PREFIX} before it") from error


def sign(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a webhook, with a signature by each secret."""
    content = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    signatures = " ".join(f"v1,{_signature(secret_key(secret), content)}" for secret in secrets)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Raises ``BadSignature`` for a webhook that was not signed with the secret, or too long ago. ``headers``: names in
    lower case; ``now``: Unix time."""
    missing = [name for name in ("webhook-id", "webhook-timestamp", "webhook-signature") if name not in headers]
    if missing:
        raise BadSignature(f"the header {missing[0]} is missing")
    timestamp = headers["webhook-timestamp"]
    if not timestamp.isdecimal() or abs(now - int(timestamp[:20])) > TOLERANCE:
        raise BadSignature(f"webhook-timestamp: must be within {TOLERANCE} s of this clock")
    expected = _signature(secret_key(secret), b"%s.%d.%s" % (headers["webhook-id"].encode(), int(timestamp), body))
    given = [part[3:] for part in headers["webhook-signature"].split() if part.startswith("v1,")]
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise BadSignature("webhook-signature: no signature is made with this secret")


def _signature(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
