"""Values as devices write them: a number may be text, unknown may be -1, and a clock may have any of five notations.

Place and time have to be valid, or the point is refused with ``BadMessage``. Every other value is dropped if it is
impossible: a phone with a broken compass still has a position.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.readings import attributes, known, number, reading


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
        speed=known("speed", speed, speed_unit),
        heading=known("heading", heading),
        accuracy=known("accuracy", accuracy),
        altitude=known("altitude", altitude),
        battery=known("battery", battery, battery_unit),
        attributes=attributes(extra or {}),
    )
