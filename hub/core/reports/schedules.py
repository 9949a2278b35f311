"""When a report is sent by schedule, and which days it is of. Days are those of the fleet's time zone, as the rows of a
report; the time of day is that of the schedule's. A report is sent at the first such time after its days have ended.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from hub.core.reports.asked import ONE_DAY, begin
from hub.core.time_zones import zone

Period = Literal["day", "week", "month"]


class Run(NamedTuple):
    """A report that is due ``at`` an instant in UTC, of the days from ``since`` to ``until``."""

    at: datetime
    since: date
    until: date


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


def next_run(period: Period, clock: str, time_zone: str, days_in: str, after: datetime) -> Run:
    """The first report that is due after an instant. ``clock`` is ``HH:MM`` in ``time_zone``; ``days_in`` is the time
    zone of the days."""
    day = after.astimezone(zone(days_in)).date() - ONE_DAY
    while not (ends(period, day) and _instant(day, clock, time_zone, days_in) > after):
        day += ONE_DAY
    return Run(_instant(day, clock, time_zone, days_in), *days_of(period, day))


def last_run(period: Period, clock: str, time_zone: str, days_in: str, until: datetime) -> Run:
    """The last report that was due up to an instant."""
    day = until.astimezone(zone(days_in)).date()
    while not (ends(period, day) and _instant(day, clock, time_zone, days_in) <= until):
        day -= ONE_DAY
    return Run(_instant(day, clock, time_zone, days_in), *days_of(period, day))


def _instant(day: date, clock: str, time_zone: str, days_in: str) -> datetime:
    """The first time on the wall clock since the begin of a day. One that the clocks leave out is an hour later; of one
    that they repeat it is the first."""
    began = begin(day, days_in)
    here = began.astimezone(zone(time_zone)).date()
    at = time(int(clock[:2]), int(clock[3:]))
    instants = (datetime.combine(here + n * ONE_DAY, at, zone(time_zone)).astimezone(UTC) for n in (0, 1, 2))
    return next(instant for instant in instants if instant >= began)
