"""Turns of the loop: positions of one turn are flushed together at its end, and wake the appender."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hub.clock import SYSTEM, SystemClock
from hub.core.live.hub import Hub
from hub.core.live.partitioned import Partitioned
from hub.core.live.unlogged import Unlogged
from hub.edge.ops.figures import LIVE_BOUNDS, Histogram

WRITE_COST = 6e-6
"""Seconds that a write to a socket takes, most of it in the kernel (measured; any machine of these years is close)."""

PAUSE_FACTOR = 2
"""After a flush, small batches wait this multiple of its duration: writes take a third of a core at most, and one
position in a quiet fleet does not wait at all."""

LONGEST_PAUSE = 0.004
"""Seconds."""

LARGE_BATCH = 8
"""Positions from which on a flush does not wait; under load each turn has as many."""


class Turns:
    """Flushes of one node. ``wake`` tells the appender that positions wait."""

    __slots__ = ("_flush_pending", "_hub", "_loop", "_monotonic", "_pause_until", "_pausing", "_unlogged",
    "_waits_since", "_wake", "count", "latency")  # fmt: skip

    def __init__(
        self, hub: Hub, unlogged: Unlogged | Partitioned, wake: Callable[[], None], clock: SystemClock = SYSTEM
    ) -> None:
        self._hub, self._unlogged, self._wake, self._monotonic = hub, unlogged, wake, clock.monotonic
        self.count = 0
        """Turns in which something was published."""
        self.latency = Histogram(LIVE_BOUNDS)
        """Seconds from the first publication of each flush to its end."""
        self._waits_since: float | None = None
        self._flush_pending = False
        self._pausing = False
        self._pause_until = 0.0
        self._loop = asyncio.get_running_loop()

    def publish(self) -> None:
        """Something was published: flush at the end of this turn of the loop."""
        if not self._flush_pending:
            self._flush_pending = True
            if self._waits_since is None:
                self._waits_since = self._monotonic()  # the loop's own clock stands still during a turn
            self._loop.call_soon(self._end)

    def _end(self) -> None:
        self._flush_pending = False
        self.count += 1
        now = self._loop.time()
        if now >= self._pause_until or self._hub.broadcaster.waiting >= LARGE_BATCH:
            self._flush()
        elif not self._pausing:
            self._pausing = True
            self._loop.call_at(self._pause_until, self._end_pause)
        if self._unlogged.waiting:
            self._wake()

    def _flush(self) -> None:
        broadcaster = self._hub.broadcaster
        before = broadcaster.writes
        broadcaster.flush()
        cost = (broadcaster.writes - before) * WRITE_COST
        self._pause_until = self._loop.time() + min(LONGEST_PAUSE, cost * PAUSE_FACTOR)
        if self._waits_since is not None:
            self.latency.observe(self._monotonic() - self._waits_since)
            self._waits_since = None

    def _end_pause(self) -> None:
        self._pausing = False
        self._flush()
