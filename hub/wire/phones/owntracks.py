"""The dialect of OwnTracks in HTTP mode.

    {"_type": "location", "lat": 48.85833, "lon": 2.29513, "tst": 1497349316, "acc": 5, "alt": 167, "vel": 61,
     "cog": 271, "batt": 67, "tid": "V7", "topic": "owntracks/van7/phone"}

Speed in kilometres per hour and often left out, battery in percent, times in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.ids import driver_id_of
from hub.wire.phones.readings import fix, moment
from hub.wire.readings import KILOMETRE_PER_HOUR, PERCENT

_USED = {"_type", "_id", "lat", "lon", "tst", "vel", "cog", "acc", "alt", "batt", "topic"}

KINDS = frozenset(
    {"transition", "waypoint", "waypoints", "lwt", "status", "steps", "card", "cmd", "beacon", "configuration",
     "request", "dump", "log"}
)  # fmt: skip
"""Types of messages that are not positions."""


def decode_message(message: dict[str, Any]) -> list[Fix]:
    """The fix of a message; none for another kind of message (a region, a step count, a card). Raises
    ``BadMessage``, also for a type that is not known, and for an encrypted message, so that a phone that cannot be
    decoded is noticed."""
    kind = message.get("_type")
    if kind == "encrypted":
        raise BadMessage(ErrorCode.INVALID, "encrypted messages cannot be read: use TLS instead", "_type")
    if kind != "location":
        if isinstance(kind, str) and kind in KINDS:
            return []
        raise BadMessage(ErrorCode.MALFORMED, "a type of message that the hub does not know", "_type")
    return [
        fix(
            message.get("lat"),
            message.get("lon"),
            names=("lat", "lon"),
            driver_id=topic_sender(message.get("topic")) or message.get("tid"),
            recorded_at=moment(message.get("tst"), "tst"),
            speed=message.get("vel"),
            speed_unit=KILOMETRE_PER_HOUR,
            heading=message.get("cog"),
            accuracy=message.get("acc"),
            altitude=message.get("alt"),
            battery=message.get("batt"),
            battery_unit=PERCENT,
            extra={name: value for name, value in message.items() if name not in _USED and value is not None},
        )
    ]


def sender(user: str | None, headers: Mapping[str, str], query: Mapping[str, str]) -> str | None:
    """The sender of a request: the user of its Basic credential, else user and device from the app's headers or query;
    None if the request names none and the message has to. ``van7`` or ``van7:phone``."""
    if user:
        return driver_id_of(user)
    for names, device in (
        (headers.get("x-limit-u"), headers.get("x-limit-d")),
        (query.get("u"), query.get("d")),
    ):
        if names:
            return driver_id_of(f"{names}:{device}" if device else names)
    return None


def topic_sender(topic: object) -> str | None:
    """``van7:phone`` of ``owntracks/van7/phone``."""
    parts = topic.split("/") if isinstance(topic, str) else []
    return ":".join(parts[1:3]) if len(parts) >= 3 else None
