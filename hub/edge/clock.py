"""The hub's time: the system's clock, except that it never goes back."""

from __future__ import annotations

from datetime import UTC, datetime

from hub.clock import SYSTEM, SystemClock

BELIEVED = 86_400.0
"""Seconds. If the clock is set back by more, it was wrong before (a dead battery, no network at boot): the hub follows
at once."""


class Clock:
    """Unix time that runs at half speed after the system's clock was set back, until both agree.

    Otherwise fixes of devices with correct clocks would lie in the hub's future for that time, and be stored without
    being shown; and fixes without a time of their own would all get the same instant."""

    __slots__ = ("_now", "_read", "_system")

    def __init__(self, system: SystemClock = SYSTEM) -> None:
        self._system = system
        self._now, self._read = system.time(), system.monotonic()

    def now(self) -> datetime:
        """The time in UTC; never earlier than before."""
        wall, read = self._system.time(), self._system.monotonic()
        ours = self._now + (read - self._read) / 2
        self._now = wall if wall >= ours or ours - wall > BELIEVED else ours
        self._read = read
        return datetime.fromtimestamp(self._now, UTC)
