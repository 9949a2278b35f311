"""The state of the log outside this process: the fill of Redis, and the lag of the recorder."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis

from hub.core.live.partitioned import Partitioned
from hub.core.live.unlogged import Unlogged
from hub.edge.log.safety import LogSafety
from hub.logs import Action, get_logger
from hub.stores.reasons import reason
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.log.state import LogState, read
from hub.wire.layout import ONE, Layout

log = get_logger()

INTERVAL = 1.0
"""Seconds between two checks."""

FAILURES = 2
"""Failed checks in a row before it is reported: a single one may be a reconnect."""


class LogWatch:
    """Closes ``unlogged`` while Redis is fuller than ``max_fill`` (P7): it refuses fixes before Redis runs full, since
    latest positions, the log's offset and other users of Redis need room too. ``max_lag`` is the lag of the recorder
    (seconds) above which it is reported. ``safety`` gets the result of each check."""

    def __init__(
        self,
        redis: Redis,
        unlogged: Unlogged | Partitioned,
        safety: LogSafety,
        max_fill: float,
        max_lag: float,
        layout: Layout = ONE,
    ) -> None:
        self.safety, self.layout = safety, layout
        self.redis, self.unlogged, self.max_fill, self.max_lag = redis, unlogged, max_fill, max_lag
        self.state: LogState | None = None
        # Errors since Redis last answered, and the reason of the last one in words.
        self.failures = 0
        self.error = ""

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                self.state = await read(self.redis, self.layout)
                await self.safety.look(self.state)
            except UNAVAILABLE as error:
                # The known state is out of date.
                self.state = None
                self.safety.forget()
                self.failures += 1
                self.error = reason(error)
            else:
                self.failures = 0
                self._judge(self.state.fill)
            await asyncio.sleep(INTERVAL)

    def _judge(self, fill: float) -> None:
        closed = fill > self.max_fill
        if closed != self.unlogged.closed:
            self.unlogged.closed = closed
            if closed:
                log.error(Action.LOG_FULL, fill=round(fill, 3))
            else:
                log.info(Action.LOG_AVAILABLE, fill=round(fill, 3))

    def problems(self) -> list[str]:
        """Conditions that keep positions from being logged."""
        if self.failures >= FAILURES:
            return [f"Redis does not answer: {self.error}"]
        if self.unlogged.closed and self.state is not None:
            return [f"Redis is {self.state.fill:.0%} full: nothing is acked until the recorder has made room"]
        return []

    def degraded(self) -> list[str]:
        """Problems of history that do not affect live positions."""
        state = self.state
        if state is None:
            return []
        if state.problem:
            return [state.problem]
        if state.lag is None:
            return ["no recorder reports: history is not recorded"]
        lines = []
        if state.lag > self.max_lag:
            lines.append(f"history is {state.lag:.0f} s behind")
        if state.failing:
            lines.append(f"the recorder cannot compute {state.failing}: see fold_failed in its log")
        return lines
