"""The dialect of a Traccar server that forwards positions (``forward.type`` json), of any tracker that it supports.

    {"position": {"fixTime": "2026-01-01T12:00:00.000+00:00", "latitude": 1, "longitude": 2, "speed": 3, "course": 4,
     "accuracy": 5, "altitude": 6, "valid": true, "attributes": {"batteryLevel": 87}}, "device": {"uniqueId": "123456"}}

Speed in knots, battery in percent.
"""

from __future__ import annotations

from typing import Any

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.readings import fix, moment
from hub.wire.readings import KNOT, PERCENT


def decode_forwarded(message: dict[str, Any]) -> list[Fix]:
    """The fix of a forwarded position; none if the tracker never had a place. Raises ``BadMessage``."""
    position, device = message.get("position"), message.get("device")
    if not isinstance(position, dict):
        raise BadMessage(ErrorCode.INVALID, "must be an object", "position")
    if position.get("valid") is False and position.get("latitude") == 0 == position.get("longitude"):
        return []  # Traccar forwards a tracker without a first position as 0, 0, at the start of GPS time.
    attributes = position.get("attributes")
    extra = dict(attributes) if isinstance(attributes, dict) else {}
    battery = extra.pop("batteryLevel", None)
    for name in ("protocol", "valid"):
        if position.get(name) is not None:
            extra[name] = position[name]
    return [
        fix(
            position.get("latitude"),
            position.get("longitude"),
            names=("position.latitude", "position.longitude"),
            driver_id=device.get("uniqueId") if isinstance(device, dict) else None,
            recorded_at=moment(position.get("fixTime"), "position.fixTime"),
            speed=position.get("speed"),
            speed_unit=KNOT,
            heading=position.get("course"),
            accuracy=position.get("accuracy"),
            altitude=position.get("altitude"),
            battery=battery,
            battery_unit=PERCENT,
            extra=extra,
        )
    ]
