"""What a report is asked for: its drivers and its days, in the time zone of the fleet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from hub.core.alerts.rules import Overspeed
from hub.core.time_zones import zone

ONE_DAY = timedelta(days=1)

LAST_DAY = date.max - ONE_DAY
"""The day after it has a beginning, too, in every time zone."""

HOLD = Overspeed(limit=2.0).hold
"""Seconds that a stretch above a speed limit lasts at least, as for the rule ``overspeed``."""


class Asked(Struct, frozen=True, kw_only=True):
    """``since`` and ``until`` are days, both included. ``drivers``: None for all of the fleet. ``speed_limit`` in
    metres per second and ``speed_for`` in seconds are for the report of speeding."""

    kind: str
    fleet: str
    since: date
    until: date
    time_zone: str
    drivers: list[str] | None = None
    speed_limit: float | None = None
    speed_for: float = HOLD

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The first instant of the first day, and that after the last day, in UTC."""
        return begin(self.since, self.time_zone), begin(self.until + ONE_DAY, self.time_zone)

    @property
    def file_name(self) -> str:
        """Name of a file without its extension."""
        return f"{self.kind}-{self.since}-{self.until}"


def begin(day: date, time_zone: str) -> datetime:
    """The beginning of a day in UTC. Raises ``OverflowError`` for the first and last days of the calendar."""
    return datetime.combine(day, time.min, zone(time_zone)).astimezone(UTC)
