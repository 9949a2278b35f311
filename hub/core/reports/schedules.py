"""When a report is sent by schedule, and which days it is of. The days before the day on which it is sent, by the time
zone of the schedule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from hub.core.reports.asked import ONE_DAY
from hub.core.time_zones import zone

Period = Literal["day", "week", "month"]


def ends(period: Period, day: date) -> bool:
    """Whether a period has ended with the day before: weeks end on Sunday."""
    match period:
        case "week":
            return day.weekday() == 0
        case "month":
            return day.day == 1
    return True


def days_of(period: Period, day: date) -> tuple[date, date]:
    """First and last day of the period that ended before a day."""
    last = day - ONE_DAY
    match period:
        case "week":
            return last - timedelta(days=6), last
        case "month":
            return last.replace(day=1), last
    return last, last


def next_run(period: Period, clock: str, time_zone: str, after: datetime) -> datetime:
    """The first time after an instant at which a report is due, in UTC. ``clock`` is ``HH:MM``."""
    day = after.astimezone(zone(time_zone)).date()
    while not (ends(period, day) and _instant(day, clock, time_zone) > after):
        day += ONE_DAY
    return _instant(day, clock, time_zone)


def last_run(period: Period, clock: str, time_zone: str, until: datetime) -> datetime:
    """The last time up to an instant at which a report was due, in UTC."""
    day = until.astimezone(zone(time_zone)).date()
    while not (ends(period, day) and _instant(day, clock, time_zone) <= until):
        day -= ONE_DAY
    return _instant(day, clock, time_zone)


def _instant(day: date, clock: str, time_zone: str) -> datetime:
    """A time on the wall clock. One that the clocks leave out is an hour later; of one that they repeat it is the
    first."""
    at = time(int(clock[:2]), int(clock[3:]))
    return datetime.combine(day, at, zone(time_zone)).astimezone(UTC)
