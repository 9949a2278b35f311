"""The loop: read the log from the committed offset, commit, go on; on any trouble, start again from the offset."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from datetime import UTC, datetime

import asyncpg
import redis

from hub.core.trips.state import TripRules
from hub.logs import Action, get_logger
from hub.recorder.announce import Announcer
from hub.recorder.batch import Batch
from hub.recorder.expiry import expire
from hub.recorder.folds.trips import Trips
from hub.recorder.missing import Numbers
from hub.recorder.partitions import Partitions, begin, month_of
from hub.recorder.report import Progress, report
from hub.recorder.store import SQL, Fenced, commit
from hub.settings import Settings
from hub.stores.postgres import connection as postgres
from hub.stores.postgres.migrate import check
from hub.stores.postgres.refusals import refusal
from hub.stores.redis.log_reader import ENTRIES_PER_READ, START, Continuity, LogReader
from hub.wire.log import LOG_KEY

READ_BLOCK = 0.5
"""Seconds that a read waits for the first entry: how soon an idle recorder notices that it shall stop."""

LOCK_POLL = 0.5
"""Seconds between two tries for the lock: how long a standby needs to take over."""

REST = 9
"""After a commit, wait this many times as long as it took (at most ``recorder_max_wait``) before the next one: commits
take a tenth of the time as long as they keep up, and grow with the load instead of multiplying."""

IDLE_CHECK = 5.0
"""Seconds without a commit until the offset is read again: keeps the session alive and notices that it is not."""

MAINTAIN_EVERY = 600.0
"""Seconds between two looks at the partitions and at what is too old."""

BACKOFF_FIRST, BACKOFF_MOST = 0.1, 5.0
"""Seconds before the first try after an error and between later ones; each is drawn from the upper half."""

log = get_logger()


class Recorder:
    """Records the log. ``run`` returns after ``stop`` was called, once the batch at hand is committed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = asyncio.Event()
        self.progress = Progress()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Record until stopped. Services that are away are waited for; nothing else ends the loop."""
        settings = self._settings
        reporting = asyncio.create_task(report(self.progress, settings.redis_url, settings.redis_timeout))
        try:
            await self._sessions()
        finally:
            reporting.cancel()
            with suppress(asyncio.CancelledError):
                await reporting

    async def _sessions(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            commits = self.progress.commits
            try:
                await self._session()
            except Exception as error:
                failures = failures + 1 if self.progress.commits == commits else 1
                pause = min(BACKOFF_MOST, BACKOFF_FIRST * 2 ** min(failures, 10)) * random.uniform(0.5, 1)
                self._note(error, failures, pause)
                await self._pause(pause)

    def _note(self, error: Exception, failures: int, pause: float) -> None:
        if self.progress.state != "standby":  # the one that records reports
            self.progress.state = "retrying"
        self.progress.error = type(error).__name__
        self.progress.retries += 1
        told, self.progress.problem = self.progress.problem, refusal(error) or ""
        if problem := self.progress.problem:
            if problem != told:
                log.error(Action.SCHEMA_REFUSED, problem=problem)
            return
        # The message alone: asyncpg's detail and hint may quote a row.
        what = {"error": type(error).__name__, "message": str(error.args[0] if error.args else "")}
        if isinstance(error, Fenced):
            log.error(Action.RECORDER_FENCED, **what)
        elif isinstance(error, (*postgres.AWAY, redis.RedisError)):
            log.warning(Action.RECORDER_RETRYING, **what, failures=failures, pause=round(pause, 3))
        else:
            # Our own mistake. What is in the log is safe there; going on beats ending, and the alarm is loud.
            log.error(Action.INTERNAL_ERROR, **what, failures=failures, exc_info=error)

    async def _session(self) -> None:
        """One life of both connections. The lock and the transactions share one, so that they end together."""
        settings = self._settings
        connection = await postgres.connect(settings.database_url, role="recorder", patience=settings.database_timeout)
        reader = LogReader(settings.redis_url, timeout=settings.redis_timeout, block=READ_BLOCK)
        announcer = Announcer(connection, settings.redis_url, settings.redis_timeout)
        try:
            if not await self._locked(connection):
                return
            await check(connection)
            await connection.execute(SQL.create_incoming)
            await connection.execute(SQL.create_offset, LOG_KEY)
            state = await connection.fetchrow(SQL.read_state, LOG_KEY)
            offset, numbers = state["last_id"], Numbers.load(state["numbers"], current=state["current"])
            await announcer.begin()
            progress = self.progress
            progress.offset, progress.lost, progress.damaged_at = offset, state["lost"], state["damaged_at"]
            progress.state, progress.error = "recording", ""
            log.info(Action.RECORDER_STARTED, offset=offset)
            await self._record(connection, reader, announcer, offset, numbers)
        finally:
            connection.terminate()
            await reader.close()
            await announcer.close()

    async def _locked(self, connection: asyncpg.Connection) -> bool:
        """Wait until no other recorder holds the lock. False when stopped before."""
        while not await connection.fetchval(SQL.try_lock, LOG_KEY):
            if self.progress.state != "standby":
                self.progress.state = "standby"
                log.info(Action.RECORDER_STANDBY)
            if await self._pause(LOCK_POLL):
                return False
        return True

    async def _start_over(self, connection: asyncpg.Connection, reader: LogReader, offset: str) -> str:
        """The entry ``offset`` is gone: say so, and go on at the beginning of the log, with all that is left in it.

        It was partly read before; the identity of positions sorts that out. How many positions are missing is known
        when the hubs that appended them append again.
        """
        tail_lost = await reader.continuity(offset) is Continuity.TAIL_LOST
        log.error(Action.LOG_TAIL_LOST if tail_lost else Action.LOG_TRIMMED, offset=offset)
        if await connection.execute(SQL.reset_offset, LOG_KEY, offset) != "UPDATE 1":
            raise Fenced(f"the offset is no longer {offset}")
        self.progress.offset, self.progress.damaged_at = START, time.time()
        return START

    async def _record(
        self, connection: asyncpg.Connection, reader: LogReader, announcer: Announcer, offset: str, numbers: Numbers
    ) -> None:
        partitions = Partitions(connection, self._settings.retention_months)
        trips = Trips(trip_rules(self._settings))
        maintained = asked = -MAINTAIN_EVERY
        while not self._stopping.is_set():
            if time.monotonic() - maintained >= MAINTAIN_EVERY:
                now = datetime.now(UTC)
                await partitions.maintain(now)
                await expire(connection, now, horizon(self._settings, now))
                maintained = time.monotonic()
            batch = await self._gather(reader, offset)
            if batch is None:
                offset = await self._start_over(connection, reader, offset)
            elif batch.entries:
                after, batch.gaps = numbers.follow(batch.spans)
                batch.passed = after.dump()
                await partitions.ensure(batch.months(), datetime.now(UTC))
                took, events = await self._commit(connection, trips, batch, offset)
                await announcer.publish(events)
                offset, numbers = batch.last_id, after
                asked = time.monotonic()
                if batch.rows < self._settings.recorder_max_rows:
                    await self._pause(min(took * REST, self._settings.recorder_max_wait))
            elif time.monotonic() - asked >= IDLE_CHECK:
                if await connection.fetchval(SQL.read_offset, LOG_KEY) != offset:
                    raise Fenced(f"the offset is no longer {offset}")
                asked = time.monotonic()
                self.progress.problem = ""

    async def _gather(self, reader: LogReader, offset: str) -> Batch | None:
        """What is in the log now behind ``offset``, up to ``recorder_max_rows``; waits a little when that is nothing.
        None when the entry ``offset`` is gone."""
        batch = Batch()
        entries = await reader.read(offset)
        if entries == []:
            await reader.wait(offset)
            entries = await reader.read(offset)
        if entries is None:
            return None
        while entries:
            batch.add(entries)
            if len(entries) < ENTRIES_PER_READ or batch.rows >= self._settings.recorder_max_rows:
                break
            entries = await reader.read(batch.last_id)  # None: the next gathering says so
        return batch

    async def _commit(
        self, connection: asyncpg.Connection, trips: Trips, batch: Batch, offset: str
    ) -> tuple[float, int]:
        """Commit and keep the books. Returns the seconds that it took, and how many events there are to publish."""
        started = time.monotonic()
        unreadable = len(batch.dead)
        async with connection.transaction():
            inserted = await commit(connection, batch, offset)
            events = await trips.apply(connection, inserted, horizon(self._settings, datetime.now(UTC)))
        took = time.monotonic() - started
        new = sum(len(chunk.positions) for chunk in inserted)
        progress = self.progress
        progress.offset, progress.last_commit = batch.last_id, time.time()
        progress.commits += 1
        progress.problem = ""
        progress.rows += new
        progress.duplicates += batch.rows - new - (len(batch.dead) - unreadable)
        progress.dead_letters += len(batch.dead)
        if batch.gaps:
            progress.lost += batch.lost
            progress.damaged_at = progress.last_commit
        for gap in batch.gaps:
            log.error(Action.LOG_LOST, node=gap.node, positions=gap.positions, lost=progress.lost)
        for letter in batch.dead:
            log.error(Action.DEAD_LETTER, entry_id=letter.entry_id, fleet=letter.fleet, reason=letter.reason)
        log.debug(
            Action.RECORDER_COMMITTED, offset=batch.last_id, entries=batch.entries, rows=batch.rows, new=new,
            seconds=round(took, 4),
        )  # fmt: skip
        return took, events

    async def _pause(self, seconds: float) -> bool:
        """Wait, but not beyond ``stop``. Returns whether we are stopping."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` may lose a cancellation before Python 3.12
                await self._stopping.wait()
        return self._stopping.is_set()


def trip_rules(settings: Settings) -> TripRules:
    return TripRules(
        trip_distance=settings.trip_distance,
        trip_duration=settings.trip_duration,
        stop_duration=settings.stop_duration,
        gap=settings.trip_gap,
    )


def horizon(settings: Settings, now: datetime) -> datetime:
    """Before this, retention may have removed positions that trips were made of."""
    months = settings.retention_months
    return begin(month_of(now) - months) if months else datetime.min.replace(tzinfo=UTC)
