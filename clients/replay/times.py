"""Times as loggers write them.

A time without a zone is UTC: GPX 1.1 requires it, receivers count in it, and the phone paths read it so. The reader
counts such times, and ``hub replay`` prints the number, because a spreadsheet may have written local time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from hub.wire.readings import number

EARLIEST = datetime(1980, 1, 6, tzinfo=UTC)
"""The first day of GPS time. An earlier time is a clock that was never set, such as 0 or 1970."""

SECONDS_BELOW = 2**31
"""A larger number counts milliseconds, microseconds or nanoseconds, as on the socket (docs/protocol.md)."""

_DATE = r"(?:(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}))"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?)?"
_ZONE = r"(?P<zone>Z|UTC|GMT|(?P<sign>[-+])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?)?"
_TIME = re.compile(rf"{_DATE}(?:T|\s+|\s*,\s*){_CLOCK}\s*{_ZONE}\Z", re.IGNORECASE | re.ASCII)
_COMPACT = re.compile(r"\A(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)(?!\d)(.*)\Z", re.IGNORECASE | re.ASCII)


class Instant(NamedTuple):
    """A time; ``zoned`` is false where UTC was assumed."""

    at: datetime
    zoned: bool


def instant(value: object) -> Instant:
    """A time from RFC 3339 and its kin, ``dd.mm.yyyy hh:mm:ss``, or a number of seconds or milliseconds since 1970.

    ``11/12/2026`` is refused: the order of day and month is unknown. Second 60, a leap second, is the next second.
    Raises ``ValueError`` for anything else.
    """
    found = _instant(value)
    if found.at < EARLIEST:
        raise ValueError("before 1980")
    return found


def _instant(value: object) -> Instant:
    text = value.strip() if isinstance(value, str) else ""
    text = re.sub(_COMPACT, r"\1-\2-\3T\4:\5:\6\7", text)
    match = _TIME.match(text)
    try:
        if match:
            return _written(match)
        seconds = number(text.replace(",", ".") if isinstance(value, str) else value)
        if seconds is None:
            raise ValueError("not a time")
        for _ in range(3):
            seconds = seconds / 1000 if seconds >= SECONDS_BELOW else seconds
        return Instant(datetime.fromtimestamp(round(seconds, 6), UTC), True)
    except (OSError, OverflowError) as error:
        raise ValueError("out of range") from error


def _written(match: re.Match[str]) -> Instant:
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError("not a time of day")
    year, month, day = (
        int(match[long] or match[short]) for long, short in (("year", "y"), ("month", "m"), ("day", "d"))
    )
    zone: tzinfo = UTC
    if match["sign"]:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        zone = timezone(-offset if match["sign"] == "-" else offset)
    fraction = round(float(f"0.{match['fraction'] or 0}"), 6)
    clock = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=round(fraction * 1e6))
    at = datetime(year, month, day, tzinfo=zone) + clock
    return Instant(at.astimezone(UTC), match["zone"] is not None)
