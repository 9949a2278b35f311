"""The machine's clocks as one object, passed to every part that needs the time; a simulation passes its own."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """Unix time, which an operator may set, and a monotonic time in seconds for durations."""

    __slots__ = ()

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)


SYSTEM = SystemClock()
"""The default of every part that takes a clock."""
