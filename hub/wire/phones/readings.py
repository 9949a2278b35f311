"""Values as devices write them: a number may be text, unknown may be -1, and a clock may have any of five notations.

Place and time have to be valid, or the point is refused with ``BadMessage``. Every other value is dropped if it is
impossible: a phone with a broken compass still has a position.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite

import msgspec
from msgspec import Raw

from hub.core.nouns import ATTRIBUTES_MAX_BYTES, Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode

KNOT = 1852 / 3600
"""Metres per second; by definition a nautical mile an hour."""

KILOMETRE_PER_HOUR = 1 / 3.6
PERCENT = 0.01


def number(value: object) -> float | None:
    """A finite number, from JSON or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if isfinite(result) and "_" not in str(value) else None


def reading(value: object, low: float, high: float, unit: float = 1.0) -> float | None:
    """A number times ``unit``, None where it is unknown or not within bounds."""
    result = number(value)
    if result is None:
        return None
    result *= unit
    return result if low <= result <= high else None


def moment(value: object, field: str) -> datetime | float | None:
    """An instant as ``Fix.recorded_at`` has it: epoch seconds or milliseconds, RFC 3339, ``yyyy-MM-dd HH:mm:ss`` (then
    UTC). None for a missing value. Raises ``BadMessage``."""
    if value is None or value == "":
        return None
    seconds = number(value)
    if seconds is not None:
        return seconds
    try:
        instant = datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise BadMessage(ErrorCode.INVALID, "must be epoch seconds or milliseconds, or RFC 3339", field) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def fix(
    latitude: object,
    longitude: object,
    *,
    names: tuple[str, str] = ("latitude", "longitude"),
    driver_id: object = None,
    recorded_at: datetime | float | None = None,
    speed: object = None,
    speed_unit: float = 1.0,
    heading: object = None,
    accuracy: object = None,
    altitude: object = None,
    battery: object = None,
    battery_unit: float = 1.0,
    extra: Mapping[str, object] | None = None,
) -> Fix:
    """A fix from a device's values, in SI units. Raises ``BadMessage`` for an invalid place; ``names`` are the
    dialect's names of its fields."""
    place = reading(latitude, -90, 90), reading(longitude, -180, 180)
    if place[0] is None:
        raise BadMessage(ErrorCode.INVALID, "must be a latitude from -90 to 90 degrees", names[0])
    if place[1] is None:
        raise BadMessage(ErrorCode.INVALID, "must be a longitude from -180 to 180 degrees", names[1])
    return Fix(
        place[0],
        place[1],
        driver_id=str(driver_id) if isinstance(driver_id, str | int) and driver_id != "" else None,
        recorded_at=recorded_at,
        speed=reading(speed, 0, 400, speed_unit),
        heading=reading(heading, 0, 360),
        # No receiver has an accuracy of 0 metres: Android and Traccar write 0 where it is unknown.
        accuracy=reading(accuracy, 0, 1e7) or None,
        altitude=reading(altitude, -12_000, 100_000),
        battery=reading(battery, 0, 1, battery_unit),
        attributes=_attributes(extra or {}),
    )


def _attributes(extra: Mapping[str, object]) -> Raw:
    """The other values of the device as attributes. One that does not fit, such as a picture, is dropped; the fix is
    kept."""
    kept: dict[str, object] = {}
    size = 2
    for key, value in extra.items():
        room = len(msgspec.json.encode(key)) + len(msgspec.json.encode(value)) + 2
        if size + room > ATTRIBUTES_MAX_BYTES:
            continue
        size += room
        kept[key] = value
    return Raw(msgspec.json.encode(kept)) if kept else Raw()
