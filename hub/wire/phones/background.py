"""The dialects of background-geolocation libraries, on which many apps are built; among them Traccar Client 9.

Nested (``coords``), one or an array, alone or in an envelope with the device's id:

    {"location": {"timestamp": "2025-06-15T13:45:12.862Z", "coords": {"latitude": 1, "longitude": 2, "speed": 3,
     "heading": 4, "accuracy": 5, "altitude": 6}, "battery": {"level": 0.5, "is_charging": false}, "event": "…",
     "activity": {"type": "still"}, "odometer": 7, "extras": {}}, "device_id": "123456"}

Flat, always in an array:

    [{"latitude": 1, "longitude": 2, "time": 1750000000000, "speed": 3, "bearing": 4, "accuracy": 5, "altitude": 6}]

Speed in metres per second, battery 0-1; -1 is unknown.
"""

from __future__ import annotations

from typing import Any

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.elements import decode_each
from hub.wire.phones.readings import fix, moment

_NESTED = {"coords", "timestamp", "battery", "uuid", "_", "driverId", "device_id"}
_FLAT = {"latitude", "longitude", "time", "timestamp", "recordedAt", "speed", "heading", "bearing", "accuracy",
         "altitude", "battery", "driverId", "device_id", "msgNo"}  # fmt: skip
"""Fields that do not go into attributes. ``_`` repeats the point in the words of OsmAnd."""


def decode_envelope(envelope: dict[str, Any]) -> list[Fix | BadMessage]:
    """The fixes of ``{"location": …, "device_id": …}``. A bad one is replaced by its ``BadMessage``."""
    location = envelope["location"]
    driver_id = envelope.get("device_id")
    items = location if isinstance(location, list) else [location]
    return decode_each(items, lambda item: decode_location(item, driver_id))


def decode_location(item: Any, driver_id: object = None) -> list[Fix]:
    """The fix of one nested or flat location; none where it has no place. Raises ``BadMessage``."""
    if not isinstance(item, dict):
        raise BadMessage(ErrorCode.MALFORMED, "a location must be an object")
    driver_id = driver_id or item.get("driverId") or item.get("device_id")
    if "latitude" in item or "longitude" in item:
        return [_flat(item, driver_id)]
    coords = item.get("coords")
    if coords is None:
        return []
    if not isinstance(coords, dict):
        raise BadMessage(ErrorCode.INVALID, "must be an object", "coords")
    battery = item.get("battery")
    battery = battery if isinstance(battery, dict) else {}
    extra = {name: value for name, value in item.items() if name not in _NESTED and value not in ({}, None)}
    if "is_charging" in battery:
        extra["is_charging"] = battery["is_charging"]
    return [
        fix(
            coords.get("latitude"),
            coords.get("longitude"),
            names=("coords.latitude", "coords.longitude"),
            driver_id=driver_id,
            recorded_at=moment(item.get("timestamp"), "timestamp"),
            speed=coords.get("speed"),
            heading=coords.get("heading"),
            accuracy=coords.get("accuracy"),
            altitude=coords.get("altitude"),
            battery=battery.get("level"),
            extra=extra,
        )
    ]


def _flat(item: dict[str, Any], driver_id: object) -> Fix:
    clock = next((name for name in ("recordedAt", "time", "timestamp") if item.get(name) is not None), "time")
    heading = item.get("heading")
    return fix(
        item.get("latitude"),
        item.get("longitude"),
        driver_id=driver_id,
        recorded_at=moment(item.get(clock), clock),
        speed=item.get("speed"),
        heading=item.get("bearing") if heading is None else heading,
        accuracy=item.get("accuracy"),
        altitude=item.get("altitude"),
        battery=item.get("battery"),
        extra={name: value for name, value in item.items() if name not in _FLAT and value is not None},
    )
