"""Keeps refused payloads of phones: in memory until PostgreSQL has them, so that no answer waits for it.

Payloads wait in memory while PostgreSQL is away, at most ``MAX_WAITING`` bytes; then new ones are dropped, counted and
logged. A hub that is killed loses those of the last second, a hub that is stopped writes them first.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from datetime import timedelta

from hub.clock import SYSTEM, SystemClock
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.history.quarantine import Payload, add_payloads, expire_payloads
from hub.stores.postgres.pool import DatabaseAway, Pool

log = get_logger()

MAX_WAITING = 8 * 1_048_576
"""Bytes that wait in memory: 32 of the longest bodies, or 20,000 usual ones."""

AT_ONCE = 100
"""Payloads in one statement: at most 25 MB."""

PAUSE = 1.0
"""Seconds between two writes, in which payloads gather."""

AWAY_PAUSE = 5.0
"""Seconds until the next try while PostgreSQL is away."""

EXPIRY = 600.0
"""Seconds between two deletions of old payloads."""

LAST_WRITE = 2.0
"""Seconds for the write when the hub stops."""


class Quarantine:
    """``counts``: payloads ``kept`` in PostgreSQL and ``dropped``. ``waiting``: bytes in memory."""

    def __init__(self, settings: Settings, pool: Pool, system: SystemClock = SYSTEM) -> None:
        self.settings, self.pool, self._now = settings, pool, system.now
        self.counts: Counter[str] = Counter(kept=0, dropped=0)
        self.waiting = 0
        self._payloads: deque[Payload] = deque()
        self._wake = asyncio.Event()
        self._unsaid = 0

    def keep(self, payload: Payload) -> bool:
        """Keep a payload; False if it is dropped because too many wait."""
        if self.waiting + payload.size > MAX_WAITING:
            self._drop(1)
            return False
        self._payloads.append(payload)
        self.waiting += payload.size
        self._wake.set()
        return True

    async def run(self) -> None:
        """Write until cancelled."""
        loop = asyncio.get_running_loop()
        expire_at = loop.time()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EXPIRY):
                    await self._wake.wait()
            self._wake.clear()
            self._report()
            try:
                await self._write()
                if loop.time() >= expire_at:
                    await self._expire()
                    expire_at = loop.time() + EXPIRY
                pause = PAUSE
            except DatabaseAway:
                self._wake.set()
                pause = AWAY_PAUSE
            except Exception:
                log.exception(Action.INTERNAL_ERROR, where="quarantine")
                pause = AWAY_PAUSE
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Write what waits, as far as PostgreSQL takes it now."""
        with contextlib.suppress(DatabaseAway, TimeoutError):
            async with asyncio.timeout(LAST_WRITE):
                await self._write()
        self._drop(len(self._payloads))
        self._report()

    async def _write(self) -> None:
        while self._payloads:
            batch = [self._payloads[n] for n in range(min(AT_ONCE, len(self._payloads)))]
            async with self.pool.connection() as connection, connection.transaction():
                await add_payloads(connection, batch, self.settings.quarantine_bytes)
            for payload in batch:
                self._payloads.popleft()
                self.waiting -= payload.size
            self.counts["kept"] += len(batch)

    async def _expire(self) -> None:
        async with self.pool.connection() as connection:
            await expire_payloads(connection, self._now() - timedelta(days=self.settings.quarantine_days))

    def _drop(self, count: int) -> None:
        self.counts["dropped"] += count
        self._unsaid += count
        self._wake.set()

    def _report(self) -> None:
        """One line for all that were dropped since the last."""
        if self._unsaid:
            log.error(Action.QUARANTINE_DROPPED, count=self._unsaid, waiting_bytes=self.waiting)
            self._unsaid = 0
