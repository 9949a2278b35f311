"""Drivers and screens of several fleets, all through one proxy, and what must be true of both in the end."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from clients.dispatcher import DispatcherClient, Left, Location, Subscribed
from hub.wire.layout import Layout
from tests.cluster.faults import Fault
from tests.cluster.parts import Cluster
from tests.identity.test_tokens import token
from tests.support.acked import Drivers
from tests.support.clusters import PRIMARIES, shard

FLEETS = 10
"""Drivers of each fleet are at all hubs: it has no divisor in common with the number of hubs."""
LONGEST = 0.5
"""Seconds until a screen connects again, at most, in addition to what the hub asks for."""
SETTLED = 60.0
"""Seconds until screens have the last positions, at most."""

LATEST = "SELECT driver_id, max(recorded_at) FROM positions WHERE driver_id = ANY($1) GROUP BY driver_id"


class Size(NamedTuple):
    drivers: int
    screens: int
    rate: float
    """Positions a second of each driver."""


SMOKE = Size(20, 10, 5)
FULL = Size(100, 60, 10)


class Gaps:
    """The longest times without an ack of any driver of a fleet, in seconds: of fleets whose primary of Redis was
    struck, of the others, of all where no primary was, and of all without a fault."""

    def __init__(self) -> None:
        self.struck = self.others = self.all = self.usual = 0.0

    def add(self, gaps: dict[str, float], struck: int | None, shards: dict[str, int]) -> None:
        for fleet, gap in gaps.items():
            if struck is None:
                self.all = max(self.all, gap)
            elif shards[fleet] == struck:
                self.struck = max(self.struck, gap)
            else:
                self.others = max(self.others, gap)


class Screen:
    """A screen that shows a whole fleet, and notes what it should never see."""

    def __init__(self, url: str, fleet: str) -> None:
        self.fleet = fleet
        self.client = DispatcherClient(url, token(fleet=fleet))
        self.client.link._longest = LONGEST
        self.subscribed = self.resets = self.backwards = self.left = self.shown = 0
        self._last: dict[str, datetime] = {}

    async def watch(self) -> None:
        async for event in self.client.subscribe(all=True):
            match event:
                case Subscribed():
                    self.resets += event.reset and self.subscribed > 0
                    self.subscribed += 1
                case Left():
                    self.left += 1
                case Location(driver_id=driver_id):
                    self.shown += 1
                    measured = event.recorded_at - timedelta(seconds=event.clock_offset or 0)
                    self.backwards += measured < self._last.get(driver_id, measured)
                    self._last[driver_id] = measured

    @property
    def table(self) -> dict[str, datetime]:
        """Driver -> time of the position that is shown."""
        return {driver_id: location.recorded_at for driver_id, location in self.client.latest.items()}


class Load:
    """``name`` begins the ids of drivers and fleets; a test has its own."""

    def __init__(self, cluster: Cluster, size: Size, name: str) -> None:
        self.name, self.size, self._cluster = name, size, cluster
        self.screens = [Screen(cluster.proxy.url, f"{name}-{number % FLEETS}") for number in range(size.screens)]
        self.drivers: Drivers
        self.gaps = Gaps()
        self.faults = 0
        layout = Layout("", cluster.hubs[0].settings.partitions)
        self._shards = {screen.fleet: shard(layout.of(screen.fleet, "").log) for screen in self.screens}
        """Fleet -> number of the shard of a Redis Cluster."""

    def _fleet(self, driver_id: str) -> str:
        return f"{self.name}-{int(driver_id.rpartition('-')[2]) % FLEETS}"

    def _bearer(self, driver_id: str) -> str:
        return token(role="driver", driver=driver_id, fleet=self._fleet(driver_id))

    @classmethod
    @contextlib.asynccontextmanager
    async def on(cls, cluster: Cluster, size: Size, name: str) -> AsyncIterator[Load]:
        """Drivers send and screens watch until the end of the block. Then everything that was sent is acked, stored
        once, and shown by each screen."""
        self = cls(cluster, size, name)
        async with contextlib.AsyncExitStack() as stack:
            for screen in self.screens:
                await stack.enter_async_context(screen.client)
            watching = [asyncio.create_task(screen.watch()) for screen in self.screens]
            options = {"name": name, "interval": 1 / size.rate, "bearer": self._bearer, "group": self._fleet}
            try:
                async with Drivers.at(cluster.proxy.url, size.drivers, **options) as self.drivers:
                    async with asyncio.timeout(SETTLED):
                        while not all(screen.shown for screen in self.screens):  # noqa: ASYNC110
                            await asyncio.sleep(0.1)
                    assert set(self._shards.values()) == set(range(PRIMARIES)), "a shard has no fleet"
                    self.drivers.from_now()
                    yield self
                    await self.drivers.flush()
                await self._ended()
            finally:
                for task in watching:
                    task.cancel()
            failed = [result for result in await asyncio.gather(*watching, return_exceptions=True) if result]
            assert all(isinstance(error, asyncio.CancelledError) for error in failed), failed

    async def usual_gap(self, seconds: float) -> float:
        """The longest time without an ack of a fleet while nothing fails."""
        self.drivers.from_now()
        await asyncio.sleep(seconds)
        self.gaps.usual = max(self.drivers.gaps.values())
        return self.gaps.usual

    async def strike(self, fault: Fault, turn: int, seconds: float = 0.0) -> None:
        """Let a fault last for so long at least, and until each driver has been acked something that it sent since;
        then end it, and wait for acks again."""
        self.drivers.from_now()
        context = fault(self._cluster, turn)
        since = time.monotonic()
        struck = await asyncio.to_thread(context.__enter__)
        try:
            await self.all_acked()
            await asyncio.sleep(since + seconds - time.monotonic())
        finally:
            await asyncio.to_thread(context.__exit__, None, None, None)
        await self.all_acked()
        assert self._cluster.running, "a hub or a recorder has ended by itself"
        self.faults += 1
        self.gaps.add(self.drivers.gaps, struck, self._shards)

    async def all_acked(self) -> None:
        """Wait until each driver has an ack for something that it sent from now on."""
        sent = list(self.drivers.sent)
        async with asyncio.timeout(SETTLED):
            while any(  # noqa: ASYNC110
                client.acked_through <= before for client, before in zip(self.drivers.clients, sent, strict=True)
            ):
                await asyncio.sleep(0.01)

    async def _ended(self) -> None:
        drivers, url = self.drivers, self._cluster.database.url
        assert sum(client.rejected for client in drivers.clients) == 0
        assert drivers.acked == sum(drivers.sent) > 0
        missing = await drivers.missing(url)
        connection = await asyncpg.connect(url)
        try:
            stored = dict(await connection.fetch(LATEST, drivers.ids))
        finally:
            await connection.close()
        wanted = {f"{self.name}-{number}": dict[str, datetime]() for number in range(FLEETS)}
        for driver_id, at in stored.items():
            wanted[self._fleet(driver_id)][driver_id] = at
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLED):
                while any(screen.table != wanted[screen.fleet] for screen in self.screens):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        self._print(missing)
        assert missing == 0
        different = [screen for screen in self.screens if screen.table != wanted[screen.fleet]]
        assert not different, [(screen.table, wanted[screen.fleet]) for screen in different[:1]]
        assert self.total("backwards") == self.total("left") == 0

    def total(self, what: str) -> int:
        return sum(getattr(screen, what) for screen in self.screens)

    def _print(self, missing: int) -> None:
        drivers, size, gaps = self.drivers, self.size, self.gaps
        waits = (
            f"{gaps.struck:.2f} s at that primary, {gaps.others:.2f} s elsewhere"
            if gaps.struck
            else f"{gaps.all:.2f} s"
        )
        print(
            f"\n{self.name}, {size.drivers} drivers at {size.rate:g} Hz, {size.screens} screens: "
            f"struck {self.faults} times; {drivers.acked} acked, {drivers.acked - missing} rows; "
            f"no ack of a fleet for {waits} ({gaps.usual:.2f} s before), of one driver for {drivers.longest:.2f} s; "
            f"{self.total('shown')} shown, {self.total('backwards')} backwards, "
            f"{self.total('subscribed')} subscriptions, {self.total('resets')} resets",
            file=sys.stderr,
        )
