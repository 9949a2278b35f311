"""Acked positions that PostgreSQL may not have yet, kept so that they can be appended again if the log loses them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from hub.core.live.hub import Hub
from hub.core.live.unlogged import Batch
from hub.wire.log import heads

MANY = 1_000
"""Batches from which on older ones are joined. A batch of one position takes 2 kB, most of it for the batch: while no
recorder runs, there would be as many batches as positions."""

JOINED = 500
"""Positions of a joined batch."""


class Acked(NamedTuple):
    """A batch in the log. ``before``: the positions appended before it; ``entry_id``: None if it has no entry."""

    before: int
    entry_id: str | None
    batch: Batch


class Retained:
    """A bounded queue of acked batches: at most ``limit`` positions, of which the oldest go first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._acked: deque[Acked] = deque()

    def __len__(self) -> int:
        """Number of batches."""
        return len(self._acked)

    @property
    def last(self) -> Acked | None:
        """The newest batch that has an entry."""
        return next((acked for acked in reversed(self._acked) if acked.entry_id), None)

    def keep(self, before: int, entry_id: str | None, batch: Batch) -> None:
        """Keep a batch after its acks: its positions and removals."""
        if not (batch.size or batch.removed):
            return
        batch.forget()
        self._acked.append(Acked(before, entry_id, batch))
        self.size += batch.size
        if len(self._acked) > MANY and entry_id:
            self._join()
        while self.size > self.limit:
            self._drop()

    def _join(self) -> None:
        """Join the two batches before the newest: ``last`` stays as it is in the log."""
        acked = self._acked
        newest, newer, older = acked.pop(), acked.pop(), acked.pop()
        if older.batch.size + newer.batch.size <= JOINED:
            _add(older.batch, newer.batch)
            acked.append(older._replace(entry_id=newer.entry_id or older.entry_id))
        else:
            acked += (older, newer)
        acked.append(newest)

    def stored(self, number: int) -> None:
        """Forget the batches whose positions are among the first ``number``: PostgreSQL has them."""
        acked = self._acked
        while acked and acked[0].before + acked[0].batch.size <= number:
            self._drop()

    def _drop(self) -> None:
        self.size -= self._acked.popleft().batch.size

    def joined(self, entry: int) -> Iterator[tuple[int, Batch]]:
        """The same positions in few batches of up to ``entry`` positions, or of one batch, in order, each with the
        number of positions before it. They have the positions, joined, and the removals. Some of them may be stored
        meanwhile."""
        joined, before = Batch(), 0
        for acked in list(self._acked):
            batch = acked.batch
            if joined.size + batch.size > entry and joined.size:
                yield before, joined
                joined = Batch()
            if not (joined.size or joined.removed):
                before = acked.before
            _add(joined, batch)
        if joined.size or joined.removed:
            yield before, joined

    def replace(self, acked: list[Acked]) -> None:
        """Keep these instead: the batches of ``joined``, in the log again."""
        self._acked = deque(acked)
        self.size = sum(each.batch.size for each in acked)


def _add(joined: Batch, batch: Batch) -> None:
    """Add the positions and removals of a later batch to one."""
    joined.size += batch.size
    for fleet, payloads in batch.payloads.items():
        joined.payloads.setdefault(fleet, []).extend(payloads)
    for fleet, removed in batch.removed.items():
        joined.removed.setdefault(fleet, {}).update(removed)


def find_latest(hub: Hub, batch: Batch) -> None:
    """Find the latest positions in a batch that was acked, to be stored again. That of a driver with a newer
    position is not needed: it is in the log, or will be."""
    for fleet_id, payloads in batch.payloads.items():
        known, latest = hub.fleet(fleet_id).latest, batch.latest.setdefault(fleet_id, {})
        for head in heads(payloads):
            update = known.get(head.driver_id)
            # One that was sent again has another number.
            if (
                update is not None
                and update.entry
                and (update.seq == head.seq or (update.latitude, update.longitude) == (head.latitude, head.longitude))
            ):
                latest[head.driver_id] = update, b""
