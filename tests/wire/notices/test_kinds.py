"""Kinds of channels: what is secret is kept apart."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.wire.notices.kinds import KINDS, MACHINES, SECRET_FIELDS, Secrets, joined, lane_of, split, urls

CONFIGS: dict[str, dict[str, Any]] = {
    "webhook": {"url": "https://a.example/?token=x"},
    "traccar": {"url": "https://a.example/", "token": "tk", "lossless": True},
    "mqtt": {"url": "mqtts://a.example", "password": "pw", "discovery": "homeassistant"},
    "nats": {"url": "tls://a.example", "token": "tk", "password": "pw", "jetStream": True},
    "slack": {"url": "https://a.example/"},
    "discord": {"url": "https://a.example/"},
    "teams": {"url": "https://a.example/"},
    "telegram": {"chat": "@x", "token": "1:a", "server": "https://t.example"},
    "ntfy": {"url": "https://a.example/t", "token": "tk"},
    "email": {"to": ["a@b.example"]},
    "apprise": {"url": "pover://user@token"},
    "webpush": {},
}


def test_every_kind_is_tested() -> None:
    assert CONFIGS.keys() == KINDS.keys() and SECRET_FIELDS.keys() | MACHINES <= KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_split_is_joined(kind: str) -> None:
    config = msgspec.convert(CONFIGS[kind], KINDS[kind])
    shown, secret = split(kind, config)
    assert secret.keys() == SECRET_FIELDS.get(kind, frozenset())
    assert not shown.keys() & secret.keys()
    assert joined(kind, msgspec.json.encode(shown), Secrets(secret)) == config


def test_the_urls_of_a_config_are_found() -> None:
    telegram = msgspec.convert(CONFIGS["telegram"], KINDS["telegram"])
    assert urls(telegram) == [("server", "https://t.example")]
    assert urls(msgspec.convert(CONFIGS["ntfy"], KINDS["ntfy"])) == [("url", "https://a.example/t")]
    assert urls(msgspec.convert(CONFIGS["apprise"], KINDS["apprise"])) == []
    assert urls(msgspec.convert(CONFIGS["email"], KINDS["email"])) == []


def test_programs_have_a_lane_for_each_driver() -> None:
    assert (lane_of("webhook", "d"), lane_of("webhook", None), lane_of("email", "d")) == ("d", "", "")


@pytest.mark.parametrize(
    "mailbox", ["a", "a@b\r\nBcc: c@d.example", "a b@c.example", "a@b.example,c@d.example", "<a@b.example>", "a@b c"]
)
def test_what_is_not_a_mailbox_is_refused(mailbox: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"to": [mailbox]}, KINDS["email"])


@pytest.mark.parametrize("token", ["x/../y", "1:a/b", "1:a?b", "a:1", ""])
def test_a_token_of_telegram_cannot_change_the_path(token: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"chat": "x", "token": token}, KINDS["telegram"])
