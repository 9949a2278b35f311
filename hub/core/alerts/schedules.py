"""Weekly times in which a rule applies, in the time zone of the people who work by them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from hub.core.time_zones import zone

Day = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]
Clock = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)")]

DAYS: tuple[Day, ...] = ("mo", "tu", "we", "th", "fr", "sa", "su")
ONE_DAY = timedelta(days=1)


class Schedule(Struct, rename={"time_zone": "timeZone", "without": "except"}, forbid_unknown_fields=True):
    """``weekly``: day, from and to. A ``to`` that is not after ``from`` is on the next day. ``except``: days on which
    no interval begins. ``time_zone``: an IANA name."""

    time_zone: Annotated[str, Meta(max_length=64)]
    weekly: Annotated[list[tuple[Day, Clock, Clock]], Meta(min_length=1, max_length=50)]
    without: Annotated[list[date], Meta(max_length=400)] = []

    def check(self) -> None:
        """Raises ``ValueError`` for an unknown time zone."""
        zone(self.time_zone)

    def active(self, at: datetime) -> bool:
        """Whether an instant is inside one of the intervals; ``from`` is, ``to`` is not."""
        # Two days back, because the day on which a clock is set back has 25 hours.
        return any(begin <= at < end for begin, end in self._intervals(at - 2 * ONE_DAY, at))

    def begins(self, after: datetime, until: datetime) -> list[datetime]:
        """The begins of intervals after one instant, up to another."""
        return sorted({begin for begin, _ in self._intervals(after, until) if after < begin <= until})

    def _intervals(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Intervals that begin on the days from the one of ``since`` to that of ``until``, in UTC."""
        here = zone(self.time_zone)
        day, last = since.astimezone(here).date(), until.astimezone(here).date()
        while day <= last:
            for name, begin, end in self.weekly:
                if DAYS[day.weekday()] == name and day not in self.without:
                    closing = day if _minutes(end) > _minutes(begin) else day + ONE_DAY
                    yield self._instant(day, begin), self._instant(closing, end)
            day += ONE_DAY

    def _instant(self, day: date, clock: str) -> datetime:
        minutes = _minutes(clock)
        at = datetime.combine(day, time(tzinfo=zone(self.time_zone)))
        # On the wall clock: 08:00 is 08:00 also on the day on which the clock changes.
        return (at + timedelta(minutes=minutes)).astimezone(UTC)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
