"""A notice as the HTTP request that a receiver understands: webhooks, and the chats' own formats.

Slack, https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; Discord, "Execute Webhook"; Teams,
"Post to a channel when a webhook request is received" (an adaptive card); Telegram, "sendMessage"; ntfy, "Publish as
JSON" without JSON: headers and a text.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

from hub import __version__
from hub.wire.notices.kinds import Chat, Ntfy, Secrets, Telegram, Traccar, Webhook
from hub.wire.notices.notice import CONTENT_TYPE, Notice, cloud_event
from hub.wire.notices.signatures import sign
from hub.wire.notices.traccar import event_data

AGENT = f"location-hub/{__version__}"

LONGEST_TEXT = 1_500
"""Characters of a chat message; Discord allows 2,000."""

_COLOURS = {"info": 0x2F6FDE, "warning": 0xE39B00, "critical": 0xD6293E}
_TEAMS = {"info": "Accent", "warning": "Warning", "critical": "Attention"}
_PRIORITY = {"info": "3", "warning": "4", "critical": "5"}

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~><])")
_encode = msgspec.json.Encoder().encode


class Request(NamedTuple):
    """A POST."""

    url: str
    headers: dict[str, str]
    body: bytes


def request_of(kind: str, config: Any, secrets: Secrets, notice: Notice, now: datetime) -> Request:
    """The request that sends a notice to a channel of a kind with HTTP."""
    match kind:
        case "webhook":
            return webhook(config, secrets, notice, now)
        case "traccar":
            return traccar(config, event_data(notice))
        case "slack":
            return slack(config, notice)
        case "discord":
            return discord(config, notice)
        case "teams":
            return teams(config, notice)
        case "telegram":
            return telegram(config, notice)
        case "ntfy":
            return ntfy(config, notice)
    raise ValueError(f"{kind} is not sent by HTTP")


def webhook(config: Webhook, secrets: Secrets, notice: Notice, now: datetime) -> Request:
    body = cloud_event(notice)
    keys = [key.secret for key in secrets.keys if key.until is None or key.until > now]
    headers = {"content-type": CONTENT_TYPE, "user-agent": AGENT}
    return Request(config.url, headers | sign(keys, notice.id, int(now.timestamp()), body), body)


def traccar(config: Traccar, body: bytes) -> Request:
    """``body``: EventData, or an array of PositionData."""
    headers = {"content-type": "application/json", "user-agent": AGENT}
    if config.token is not None:
        headers["authorization"] = f"Bearer {config.token}"
    return Request(config.url, headers, body)


def slack(config: Chat, notice: Notice) -> Request:
    """Only &, < and > have a meaning for Slack that cannot be switched off (``type`` plain_text)."""
    title, text = _short(notice)
    blocks = [
        {"type": "section", "text": {"type": "plain_text", "text": title, "emoji": False}},
        {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}},
    ]
    fallback = f"{title}: {text}".replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _json(config.url, {"text": fallback, "blocks": blocks})


def discord(config: Chat, notice: Notice) -> Request:
    """Without mentions: a driver named @everyone rings at no one."""
    title, text = _short(notice)
    embed = {
        "title": _MARKDOWN.sub(r"\\\1", title)[:256],
        "description": _MARKDOWN.sub(r"\\\1", text),
        "color": _COLOURS.get(notice.severity, _COLOURS["info"]),
        "timestamp": _rfc3339(notice.at),
    }
    return _json(config.url, {"embeds": [embed], "allowed_mentions": {"parse": []}})


def teams(config: Chat, notice: Notice) -> Request:
    title, text = _short(notice)
    colour = _TEAMS.get(notice.severity, "Default")
    run = {"type": "TextRun", "text": title, "weight": "Bolder", "color": colour}
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        # Rich text blocks have no Markdown.
        "body": [
            {"type": "RichTextBlock", "inlines": [run]},
            {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]},
        ],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return _json(config.url, {"type": "message", "attachments": [attachment]})


def telegram(config: Telegram, notice: Notice) -> Request:
    """Without ``parse_mode`` the text has no markup; the title is bold by an entity, counted in UTF-16 units."""
    title, text = _short(notice)
    units = len(title.encode("utf-16-le")) // 2
    message = {
        "chat_id": config.chat,
        "text": f"{title}\n{text}",
        "entities": [{"type": "bold", "offset": 0, "length": units}],
        "link_preview_options": {"is_disabled": True},
        "disable_notification": notice.severity == "info",
    }
    return _json(f"{config.server.rstrip('/')}/bot{config.token}/sendMessage", message)


def ntfy(config: Ntfy, notice: Notice) -> Request:
    """Titles outside ASCII are encoded in the words of RFC 2047, which ntfy reads in headers."""
    title, text = _short(notice)
    headers = {
        "user-agent": AGENT,
        "content-type": "text/plain; charset=utf-8",
        "title": title if title.isascii() else f"=?UTF-8?Q?{quote(title, safe='').replace('%', '=')}?=",
        "priority": _PRIORITY.get(notice.severity, "3"),
    }
    if config.token is not None:
        headers["authorization"] = f"Bearer {config.token}"
    return Request(config.url, headers, text.encode())


def _json(url: str, body: Any) -> Request:
    return Request(url, {"content-type": "application/json", "user-agent": AGENT}, _encode(body))


def _short(notice: Notice) -> tuple[str, str]:
    """Title and text in one line each, of bounded length."""
    title, text = (" ".join(part.split()) for part in (notice.title, notice.text))
    missed = f" ({notice.missed} earlier messages were not delivered)" if notice.missed else ""
    return title[:150] or "Location hub", (text[:LONGEST_TEXT] or "-") + missed


def _rfc3339(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
