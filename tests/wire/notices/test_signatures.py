"""Signatures of webhooks, verified by the library of Standard Webhooks (N4)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from hub.wire.notices.signatures import TOLERANCE, BadSignature, secret_key, secret_text, sign, verify
from tests.support.laws import CHARACTERS

OLD, NEW, OTHER = (secret_text(bytes([n]) * 32) for n in range(3))


@given(st.text(CHARACTERS, max_size=200), st.binary(min_size=24, max_size=64))
def test_the_library_verifies_every_body(text: str, key: bytes) -> None:
    body = b'{"x":"%s"}' % text.encode().replace(b"\\", b"").replace(b'"', b"")
    secret = secret_text(key)
    headers = sign([secret], "msg_1", int(time.time()), body)
    try:
        Webhook(secret).verify(body, headers)
    except ValueError:  # control characters are no JSON; the signature was verified before
        assert not isinstance(ValueError, WebhookVerificationError)
    verify(secret, headers, body, time.time())


def test_during_a_rotation_both_secrets_verify() -> None:
    headers = sign([NEW, OLD], "msg_1", int(time.time()), b"{}")
    for secret in (NEW, OLD):
        Webhook(secret).verify(b"{}", headers)
        verify(secret, headers, b"{}", time.time())
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(b"{}", headers)
    with pytest.raises(BadSignature):
        verify(OTHER, headers, b"{}", time.time())


def test_what_the_library_signs_is_verified() -> None:
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    signature = Webhook(OLD).sign("msg_1", now, "{}")
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    verify(OLD, headers, b"{}", now.timestamp())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"webhook-id": "msg_2"}, "no signature"),
        ({"webhook-timestamp": "1"}, "webhook-timestamp"),
        ({"webhook-timestamp": "x"}, "webhook-timestamp"),
        ({"webhook-timestamp": "9" * 400}, "webhook-timestamp"),
        ({"webhook-signature": "v1,"}, "no signature"),
        ({"webhook-signature": "v2,x ü"}, "no signature"),
    ],
)
def test_what_was_changed_is_refused(change: dict[str, str], words: str) -> None:
    headers = sign([OLD], "msg_1", int(time.time()), b"{}") | change
    with pytest.raises(BadSignature, match=words):
        verify(OLD, headers, b"{}", time.time())


def test_a_body_that_was_changed_and_a_missing_header_are_refused() -> None:
    headers = sign([OLD], "msg_1", int(time.time()), b"{}")
    with pytest.raises(BadSignature):
        verify(OLD, headers, b"{ }", time.time())
    with pytest.raises(BadSignature, match="is missing"):
        verify(OLD, {}, b"{}", time.time())
    with pytest.raises(BadSignature):
        verify(OLD, headers, b"{}", time.time() + 2 * TOLERANCE)


def test_a_secret_is_base64() -> None:
    assert secret_key(OLD) == bytes(32) == secret_key(OLD.removeprefix("whsec_"))
    with pytest.raises(ValueError, match="must be base64"):
        secret_key("whsec_ü")
