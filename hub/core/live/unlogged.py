"""Positions not yet in the log, and the acks and HTTP requests waiting for them (group commit)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Set
from datetime import datetime

from hub.core.live.client import Client
from hub.core.live.update import Update

RESTORED_AT_ONCE = 500
"""Latest positions that one transaction restores: some ten milliseconds of Redis. More of them, as after a loss of all,
could take longer than the transaction may."""


class Batch:
    """One log entry: encoded positions and the newest live one of each driver, by fleet; pending acks."""

    __slots__ = ("acks", "latest", "payloads", "removed", "restored", "since", "size", "traces", "waiters")

    def __init__(self) -> None:
        self.size = 0
        # When the appender first saw it, in seconds of the appender's clock.
        self.since: float | None = None
        self.payloads: dict[str, list[bytes]] = {}
        self.latest: dict[str, dict[str, tuple[Update, bytes]]] = {}
        # Drivers whose latest position is to be deleted, by fleet, unless it was received after an instant.
        self.removed: dict[str, dict[str, datetime]] = {}
        # Latest positions that an older one may have replaced, by fleet and driver.
        self.restored: dict[str, dict[str, Update]] = {}
        # Client -> the message number to acknowledge; the last one in order of arrival.
        self.acks: dict[Client, int] = {}
        # Called when the batch is durable; they must not raise.
        self.waiters: list[Callable[[], object]] = []
        self.traces: dict[str, None] = {}  # ``traceparent`` of its positions, each once

    def forget(self) -> None:
        """Forget clients and requests, once they have their answers, and latest positions; join the positions of a
        fleet. Objects by position that live for a second take new memory for each, and cost as much as an ack."""
        self.acks, self.waiters, self.traces, self.latest, self.restored = {}, [], {}, {}, {}
        self.payloads = {fleet: [b",".join(payloads)] for fleet, payloads in self.payloads.items()}

    def confirmed(self) -> Iterable[tuple[Client, int]]:
        """The acks that are due now that the batch is durable. Called once."""
        return self.acks.items()


class Unlogged:
    """A bounded queue of batches, at most ``limit`` positions in all and ``entry`` in one batch."""

    __slots__ = ("away", "closed", "entry", "limit", "size", "waiting")

    batch: type[Batch] = Batch

    def __init__(self, limit: int, entry: int) -> None:
        self.limit, self.entry = limit, entry
        self.size = 0
        # The log has no room, even if the queue has.
        self.closed = False
        # Why nothing is acked, in a few words; None while positions are.
        self.away: str | None = None
        self.waiting: deque[Batch] = deque()

    @property
    def full(self) -> bool:
        return self.closed or self.size >= self.limit

    def of(self, fleet: str, driver_id: str) -> Unlogged:
        """The queue of a driver: this one, where the log has one partition."""
        return self

    def add(self, fleet: str, payload: bytes, update: Update | None) -> None:
        """Append a position; ``update`` when it is live. The caller has checked ``full``."""
        waiting = self.waiting
        if not waiting or waiting[-1].size >= self.entry:
            waiting.append(self.batch())
        batch = waiting[-1]
        batch.size += 1
        self.size += 1
        payloads = batch.payloads.get(fleet)
        if payloads is None:
            payloads = batch.payloads[fleet] = []
            batch.latest[fleet] = {}
        payloads.append(payload)
        if update is not None:
            batch.latest[fleet][update.driver_id] = (update, payload)

    def trace(self, traceparent: str) -> None:
        """The position that was added last has this ``traceparent``."""
        self.waiting[-1].traces[traceparent] = None

    def remove(self, fleet: str, driver_id: str, until: datetime) -> None:
        """Delete a driver's latest position, if it was received up to ``until``, after everything added so far is in
        the log."""
        if not self.waiting:
            self.waiting.append(self.batch())
        self.waiting[-1].removed.setdefault(fleet, {})[driver_id] = until

    def restore(self, fleet: str, update: Update) -> None:
        """Make an update the stored latest position again, unless a newer one is stored, after everything added so far
        is in the log."""
        if not self.waiting or sum(map(len, self.waiting[-1].restored.values())) >= RESTORED_AT_ONCE:
            self.waiting.append(self.batch())
        self.waiting[-1].restored.setdefault(fleet, {})[update.driver_id] = update

    def acknowledge(self, client: Client, msg_no: int) -> None:
        """Owe a client the ack of ``msg_no`` once everything added so far is in the log."""
        if not self.waiting:
            self.waiting.append(self.batch())
        self.waiting[-1].acks[client] = msg_no

    def when_logged(self, callback: Callable[[], object]) -> None:
        """Call a function, which must not raise, once everything added so far is in the log."""
        if not self.waiting:
            self.waiting.append(self.batch())
        self.waiting[-1].waiters.append(callback)

    def take(self) -> Batch | None:
        """Take the oldest batch from the queue; its positions count until ``settle``."""
        return self.waiting.popleft() if self.waiting else None

    def settle(self, batch: Batch) -> None:
        """A taken batch is durable: its room is free again."""
        self.size -= batch.size


def when_all_logged(queues: Set[Unlogged], callback: Callable[[], object]) -> None:
    """Call a function, which must not raise, once everything added so far to any of the queues is in the log."""
    left = len(queues)

    def one() -> None:
        nonlocal left
        left -= 1
        if not left:
            callback()

    for queue in queues:
        queue.when_logged(callback if len(queues) == 1 else one)
