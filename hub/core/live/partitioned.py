"""Positions not yet in the log, by partition, and acks over several partitions.

Each partition is appended to by itself, so batches become durable in any order. Acks are cumulative: a connection gets
the ack of a message only when nothing that it sent up to that message is outstanding in any partition.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import cast

from hub.core.live.client import Client, Unacked
from hub.core.live.unlogged import Batch, Unlogged
from hub.core.live.update import Update


class PartBatch(Batch):
    """A batch of one partition, with the messages of which it has positions."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[tuple[Client, Unacked]] = []

    def forget(self) -> None:
        super().forget()
        self.parts = []

    def confirmed(self) -> Iterable[tuple[Client, int]]:
        acks: dict[Client, int] = {}
        for client, message in self.parts:
            message.outstanding -= 1
            unacked = client.unacked
            while unacked and not unacked[0].outstanding:
                acks[client] = unacked.popleft().msg_no
        return acks.items()


class PartQueue(Unlogged):
    """The queue of one partition."""

    __slots__ = ()

    batch = PartBatch

    def acknowledge(self, client: Client, msg_no: int) -> None:
        """Owe a client the ack of ``msg_no``, whose position was added last, once that and everything that the client
        sent before are in the log, in any partition."""
        unacked = client.unacked
        if unacked is None:
            unacked = client.unacked = deque()
        if not unacked or unacked[-1].msg_no != msg_no:
            unacked.append(Unacked(msg_no))
        unacked[-1].outstanding += 1
        cast(PartBatch, self.waiting[-1]).parts.append((client, unacked[-1]))


class Partitioned:
    """The queues of all partitions, each with its share of ``limit``: one that does not answer fills no other.

    ``number``: partition of a driver, by fleet and id."""

    def __init__(self, limit: int, entry: int, count: int, number: Callable[[str, str], int]) -> None:
        self._number = number
        self.queues = [PartQueue(-(-limit // count), entry) for _ in range(count)]

    @property
    def closed(self) -> bool:
        """Whether the log has no room, even if the queues have."""
        return self.queues[0].closed

    @closed.setter
    def closed(self, closed: bool) -> None:
        for queue in self.queues:
            queue.closed = closed

    @property
    def size(self) -> int:
        """Positions of all queues."""
        return sum(queue.size for queue in self.queues)

    @property
    def waiting(self) -> bool:
        """Whether any queue has a batch."""
        return any(queue.waiting for queue in self.queues)

    def of(self, fleet: str, driver_id: str) -> Unlogged:
        """The queue of a driver."""
        return self.queues[self._number(fleet, driver_id)]

    def remove(self, fleet: str, driver_id: str, until: datetime) -> None:
        """As ``Unlogged.remove``, in the queue of the driver."""
        self.of(fleet, driver_id).remove(fleet, driver_id, until)

    def restore(self, fleet: str, update: Update) -> None:
        """As ``Unlogged.restore``, in the queue of the driver."""
        self.of(fleet, update.driver_id).restore(fleet, update)
