"""Values as devices write them: a number may be text, unknown may be -1, and a clock may have any of five notations.

Place and time have to be valid, or the point is refused with ``BadMessage``. Every other value is dropped if it is
impossible: a phone with a broken compass still has a position.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.fields import empty
from hub.wire.phones.ids import driver_id_of
from hub.wire.readings import attributes, before_leap_second, known, number, reading

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No phone has a place from before: 0 and 1970 are a clock that was never set, 1980 is a receiver without GPS time, and
the 1990s are the seconds since 2001 of iOS read as Unix time (until 2031)."""

MICROSECONDS = 1e14
"""A number from here on is microseconds: as milliseconds it would be the year 5138."""

_FIRST = EARLIEST.timestamp()

LONGEST_DATE = 10
"""Characters of a date without a time of day."""

_MAIL = re.compile(r"(?:[A-Z]{3}, )?\d{1,2} [A-Z]{3} \d{4} \d\d:\d\d:\d\d (?:GMT|UTC|[-+]\d{4})\Z")
"""Dates of HTTP and e-mail (RFC 9110, RFC 5322), in upper case."""

_TICKS = re.compile(r"/DATE\((-?\d{1,16})(?:[-+]\d{4})?\)/\Z")
"""Milliseconds as older .NET writes them in JSON; the offset does not change the instant."""

_NOTATIONS = [
    (re.compile(r"\[[A-Z0-9_/+-]{1,64}\]\Z"), ""),  # the name of the zone behind the offset (RFC 9557)
    (re.compile(r"\u2212(?=\d\d:?\d\d\Z)"), "-"),  # the minus sign of ISO 8601
    (re.compile(r"\s*(?:UTC|GMT)\Z"), "+00:00"),
    (re.compile(r"\s+(?=[-+]\d\d:?\d\d\Z)"), ""),
    (re.compile(r"\A(\d{4})/(\d\d)/(\d\d)(?=[ T])"), r"\1-\2-\3"),
]
"""Notations of which each has one meaning -> RFC 3339, in this order."""

_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d{1,3},\d+\s*\Z")


def moment(value: object, field: str) -> datetime | float | None:
    """The instant of a device's text or number as ``Fix.recorded_at`` has it, in UTC where it has no zone; None for a
    missing value.

    Numbers are epoch seconds, milliseconds, microseconds or nanoseconds, told apart by their size. Text is RFC 3339,
    ``yyyy-MM-dd HH:mm:ss``, or a notation that has one meaning (``_NOTATIONS``, ``_MAIL``, ``_TICKS``); the second 60
    of a leap second is the next minute. Raises ``BadMessage``, also for an instant before ``EARLIEST`` and for a date
    without a time.
    """
    seconds = number(value)
    if seconds is not None and (_FIRST <= seconds < 2**31 or _FIRST * 1000 <= seconds < MICROSECONDS):
        return seconds
    if empty(value):
        return None
    if seconds is not None:
        instant = _from_number(seconds)
    else:
        instant = _from_text(value.strip()) if isinstance(value, str) else None
    if instant is None:
        raise BadMessage(ErrorCode.INVALID, "must be epoch seconds or milliseconds, or RFC 3339", field)
    if instant < EARLIEST:
        detail = "0 is not a time" if seconds == 0 else "before 2000: the device does not know the time"
        raise BadMessage(ErrorCode.INVALID, detail, field)
    return instant


def _from_number(value: float) -> datetime | None:
    size = abs(value)
    unit = 1.0 if size < 2**31 else 1e3 if size < MICROSECONDS else 1e6 if size < 1e17 else 1e9
    try:
        return datetime.fromtimestamp(value / unit, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _from_text(text: str) -> datetime | None:
    if len(text) <= LONGEST_DATE:
        return None
    try:
        instant = datetime.fromisoformat(text)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        text = text.upper()
    if ticks := _TICKS.match(text):
        return _from_number(float(ticks[1]) / 1000)
    if _MAIL.match(text):
        with contextlib.suppress(ValueError):
            instant = parsedate_to_datetime(text)
            return instant if instant.tzinfo else instant.replace(tzinfo=UTC)  # -0000
    for notation, standard in _NOTATIONS:
        text = notation.sub(standard, text)
    leap = before_leap_second(text)
    try:
        instant = datetime.fromisoformat(text if leap is None else leap)
        instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return instant if leap is None else instant + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None


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
    place = reading(_point(latitude), -90, 90), reading(_point(longitude), -180, 180)
    if place[0] is None:
        raise BadMessage(ErrorCode.INVALID, "must be a latitude from -90 to 90 degrees", names[0])
    if place[1] is None:
        raise BadMessage(ErrorCode.INVALID, "must be a longitude from -180 to 180 degrees", names[1])
    if place == (0, 0):
        raise BadMessage(ErrorCode.INVALID, "0, 0 is not a place: the device does not know its own", names[0])
    return Fix(
        place[0],
        place[1],
        driver_id=driver_id_of(driver_id),
        recorded_at=recorded_at,
        speed=known("speed", speed, speed_unit),
        heading=known("heading", heading),
        accuracy=known("accuracy", accuracy),
        altitude=known("altitude", altitude),
        battery=known("battery", battery, battery_unit),
        attributes=attributes(extra or {}),
    )


def _point(value: object) -> object:
    """A coordinate with a decimal comma with a decimal point instead, as some locales write it."""
    return value.replace(",", ".") if isinstance(value, str) and "," in value and _DECIMAL_COMMA.match(value) else value
