"""The loop: read the log from the committed offset, commit, repeat; after any error, start again from the offset."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress

from hub.clock import SYSTEM, SystemClock
from hub.core.traces import traceparents_in
from hub.logs import Action, get_logger, listed
from hub.recorder.announce import Announcer
from hub.recorder.batch import Batch
from hub.recorder.commit import commit, idle
from hub.recorder.erasing import Eraser
from hub.recorder.folding import Folding
from hub.recorder.folds import FOLDS
from hub.recorder.folds.base import Fold
from hub.recorder.missing import Numbers
from hub.recorder.report import Progress, report
from hub.recorder.retention import Retention
from hub.recorder.upkeep import maintain
from hub.settings import Settings
from hub.stores.postgres.connection import AWAY, Connection, connect
from hub.stores.postgres.history import events, offsets, positions
from hub.stores.postgres.history.offsets import Fenced
from hub.stores.postgres.history.partitions import Partitions
from hub.stores.postgres.history.retentions import retentions
from hub.stores.postgres.migrate import check
from hub.stores.postgres.refusals import refusal
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.log.reader import ENTRIES_PER_READ, START, Continuity, LogReader
from hub.tracing import process as tracing
from hub.wire.layout import ONE, Layout

READ_BLOCK = 0.5
"""Seconds that a read waits for the first entry: the time in which an idle recorder notices `stop`."""

LOCK_POLL = 0.5
"""Seconds between two tries for the lock: the time in which a standby takes over."""

PAUSE_FACTOR = 9
"""After a commit, the recorder pauses for this many times the duration of the commit (at most ``recorder_max_wait``).
So commits take a tenth of the time while they keep up, and get larger with the load instead of more frequent."""

IDLE_CHECK = 5.0
"""Seconds without a commit after which the offset is read: this keeps the session alive, and shows if it is not."""

ERASE_EVERY = 1.0
"""Seconds between two looks for requests of erasure; each commit looks, too."""

BARE = 10.0
"""Seconds after an erasure for which the log keeps no committed entries: hubs append one after it within a second, and
what came before goes with the next trimming."""

MAINTAIN_EVERY = 600.0
"""Seconds between two rounds of upkeep: partitions, expiry, and another try of folds that failed."""

MAINTENANCE = "maintenance"
"""Name of the lock of the recorder that does this for all."""

BACKOFF_FIRST, BACKOFF_MOST = 0.1, 5.0
"""Shortest and longest pause in seconds before the next try after an error; drawn from the upper half of each."""

log = get_logger()


class Recorder:
    """Records a partition of the log. ``run`` returns after ``stop`` was called, when the current batch is
    committed."""

    def __init__(
        self,
        settings: Settings,
        clock: SystemClock = SYSTEM,
        folds: Sequence[type[Fold]] = FOLDS,
        *,
        layout: Layout = ONE,
        number: int = 0,
        standby: bool = True,
    ) -> None:
        """``number``: of the partition. ``standby``: wait while another recorder has it, instead of ending."""
        self._settings, self._clock, self._folds = settings, clock, folds
        self._layout, self._partition, self._standby = layout, layout.partitions[number], standby
        self._log = self._partition.log
        self._stopping = asyncio.Event()
        self.progress = Progress()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Record until stopped. No error ends the loop."""
        settings = self._settings
        reporting = asyncio.create_task(
            report(self.progress, settings.redis_url, settings.redis_timeout, self._clock, self._partition)
        )
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
        if self.progress.state != "standby":  # then another recorder reports
            self.progress.state = "retrying"
        self.progress.error = type(error).__name__
        self.progress.retries += 1
        told, self.progress.problem = self.progress.problem, refusal(error) or ""
        if problem := self.progress.problem:
            if problem != told:
                log.error(Action.SCHEMA_REFUSED, problem=problem)
            return
        # Without asyncpg's detail and hint, which may quote a row.
        what = {"error": type(error).__name__, "message": str(error.args[0] if error.args else "")}
        if isinstance(error, Fenced):
            log.error(Action.RECORDER_FENCED, **what)
        elif isinstance(error, (*AWAY, *UNAVAILABLE)):
            log.warning(Action.RECORDER_RETRYING, **what, failures=failures, pause=round(pause, 3))
        else:
            # A bug. The log keeps what is not committed, so the recorder tries again instead of ending.
            log.error(Action.INTERNAL_ERROR, **what, failures=failures, exc_info=error)

    async def _session(self) -> None:
        """Record with one connection to PostgreSQL, which has the lock and the transactions so that both end
        together."""
        settings = self._settings
        connection = await connect(settings.database_url, role="recorder", patience=settings.database_timeout)
        reader = LogReader(
            settings.redis_url, timeout=settings.redis_timeout, block=READ_BLOCK, partition=self._partition
        )
        announcer = Announcer(connection, settings.redis_url, settings.redis_timeout, self._partition)
        try:
            if not await self._locked(connection):
                return
            await check(connection)
            await positions.prepare(connection)
            await events.prepare(connection, self._log)
            await offsets.create(connection, self._log)
            state = await offsets.state(connection, self._log)
            numbers = Numbers.load(state.numbers, current=state.current)
            self.progress.stored = numbers.stored()
            await announcer.begin()
            progress = self.progress
            progress.offset, progress.lost, progress.damaged_at = state.offset, state.lost, state.damaged_at
            progress.state, progress.error, progress.failing, progress.added = "recording", "", "", None
            log.info(Action.RECORDER_STARTED, offset=state.offset)
            await self._record(connection, reader, announcer, state.offset, numbers)
        finally:
            connection.terminate()
            await reader.close()
            await announcer.close()

    async def _locked(self, connection: Connection) -> bool:
        """Wait for the lock that only one recorder can hold. False if stopped before, or if it has not to wait."""
        while not await offsets.lock(connection, self._log):
            if not self._standby:
                self.stop()
                return False
            if self.progress.state != "standby":
                self.progress.state = "standby"
                log.info(Action.RECORDER_STANDBY)
            if await self._pause(LOCK_POLL):
                return False
        return True

    async def _start_over(self, connection: Connection, reader: LogReader, offset: str) -> str:
        """The entry ``offset`` is missing: log an error and continue at the beginning of the log.

        Part of the log was read before; positions are not stored twice. The number of missing positions is known when
        the hubs that appended them append again."""
        tail_lost = await reader.continuity(offset) is Continuity.TAIL_LOST
        log.error(Action.LOG_TAIL_LOST if tail_lost else Action.LOG_TRIMMED, offset=offset)
        await offsets.reset(connection, self._log, offset)
        self.progress.offset, self.progress.damaged_at = START, self._clock.time()
        self.progress.added = None
        return START

    async def _record(
        self, connection: Connection, reader: LogReader, announcer: Announcer, offset: str, numbers: Numbers
    ) -> None:
        clock, progress, retention = self._clock, self.progress, Retention(self._settings.retention_months)
        partitions = Partitions(connection, retention.months)
        folding = Folding(self._folds, self._settings, self._fleet_is_mine if self._divided else None)
        eraser = Eraser(connection, folding, announcer, self._driver_is_mine)
        await eraser.begin()
        maintained = checked = looked = float("-inf")
        while not self._stopping.is_set():
            if clock.monotonic() - maintained >= MAINTAIN_EVERY:
                now = clock.now()
                retention.own = await retentions(connection)
                # One of the recorders maintains for all, as long as its session lasts.
                if not self._divided or await offsets.lock(connection, MAINTENANCE):
                    await maintain(connection, partitions, retention, self._settings, now)
                else:
                    await partitions.look()
                folding.retry()
                eraser.retry()
                maintained = clock.monotonic()
            if clock.monotonic() - looked >= ERASE_EVERY:
                await eraser.look()
                looked = clock.monotonic()
            if eraser.busy:
                await announcer.publish(await eraser.step(retention.earliest(clock.now())))
                self.progress.bare_until = clock.monotonic() + BARE
            batch = await self._gather(reader, offset, wait=not eraser.busy)
            if batch is None:
                offset = await self._start_over(connection, reader, offset)
            elif batch.entries:
                after = self._count(numbers, batch)
                await partitions.ensure(batch.months(), clock.now())
                seconds, events = await self._commit(connection, folding, eraser, retention, batch, offset)
                await announcer.publish(events)
                offset, numbers = batch.last_id, after
                progress.stored = after.stored()
                checked = clock.monotonic()
                if batch.rows < self._settings.recorder_max_rows:
                    await self._pause(min(seconds * PAUSE_FACTOR, self._settings.recorder_max_wait))
            elif events := await idle(connection, folding, offset, self._log):
                await announcer.publish(events)
            elif clock.monotonic() - checked >= IDLE_CHECK:
                if await offsets.read(connection, self._log) != offset:
                    raise Fenced(f"the offset is no longer {offset}")
                checked = clock.monotonic()
                self.progress.problem = ""

    @property
    def _divided(self) -> bool:
        return len(self._layout.partitions) > 1

    def _fleet_is_mine(self, fleet: str) -> bool:
        return self._layout.of(fleet, "") is self._partition

    def _driver_is_mine(self, fleet: str, driver_id: str) -> bool:
        return not self._divided or self._layout.of(fleet, driver_id) is self._partition

    async def _gather(self, reader: LogReader, offset: str, *, wait: bool) -> Batch | None:
        """Entries of the log after ``offset``, up to ``recorder_max_rows`` positions; waits a little if there are none
        and ``wait``. None if the entry ``offset`` is missing."""
        batch = Batch()
        entries = await reader.read(offset)
        if entries == [] and wait:
            await reader.wait(offset)
            entries = await reader.read(offset)
        if entries is None:
            return None
        while entries:
            batch.add(entries)
            if len(entries) < ENTRIES_PER_READ or batch.rows >= self._settings.recorder_max_rows:
                break
            entries = await reader.read(batch.last_id)  # None: the next call returns it
        return batch

    def _count(self, numbers: Numbers, batch: Batch) -> Numbers:
        """The numbers after a batch, which are stored with it; what is missing is logged."""
        now = self._clock.time()
        after, batch.gaps = numbers.follow(batch.spans, now, batch.reached)
        batch.passed = after.dump()
        for node, missing in after.missing.items():
            if missing.since == now:
                batch.damaged = True
                log.warning(Action.LOG_MISSING, node=node, positions=missing.positions)
        return after

    async def _commit(
        self,
        connection: Connection,
        folding: Folding,
        eraser: Eraser,
        retention: Retention,
        batch: Batch,
        offset: str,
    ) -> tuple[float, int]:
        """Commit, count and log. Returns the duration in seconds, and the number of events to publish."""
        started = self._clock.monotonic()
        unreadable = len(batch.dead)
        new, events = await commit(connection, folding, eraser, retention, batch, offset, self._clock.now(), self._log)
        seconds = self._clock.monotonic() - started
        progress = self.progress
        progress.offset, progress.last_commit = batch.last_id, self._clock.time()
        if progress.added is not None:
            progress.added += batch.entries
        progress.commits += 1
        progress.problem, progress.failing = "", folding.failing()
        progress.rows += new
        progress.duplicates += batch.rows - new - (len(batch.dead) - unreadable)
        progress.dead_letters += len(batch.dead)
        progress.lost += batch.lost
        if batch.damaged or batch.gaps:
            progress.damaged_at = progress.last_commit
        tracing.each("commit", "consumer", batch.traces, seconds, hub_rows=new)
        for gap in batch.gaps:
            log.error(Action.LOG_LOST, node=gap.node, positions=gap.positions, lost=progress.lost)
        for letter in batch.dead:
            found = {"entry_id": letter.entry_id, "fleet": letter.fleet, "reason": letter.reason}
            log.error(Action.DEAD_LETTER, **found, **listed(traceparents_in(letter.payload)))
        log.debug(
            Action.RECORDER_COMMITTED, offset=batch.last_id, entries=batch.entries, rows=batch.rows, new=new,
            seconds=round(seconds, 4), **listed(batch.traces),
        )  # fmt: skip
        return seconds, events

    async def _pause(self, seconds: float) -> bool:
        """Wait, but not beyond ``stop``. Returns whether ``stop`` was called."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` may lose a cancellation before Python 3.12
                await self._stopping.wait()
        return self._stopping.is_set()
