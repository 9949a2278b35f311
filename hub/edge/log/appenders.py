"""The appenders of a log with several partitions. Each appends by itself, so one that waits for its server holds up no
other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from redis.asyncio import Redis

from hub.clock import SYSTEM, SystemClock
from hub.core.live.hub import Hub
from hub.core.live.partitioned import Partitioned
from hub.core.live.unlogged import Batch
from hub.edge.log.appender import Appender
from hub.edge.ops.figures import LIVE_BOUNDS, Histogram
from hub.stores.redis.log.replicas import NO_COPIES, Copies
from hub.wire.layout import Layout


class Appenders:
    """One ``Appender`` for each partition, with the same methods and figures. ``clients``: one for each, connected for
    its key. ``redis`` is for everything else."""

    def __init__(
        self,
        hub: Hub,
        unlogged: Partitioned,
        redis: Redis,
        clients: Sequence[Redis],
        linger: float,
        logged: Callable[[Batch], None],
        clock: SystemClock = SYSTEM,
        copies: Copies = NO_COPIES,
        *,
        layout: Layout,
    ) -> None:
        self.redis = redis
        self.latency = Histogram(LIVE_BOUNDS)
        self.all = [
            Appender(hub, queue, client, linger, logged, clock, copies, partition)
            for queue, client, partition in zip(unlogged.queues, clients, layout.partitions, strict=True)
        ]
        for one in self.all:
            one.latency = self.latency

    @property
    def problem(self) -> str | None:
        """The problem of a partition; None if all are appended to."""
        return next((one.problem for one in self.all if one.problem is not None), None)

    @property
    def uncopied(self) -> str | None:
        """Why a partition is not on its replicas, in words."""
        return next((one.uncopied for one in self.all if one.uncopied is not None), None)

    @property
    def entries(self) -> int:
        return sum(one.entries for one in self.all)

    @property
    def positions(self) -> int:
        return sum(one.positions for one in self.all)

    @property
    def appended_again(self) -> int:
        return sum(one.appended_again for one in self.all)

    @property
    def retained_positions(self) -> int:
        return sum(one.retained_positions for one in self.all)

    def wake(self) -> None:
        for one in self.all:
            if one.unlogged.waiting:
                one.wake()

    def mark(self) -> None:
        for one in self.all:
            one.mark()

    def restore(self) -> None:
        for one in self.all:
            one.restore()

    async def run(self) -> None:
        """Append until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for one in self.all:
                    group.create_task(one.run())
        finally:
            for one in self.all:
                await one.redis.aclose()

    async def drained(self, patience: float) -> bool:
        return all(await asyncio.gather(*(one.drained(patience) for one in self.all)))
