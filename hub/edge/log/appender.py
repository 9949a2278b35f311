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
from hub.edge.ops.figures import LIVE_BOUNDS, Histogram
from hub.logs import Action, get_logger
from hub.stores.reasons import reason
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.log_writer import append, has_entry
from hub.wire.layout import ONLY, Partition

log = get_logger()

RETRY_MOST = 1.0
"""Seconds between tries while Redis is away: acks resume well within 3 s of its return (P6)."""


class Appender:
    """The only writer of a partition of the log. ``wake`` it when something was added to ``unlogged``. ``logged`` is
    called with each batch that is in the log, after its acks."""

    def __init__(
        self,
        hub: Hub,
        unlogged: Unlogged,
        redis: Redis,
        linger: float,
        logged: Callable[[Batch], None] = lambda batch: None,
        clock: SystemClock = SYSTEM,
        partition: Partition = ONLY,
    ) -> None:
        self.hub, self.unlogged, self.redis, self.linger = hub, unlogged, redis, linger
        self.logged, self._monotonic, self._partition = logged, clock.monotonic, partition
        self.problem: str | None = None
        self.entries = 0
        self.positions = 0
        # From the end of the turn in which the first position of a batch came until the batch is in the log.
        self.latency = Histogram(LIVE_BOUNDS)
        self._awake = asyncio.Event()
        self._marking = False

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

    async def run(self) -> None:
        """Append batches until cancelled. A batch is tried until it is in the log."""
        while True:
            await self._awake.wait()
            self._awake.clear()
            if self._marking:
                self._marking = False
                await self._append(Batch())
            while (batch := self.unlogged.take()) is not None:
                if batch.size or batch.removed or batch.restored:
                    await self._append(batch)
                self._acknowledge(batch)
                self.unlogged.settle(batch)
                self.logged(batch)
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

    async def _append(self, batch: Batch) -> None:
        wait = 0.05
        while True:
            try:
                entry_id = await append(self.redis, self.hub.epoch, batch, self.positions, self._partition)
            except UNAVAILABLE as error:
                if self.problem is None:
                    log.warning(Action.LOG_UNAVAILABLE, error=type(error).__name__, detail=str(error)[:200])
                self.problem = f"the log does not answer: {reason(error)}"
                self.unlogged.away = True
                await self.redis.connection_pool.disconnect()
                await asyncio.sleep(wait * random.uniform(0.5, 1))
                wait = min(RETRY_MOST, wait * 2)
                continue
            if self.problem is not None:
                log.info(Action.LOG_AVAILABLE, unlogged=self.unlogged.size)
                self.problem = None
                self.unlogged.away = False
            # Ids of several partitions are not in one order.
            if entry_id is not None and self._partition is ONLY:
                _number(batch, entry_number(entry_id))
            self.entries += has_entry(batch)
            self.positions += batch.size
            if batch.since is not None:
                self.latency.observe(self._monotonic() - batch.since)
            return

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


def _number(batch: Batch, entry: int) -> None:
    """Note the entry of the newest live positions, from which clients resume at any node."""
    for latest in batch.latest.values():
        for update, _ in latest.values():
            update.entry = entry
