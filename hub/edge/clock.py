"""The hub's time: the wall clock, except that it never goes back."""

from __future__ import annotations

import time
from datetime import UTC, datetime

BELIEVED = 86_400.0
"""Seconds. Set back by more, the clock was wrong before (a dead battery, no network at boot): that is over at once."""


class Clock:
    """Wall time that runs at half speed after the clock was set back, until both agree.

    Fixes of devices whose clocks are right would otherwise lie in our future for as long, and be stored without being
    shown; and fixes without a time of their own would all be of the same instant.
    """

    __slots__ = ("_now", "_read")

    def __init__(self) -> None:
        self._now, self._read = time.time(), time.monotonic()

    def now(self) -> datetime:
        """The time in UTC; never before what it was."""
        wall, read = time.time(), time.monotonic()
        ours = self._now + (read - self._read) / 2
        self._now = wall if wall >= ours or ours - wall > BELIEVED else ours
        self._read = read
        return datetime.fromtimestamp(self._now, UTC)
