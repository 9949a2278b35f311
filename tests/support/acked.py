"""Drivers that keep sending, what was acked of them, and for how long nothing was."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from clients.driver import DriverClient

INTERVAL = 0.1
"""Seconds between two fixes of a driver."""

LONGEST = 0.2
"""Seconds until a driver connects again, at most."""

SETTLED = 60.0
"""Seconds without a new row after which no more are expected."""


class Drivers:
    """``count`` drivers on sockets of their own. The fix of number n was recorded n intervals after the start.
    ``bearer``: the token of the driver of an id. ``group``: its group, of which gaps are measured, too."""

    def __init__(
        self,
        url: str,
        count: int,
        *,
        name: str = "driver",
        interval: float = INTERVAL,
        bearer: Callable[[str], str | None] = lambda driver_id: None,
        group: Callable[[str], str] = lambda driver_id: "",
    ) -> None:
        self.ids, self._interval = [f"{name}-{number}" for number in range(count)], interval
        self.clients = [DriverClient(url, driver_id, bearer(driver_id)) for driver_id in self.ids]
        for client in self.clients:
            client.link._longest = LONGEST
        self.sent = [0] * count
        # The longest time without any ack, and without an ack of one driver, in seconds.
        self.gap = self.longest = 0.0
        self._groups: dict[str, list[int]] = {}
        for number, driver_id in enumerate(self.ids):
            self._groups.setdefault(group(driver_id), []).append(number)
        # Group -> the longest time without any ack of it.
        self.gaps = dict.fromkeys(self._groups, 0.0)
        self._tasks: list[asyncio.Task[None]] = []
        self._start = datetime.now(UTC).replace(microsecond=0)

    @classmethod
    @contextlib.asynccontextmanager
    async def at(cls, url: str, count: int, **options: Any) -> AsyncIterator[Drivers]:
        """Drivers that send until the end of the block."""
        self = cls(url, count, **options)
        async with contextlib.AsyncExitStack() as stack:
            for client in self.clients:
                await stack.enter_async_context(client)
            tasks = [asyncio.create_task(self._send(number)) for number in range(count)]
            tasks.append(asyncio.create_task(self._watch()))
            self._tasks = tasks
            try:
                yield self
            finally:
                await self.stop()

    async def stop(self) -> None:
        """Send no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    async def _send(self, number: int) -> None:
        await asyncio.sleep(self._interval * number / len(self.clients))
        while True:
            self.sent[number] += 1
            at = self._start + timedelta(seconds=self.sent[number] * self._interval)
            await self.clients[number].send(25 + number / 1000, 55, recorded_at=at)
            await asyncio.sleep(self._interval)

    async def _watch(self) -> None:
        acked = [client.acked_through for client in self.clients]
        last = [time.monotonic()] * len(acked)
        while True:
            await asyncio.sleep(0.01)
            now = time.monotonic()
            for number, client in enumerate(self.clients):
                if client.acked_through != acked[number]:
                    acked[number], last[number] = client.acked_through, now
            self.gap = max(self.gap, now - max(last))
            self.longest = max(self.longest, now - min(last))
            for group, members in self._groups.items():
                self.gaps[group] = max(self.gaps[group], now - max(last[number] for number in members))

    def from_now(self) -> None:
        """Measure gaps from now on."""
        self.gap = self.longest = 0.0
        self.gaps = dict.fromkeys(self._groups, 0.0)

    @property
    def acked(self) -> int:
        return sum(client.acked_through for client in self.clients)

    async def flush(self) -> None:
        """Send no more, and wait until all that was sent is acked."""
        await self.stop()
        async with asyncio.timeout(60):
            for client in self.clients:
                await client.flush()

    @staticmethod
    async def recorded(database_url: str) -> None:
        """Wait until the recorder is at work."""
        connection = await asyncpg.connect(database_url)
        try:
            async with asyncio.timeout(60):
                while not await connection.fetchval("SELECT count(*) FROM positions"):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        finally:
            await connection.close()

    async def missing(self, database_url: str) -> int:
        """How many acked positions PostgreSQL does not have once it stores no more of them; each is there once."""
        connection = await asyncpg.connect(database_url)
        try:
            before, since = -1, time.monotonic()
            while (missing := await self._missing(connection)) and time.monotonic() - since < SETTLED:
                if missing != before:
                    before, since = missing, time.monotonic()
                await asyncio.sleep(1)
            return missing
        finally:
            await connection.close()

    async def _missing(self, connection: asyncpg.Connection) -> int:
        rows = await connection.fetch(
            "SELECT driver_id, recorded_at FROM positions WHERE driver_id = ANY($1)", self.ids
        )
        found = {tuple(row) for row in rows}
        assert len(rows) == len(found)
        return sum(
            (self.ids[number], self._start + timedelta(seconds=n * self._interval)) not in found
            for number, client in enumerate(self.clients)
            for n in range(1, client.acked_through + 1)
        )
