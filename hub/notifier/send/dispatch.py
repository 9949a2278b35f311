"""Finds channels with something to send, and sends: each channel in one process only, all of them side by side."""

from __future__ import annotations

import asyncio
import contextlib
from uuid import UUID

from hub.clock import SystemClock
from hub.notifier.send.exclusive import Exclusive
from hub.notifier.send.lanes import Lanes
from hub.notifier.send.sender import Sender
from hub.settings import Settings
from hub.stores.postgres.alerts import channels
from hub.stores.postgres.alerts.waking import SEND, listen
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.pool import Pool

POLL = 0.5
"""Seconds between two looks for another try that is due; PostgreSQL notifies of new deliveries."""

REST = 1.0
"""Seconds until a channel is looked at again that had nothing to send after all: its due deliveries wait behind others
of their lane."""


class Dispatch:
    """The channels that this process sends through. ``connection`` has the locks; nothing else may use it meanwhile."""

    def __init__(
        self, settings: Settings, pool: Pool, sender: Sender, connection: Connection, clock: SystemClock
    ) -> None:
        self._settings, self._pool, self._sender, self._clock = settings, pool, sender, clock
        self._connection = connection
        self._channels = Exclusive(connection, channels.lock, channels.unlock, "sending")
        self._rests: dict[UUID, float] = {}
        self._turn = asyncio.Event()

    async def run(self) -> None:
        """Send until cancelled. Raises errors of PostgreSQL; then the locks may be lost, and nothing more is sent."""
        await listen(self._connection, SEND, self._added)
        try:
            while True:
                self._turn.clear()
                await self._round()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._turn.wait()
        finally:
            await self._channels.end()

    def _added(self) -> None:
        """Deliveries were added, perhaps to a channel that has just found that it has none."""
        self._rests.clear()
        self._turn.set()

    async def _round(self) -> None:
        await self._channels.collect()
        now = self._clock.monotonic()
        for id in await channels.due(self._connection, self._clock.now()):
            if self._rests.get(id, 0.0) > now:
                continue
            lanes = Lanes(self._settings, self._pool, self._sender, self._clock, id)
            if task := await self._channels.start(id, lanes.run):
                task.add_done_callback(lambda _: self._turn.set())
                self._rests[id] = now + REST
