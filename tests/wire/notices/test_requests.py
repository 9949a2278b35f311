"""Requests of chats: the text arrives as it is, whatever is in it."""

from __future__ import annotations

import json
from email.header import decode_header, make_header
from typing import Any

import msgspec
import pytest

from hub.wire.notices.kinds import KINDS, Secrets
from hub.wire.notices.notice import Notice
from hub.wire.notices.requests import Request, request_of
from tests.wire.notices.test_push import NOW, notice

NASTY = "@everyone *x* [a](http://b) <!channel> <b> `c` _d_ ~e~ #1\r\nX-Injected: 1"
FLAT = NASTY.replace("\r\n", " ")

CONFIGS: dict[str, dict[str, Any]] = {
    "slack": {"url": "https://hooks.slack.example/x"},
    "discord": {"url": "https://discord.example/api/webhooks/1/x"},
    "teams": {"url": "https://teams.example/x"},
    "telegram": {"chat": "-100123", "token": "1:abc"},
    "ntfy": {"url": "https://ntfy.example/topic", "token": "tk_1"},
}


def made(kind: str, found: Notice) -> Request:
    return request_of(kind, msgspec.convert(CONFIGS[kind], KINDS[kind]), Secrets(), found, NOW)


def nasty(**more: Any) -> Notice:
    data = msgspec.json.encode({"title": NASTY, "text": NASTY, "severity": "warning"})
    return notice(data=msgspec.Raw(data), **more)


def test_slack_gets_plain_text() -> None:
    body = json.loads(made("slack", nasty()).body)
    assert {block["text"]["type"] for block in body["blocks"]} == {"plain_text"}
    assert body["blocks"][1]["text"]["text"] == FLAT
    assert "<" not in body["text"] and "&lt;!channel&gt;" in body["text"]


def test_discord_mentions_no_one() -> None:
    body = json.loads(made("discord", nasty()).body)
    assert body["allowed_mentions"] == {"parse": []} and "content" not in body
    assert "\\*x\\*" in body["embeds"][0]["description"] and "\\[a\\]\\(" in body["embeds"][0]["description"]


def test_teams_gets_a_card_without_markdown() -> None:
    body = json.loads(made("teams", nasty()).body)
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    texts = [run["text"] for block in attachment["content"]["body"] for run in block["inlines"]]
    assert texts == [FLAT, FLAT]


def test_telegram_gets_a_text_with_a_bold_title() -> None:
    title = "Zu schnell 😀"
    data = msgspec.json.encode({"title": title, "text": "d drives"})
    request = made("telegram", notice(data=msgspec.Raw(data)))
    body = json.loads(request.body)
    assert request.url == "https://api.telegram.org/bot1:abc/sendMessage"
    assert (body["chat_id"], body["text"]) == ("-100123", f"{title}\nd drives")
    assert "parse_mode" not in body and body["disable_notification"]
    # Telegram counts UTF-16 units: the emoji is two.
    assert body["entities"] == [{"type": "bold", "offset": 0, "length": len(title) + 1}]


def test_ntfy_gets_headers_and_text() -> None:
    request = made("ntfy", nasty())
    assert request.body.decode() == FLAT
    assert request.headers["authorization"] == "Bearer tk_1" and request.headers["priority"] == "4"
    assert not any("\n" in value or "\r" in value for value in request.headers.values())
    data = msgspec.json.encode({"title": "تنبيه", "text": "x"})
    title = made("ntfy", notice(data=msgspec.Raw(data))).headers["title"]
    assert title.isascii() and str(make_header(decode_header(title))) == "تنبيه"


@pytest.mark.parametrize("kind", CONFIGS)
def test_texts_are_bounded_and_gaps_are_told(kind: str) -> None:
    data = msgspec.json.encode({"title": "x" * 5_000, "text": "y" * 50_000})
    request = made(kind, notice(data=msgspec.Raw(data), missed=4))
    assert len(request.body) < 8_000
    assert b"4 earlier messages were not delivered" in request.body.replace(b"\\", b"")


def test_a_kind_without_http_is_refused() -> None:
    with pytest.raises(ValueError, match="email is not sent by HTTP"):
        request_of("email", None, Secrets(), notice(), NOW)
