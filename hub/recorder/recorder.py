"""The loop: read the log from the committed offset, commit, go on; on any trouble, start again from the offset."""

from __future__ import annotations

import asyncio
import random
import time

import asyncpg
import redis

from hub.logs import Action, get_logger
from hub.recorder.batch import Batch
from hub.recorder.commit import SQL, Fenced, commit
from hub.settings import Settings
from hub.stores import postgres
from hub.stores.log_reader import ENTRIES_PER_READ, LogReader
from hub.wire.log import LOG_KEY

READ_BLOCK = 0.5
"""Seconds that a read waits for the first entry: how soon an idle recorder notices that it shall stop."""

LOCK_POLL = 0.5
"""Seconds between two tries for the lock: how long a standby needs to take over."""

REST = 4
"""After a commit, wait this many times as long as it took (at most ``recorder_max_wait``) before the next one: commits
take a fifth of the time as long as they keep up, and grow instead of multiplying."""

BACKOFF_FIRST, BACKOFF_MOST = 0.1, 5.0
"""Seconds before the first and the later tries after an error; each is drawn from the upper half."""

AWAY = (redis.RedisError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a service that is away, restarting, slow or locked looks like."""

log = get_logger()


class Recorder:
    """Records one log. ``run`` returns after ``stop`` was called, once the batch at hand is committed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Record until stopped. A service that is away is waited for; nothing else ends the loop."""
        failures = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                await self._session()
            except Fenced as error:
                log.error(Action.RECORDER_FENCED, error=str(error))
            except AWAY as error:
                if time.monotonic() - started > BACKOFF_MOST:
                    failures = 0
                failures += 1
                pause = min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** min(failures, 10)) * random.uniform(0.5, 1)
                log.warning(Action.RECORDER_RETRYING, error=repr(error), failures=failures, pause=round(pause, 3))
                await self._pause(pause)

    async def _session(self) -> None:
        """One life of both connections. The lock and the transactions share one, so that they end together."""
        connection = await postgres.connect(
            self._settings.database_url, role="recorder", timeout=self._settings.database_timeout
        )
        reader = LogReader(self._settings.redis_url, timeout=self._settings.redis_timeout, block=READ_BLOCK)
        try:
            while not await connection.fetchval(SQL.try_lock, LOG_KEY):
                if await self._pause(LOCK_POLL):
                    return
            await connection.execute(SQL.create_incoming)
            await connection.execute(SQL.create_offset, LOG_KEY)
            offset = await connection.fetchval(SQL.read_offset, LOG_KEY)
            log.info(Action.RECORDER_STARTED, offset=offset)
            while not self._stopping.is_set():
                offset = await self._turn(connection, reader, offset)
        finally:
            connection.terminate()
            await reader.close()

    async def _turn(self, connection: asyncpg.Connection, reader: LogReader, offset: str) -> str:
        """Commit what is there, wait for it if nothing is. Returns the new offset."""
        batch = await self._gather(reader, offset)
        if not batch.entries:
            return offset
        started = time.monotonic()
        inserted = await commit(connection, batch, offset)
        took = time.monotonic() - started
        for letter in batch.dead:
            log.error(Action.DEAD_LETTER, entry_id=letter.entry_id, fleet=letter.fleet, reason=letter.reason)
        log.debug(
            Action.RECORDER_COMMITTED, offset=batch.last_id, entries=batch.entries, rows=batch.rows,
            new=sum(len(chunk.positions) for chunk in inserted), seconds=round(took, 4),
        )  # fmt: skip
        if batch.rows < self._settings.recorder_max_rows:
            await self._pause(min(took * REST, self._settings.recorder_max_wait))
        return batch.last_id

    async def _gather(self, reader: LogReader, offset: str) -> Batch:
        batch = Batch()
        entries = await reader.read(offset, wait=True)
        while entries:
            batch.add(entries)
            if len(entries) < ENTRIES_PER_READ or batch.rows >= self._settings.recorder_max_rows:
                break
            entries = await reader.read(batch.last_id, wait=False)
        return batch

    async def _pause(self, seconds: float) -> bool:
        """Wait, but not beyond ``stop``. Returns whether we are stopping."""
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True
