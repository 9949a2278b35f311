"""The sender of a request without a position: a heartbeat, a status, a waypoint, a token for notifications."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import msgspec

from hub.wire.phones.ids import driver_id_of
from hub.wire.phones.osmand import MAX_FIELDS
from hub.wire.phones.owntracks import topic_sender
from hub.wire.validation import NOT_DECODED

NAMES = ("id", "deviceid", "device_id", "deviceId", "driverId", "uniqueId")
"""Fields that name the device, in every dialect."""


def named_sender(query: str, body: bytes) -> str | None:
    """The name of the device in a request; None if there is none, or it cannot be a driver's id."""
    body = body.strip()
    try:
        if body[:1] in (b"{", b"["):
            name = _of_json(msgspec.json.decode(body)) or _of_fields(query)
        else:
            name = _of_fields(f"{query}&{body.decode()}")
    except (*NOT_DECODED, ValueError):
        return None
    return driver_id_of(name)


def _of_fields(text: str) -> str | None:
    fields = dict(parse_qsl(text, max_num_fields=MAX_FIELDS))
    return next((fields[name] for name in NAMES if name in fields), None)


def _of_json(message: Any) -> str | None:
    item = next(iter(message), None) if isinstance(message, list) else message
    if not isinstance(item, dict):
        return None
    if "_type" in item:
        found = topic_sender(item.get("topic")) or item.get("tid")
    else:
        device = item.get("device")
        places: list[dict[str, Any]] = [item, device] if isinstance(device, dict) else [item]
        found = next((place[name] for place in places for name in NAMES if place.get(name) is not None), None)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None
