"""The dialects of background-geolocation libraries, on which many apps are built; among them Traccar Client 9.

Nested (``coords``), one or an array, alone or in an envelope with the device's id:

    {"location": {"timestamp": "2025-06-15T13:45:12.862Z", "coords": {"latitude": 1, "longitude": 2, "speed": 3,
     "heading": 4, "accuracy": 5, "altitude": 6}, "battery": {"level": 0.5, "is_charging": false}, "event": "…",
     "activity": {"type": "still"}, "odometer": 7, "extras": {}}, "device_id": "123456"}

Flat, alone, in an array or in an envelope, under any of the names in ``fields.py``:

    [{"latitude": 1, "longitude": 2, "time": 1750000000000, "speed": 3, "bearing": 4, "accuracy": 5, "altitude": 6}]

Speed in metres per second; battery 0-1, or in percent where it is above 1; -1 is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.fields import is_message, sort, within
from hub.wire.phones.readings import fix, moment
from hub.wire.readings import PERCENT, number

_PARTS = ("coords", "gps", "battery", "uuid", "_", "msgNo", "location")
"""Fields that do not go into attributes: they are decoded, or say nothing about the point. ``_`` repeats the point in
the words of OsmAnd."""

NONE: Mapping[str, object] = {}


def decode_location(item: dict[str, Any], context: Mapping[str, object] = NONE) -> list[Fix]:
    """The fix of one nested or flat location; none for a known message without a place.

    ``context`` are the fields of its envelope, used where the location has none of its own.
    Raises ``BadMessage``.
    """
    values, names, extra = sort(item.items())
    prefix = ""
    located = "latitude" in values or "longitude" in values
    if not located and item.get("coords") is not None:
        coords, prefix = item["coords"], "coords."
        if not isinstance(coords, dict):
            raise BadMessage(ErrorCode.INVALID, "must be an object", "coords")
        inner = sort(coords.items())
        values.update(inner.values)
        names.update(inner.names)
    elif isinstance(item.get("gps"), list) and len(item["gps"]) == 2:
        values["latitude"], values["longitude"] = item["gps"]
    elif not located and isinstance(item.get("location"), str):
        values["latitude"], _, values["longitude"] = item["location"].partition(",")
    elif not located:
        if item and is_message(name for name, value in item.items() if value is not None):
            return []
        raise BadMessage(ErrorCode.MALFORMED, "no place, and not a message that the hub knows")
    values = within(context, values)
    battery = values.get("battery")
    if isinstance(battery, dict):
        if "is_charging" in battery:
            extra["is_charging"] = battery["is_charging"]
        battery = battery.get("level")
    clock = names.get("recorded_at", "timestamp")
    return [
        fix(
            values.get("latitude"),
            values.get("longitude"),
            names=(prefix + names.get("latitude", "latitude"), prefix + names.get("longitude", "longitude")),
            driver_id=values.get("driver_id"),
            recorded_at=moment(values.get("recorded_at"), clock),
            speed=values.get("speed"),
            heading=values.get("heading"),
            accuracy=values.get("accuracy"),
            altitude=values.get("altitude"),
            battery=battery,
            battery_unit=battery_unit(battery),
            extra={name: value for name, value in extra.items() if name not in _PARTS and value not in ({}, None)},
        )
    ]


def battery_unit(value: object) -> float:
    """The unit of a battery's level that may be a share or percent."""
    level = number(value)
    return PERCENT if level is not None and level > 1 else 1.0
