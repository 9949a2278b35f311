"""Group commit: positions that arrive during one transaction go into the next; then the acks."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from redis.asyncio import Redis

from hub.clock import SYSTEM, SystemClock
from hub.core.live.hub import Hub
from hub.core.live.log_place import entry_number
from hub.core.live.unlogged import Batch, Unlogged
from hub.core.messages import Ack
from hub.edge.log.retained import Acked, Retained, find_latest
from hub.edge.ops.figures import LIVE_BOUNDS, Histogram
from hub.logs import Action, get_logger, listed
from hub.stores.reasons import reason
from hub.stores.redis.connection import UNAVAILABLE, connections_made, disconnect
from hub.stores.redis.line import Line
from hub.stores.redis.log.replicas import NO_COPIES, Copies, TooFewReplicas
from hub.stores.redis.log.state import stored
from hub.stores.redis.log.writer import append, append_whole, has_entry, is_copied, is_there
from hub.tracing import process as tracing
from hub.wire.layout import ONLY, Partition

log = get_logger()

RETRY_MOST = 1.0
"""Seconds between tries while Redis is away: acks resume well within 3 s of its return (P6)."""


class Appender:
    """The only writer of a partition of the log. ``wake`` it when something was added to ``unlogged``. ``logged`` is
    called with each batch that is in the log, after its acks. ``copies``: the replicas that need a batch before its
    acks.

    Acked positions are kept until PostgreSQL has them (``retained``). If Redis has lost them, as in a failover, they
    are appended again, with their old numbers."""

    def __init__(
        self,
        hub: Hub,
        unlogged: Unlogged,
        redis: Redis,
        linger: float,
        logged: Callable[[Batch], None] = lambda batch: None,
        clock: SystemClock = SYSTEM,
        copies: Copies = NO_COPIES,
        partition: Partition = ONLY,
    ) -> None:
        self.hub, self.unlogged, self.redis, self.linger = hub, unlogged, redis, linger
        self.logged, self._monotonic, self.copies = logged, clock.monotonic, copies
        self._partition, self._line = partition, Line(redis)
        self.retained = Retained(unlogged.limit)
        self.problem: str | None = None
        # Why the log is not on its replicas, in words.
        self.uncopied: str | None = None
        self.entries = 0
        self.positions = 0
        self.appended_again = 0
        # From the end of the turn in which the first position of a batch came until the batch is in the log.
        self.latency = Histogram(LIVE_BOUNDS)
        self._awake = asyncio.Event()
        self._marking = False
        # Whether the log may have lost acked positions.
        self._doubtful = False
        self._connections = 0
        # Losses found by the recorder, and up to which of them the log is restored.
        self._damages = self._repaired = 0

    def wake(self) -> None:
        waiting = self.unlogged.waiting
        if waiting and waiting[-1].since is None:
            waiting[-1].since = self._monotonic()
        self._awake.set()

    def mark(self) -> None:
        """Append an entry without positions: its numbers tell the recorder how many came before, even if no
        driver sends again."""
        self._marking = True
        self._awake.set()

    def restore(self) -> None:
        """Append again what is retained: the recorder has found that the log lost entries."""
        self._damages += 1
        self._doubtful = True
        self._awake.set()

    def stored(self, numbers: dict[str, int]) -> None:
        """Forget retained positions that PostgreSQL has: hub process -> number of its first positions. After a
        reconnect, check the log also if nothing is sent."""
        self.retained.stored(numbers.get(self.hub.epoch, 0))
        if len(self.retained) and connections_made(self.redis) != self._connections:
            self._doubtful = True
            self._awake.set()

    @property
    def doubtful(self) -> bool:
        """Whether it has not been checked yet that the log has what was acked."""
        return self._doubtful

    @property
    def retained_positions(self) -> int:
        """Acked positions that are kept until they are stored."""
        return self.retained.size

    @property
    def away(self) -> str | None:
        """Why nothing is acked, in a few words; None while positions are."""
        if self.problem is not None:
            return "the log does not answer"
        return "the log has too few replicas" if self.uncopied else None

    async def run(self) -> None:
        """Append batches until cancelled. A batch is tried until it is in the log."""
        while True:
            await self._awake.wait()
            self._awake.clear()
            if self._doubtful:
                await self._append(None)
            if self._marking:
                self._marking = False
                await self._append(Batch())
            while (batch := self.unlogged.take()) is not None:
                before, entry_id = self.positions, None
                if batch.size or batch.removed or batch.restored:
                    entry_id = await self._append(batch)
                self._acknowledge(batch)
                self.unlogged.settle(batch)
                self.logged(batch)
                self.retained.keep(before, entry_id, batch)
                # A short pause lets the next batch grow: a transaction costs the hub's core as much as many positions.
                await asyncio.sleep(self.linger)

    async def drained(self, patience: float) -> bool:
        """Wait until everything is in the log and acked; False when it took longer than ``patience`` seconds."""
        try:
            async with asyncio.timeout(patience):
                while self.unlogged.size:  # noqa: ASYNC110 - asked once, at the end
                    await asyncio.sleep(0.01)
        except TimeoutError:
            return False
        return True

    async def _append(self, batch: Batch | None) -> str | None:
        """Append a batch, or only restore the log, however long it takes. Returns the id of the entry."""
        wait: float = 0.05
        entry_id: str | None = None
        while True:
            try:
                if self._doubtful:
                    await self._restore()
                if batch is not None:
                    entry_id = await self._write(batch, entry_id)
                if connections_made(self.redis) != self._connections:
                    # Perhaps with another server, after a failover.
                    await self._restore()
            except TooFewReplicas as error:
                entry_id = error.entry_id
                if self.uncopied is None:
                    log.warning(Action.LOG_REPLICAS_MISSING, problem=str(error))
                self.problem, self.uncopied = None, f"nothing is acked: {error} (HUB_LOG_REPLICAS)"
                self.unlogged.away = self.away
            except UNAVAILABLE as error:
                if self.problem is None:
                    log.warning(Action.LOG_UNAVAILABLE, error=type(error).__name__, detail=str(error)[:200])
                self.problem, self.uncopied = f"the log does not answer: {reason(error)}", None
                self.unlogged.away = self.away
                self._doubtful = True
                await disconnect(self.redis)
            else:
                break
            await asyncio.sleep(wait * random.uniform(0.5, 1))
            wait = min(RETRY_MOST, wait * 2)
        if self.problem is not None or self.uncopied is not None:
            log.info(Action.LOG_AVAILABLE, unlogged=self.unlogged.size)
            self.problem = self.uncopied = self.unlogged.away = None
        if batch is not None:
            self._number(batch, entry_id)
            self.entries += has_entry(batch)
            self.positions += batch.size
            if batch.traces:
                log.debug(Action.LOG_APPENDED, entry_id=entry_id, positions=batch.size, **listed(batch.traces))
                seconds = self._monotonic() - (batch.since or self._monotonic())
                tracing.each("append", "producer", batch.traces, seconds, hub_entry=entry_id or "")
            if batch.since is not None:
                self.latency.observe(self._monotonic() - batch.since)
        return entry_id

    async def _write(self, batch: Batch, entry_id: str | None) -> str | None:
        """Append a batch, unless its entry ``entry_id`` is in the log and only lacks replicas."""
        epoch, before = self.hub.epoch, self.positions
        if entry_id and await is_copied(self._line, epoch, batch, before, entry_id, self.copies, self._partition):
            return entry_id
        return await append(self._line, epoch, batch, before, self.copies, self._partition)

    async def _restore(self) -> None:
        """Append retained positions again unless the log has them. Raises one of ``UNAVAILABLE``; then it is to be
        repeated. It does not wait for replicas: the next batch does."""
        self._doubtful, retained, epoch = True, self.retained, self.hub.epoch
        damages = self._damages
        numbers = await stored(self.redis, self._partition)
        self._connections = connections_made(self.redis)
        retained.stored(numbers.get(epoch, 0))
        last = retained.last
        log_key = self._partition.log
        there = last is None or await is_there(self._line, epoch, last.batch, last.before, last.entry_id or "", log_key)
        if damages != self._repaired or not there:
            again, size = [], retained.size
            for before, batch in retained.joined(self.unlogged.entry):
                find_latest(self.hub, batch)
                entry_id = await append(self._line, epoch, batch, before, partition=self._partition, again=True)
                self._number(batch, entry_id)
                batch.latest = {}
                again.append(Acked(before, entry_id, batch))
            retained.replace(again)
            await append_whole(self._line, epoch, self.positions, log_key)
            if size:
                self.appended_again += size
                log.warning(Action.LOG_APPENDED_AGAIN, positions=size)
        self._repaired, self._doubtful = damages, damages != self._damages

    def _acknowledge(self, batch: Batch) -> None:
        """Send the acks of a batch, and answer its HTTP requests.

        Only after Redis has answered the transaction that appended the batch: its entry is then in the append-only
        file as durably as ``appendfsync`` says. Batches of a partition are appended in the order of arrival, one at a
        time, so everything that a client sent before ``msg_no`` is in this batch or an earlier one, or was answered
        with an error; ``PartBatch`` waits for that in other partitions. Clients that have disconnected get no ack, and
        send again.
        """
        clients, message = self.hub.clients, self.hub.message
        for client, msg_no in batch.confirmed():
            if client.id in clients:
                client.send(message(Ack(msg_no)))
        for waiter in batch.waiters:
            waiter()

    def _number(self, batch: Batch, entry_id: str | None) -> None:
        """Note the entry of the newest live positions, from which clients resume at any node. All drivers of a fleet
        are in one partition, so their entries are in one order."""
        if entry_id is None:
            return
        entry = entry_number(entry_id)
        for latest in batch.latest.values():
            for update, _ in latest.values():
                update.entry = entry
