"""Fleets that send and are watched at virtual nodes, and counters of the work of the nodes.

Fleets do not depend on each other, so a sample of them tells what all cost; only the number of entries in the log does
not grow with the fleets, and follows from ``rates``.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from random import Random
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from hub.capacity.node import VirtualClock, VirtualLog, VirtualNode
from hub.core.geo.areas import BBox
from hub.core.live.client import Client
from hub.core.live.subscriptions import Subscription
from hub.wire.layout import Layout

Placement = Literal["anywhere", "fleet", "partition"]
"""Which nodes the clients of a fleet connect to: any; two that follow from the fleet; two that follow from its
partition."""

View = Literal["all", "mixed"]
"""What screens watch: the whole fleet; or half of them that, the others a quarter of the area or ten drivers."""

TICK = 0.005
"""Seconds between two group commits: ``HUB_LOG_LINGER`` and the commit itself."""

READ_EVERY = 2
"""Ticks between two reads of the log: ``PAUSE`` of the tail."""

SPREAD = 0.05
"""Degrees to each side of its centre that a fleet moves in."""


class Case(Struct, frozen=True):
    """What is simulated. ``rate``: fixes a second of each driver. ``turn``: seconds between two writes to a screen.
    ``sample``: fleets that are simulated, of all."""

    drivers: int = 10_000
    screens: int = 1_000
    fleets: int = 20
    nodes: int = 1
    partitions: int = 16
    placement: Placement = "anywhere"
    view: View = "all"
    rate: float = 0.2
    turn: float = TICK
    sample: int = 20
    seconds: float = 5.0
    seed: int = 1


class Counts(Struct):
    """Work of all nodes, of the sampled fleets in the measured seconds. ``promised``: deliveries by the filters of the
    screens, computed by themselves."""

    ingested: int = 0
    received: int = 0
    shown: int = 0
    entries: int = 0
    entries_received: int = 0
    entries_skipped: int = 0
    reads: int = 0
    deliveries: int = 0
    promised: int = 0
    writes: int = 0
    bytes: int = 0


class Result(NamedTuple):
    """``nodes``: those of the case, after it."""

    counts: Counts
    nodes: list[VirtualNode]


class _Driver:
    def __init__(self, fleet: str, name: str, node: VirtualNode, client: Client, random: Random) -> None:
        self.fleet, self.name, self.node, self.client, self._random = fleet, name, node, client, random
        self.latitude, self.longitude = (random.uniform(-SPREAD, SPREAD) for _ in range(2))

    def message(self) -> bytes:
        """The next fix, as a phone sends it."""
        self.latitude += self._random.uniform(-0.0005, 0.0005)
        self.longitude += self._random.uniform(-0.0005, 0.0005)
        place = {"latitude": round(self.latitude, 6), "longitude": round(self.longitude, 6)}
        self.latitude, self.longitude = place["latitude"], place["longitude"]
        return msgspec.json.encode({**place, "speed": 12.5, "heading": 180.0, "accuracy": 5.0})


def places_of(case: Case, layout: Layout, fleet: str) -> list[int]:
    """Nodes that the clients of a fleet connect to."""
    if case.placement == "anywhere":
        return list(range(case.nodes))
    if case.placement == "fleet":
        # Not the hash of the partitions: CRC-32 of similar texts is similar.
        first = int.from_bytes(hashlib.blake2b(fleet.encode()).digest()[:4])
    else:
        first = layout.holding(fleet)[0].number * max(1, case.nodes // case.partitions)
    return sorted({first % case.nodes, (first + 1) % case.nodes})


def followed(case: Case, layout: Layout) -> list[set[int]]:
    """Node -> the partitions that it follows, with all fleets of the case."""
    found: list[set[int]] = [set() for _ in range(case.nodes)]
    for number in range(case.fleets):
        fleet = f"fleet-{number}"
        for node in places_of(case, layout, fleet):
            found[node].add(layout.holding(fleet)[0].number)
    return found


def simulate(case: Case) -> Result:
    """Run a case."""
    return asyncio.run(_Simulation(case).run())


class _Simulation:
    def __init__(self, case: Case) -> None:
        self.case, self.random = case, Random(case.seed)
        self.clock = VirtualClock()
        self.layout = Layout("virtual", case.partitions)
        self.log = VirtualLog(self.layout, self.clock)
        self.nodes = [VirtualNode(number, self.log, self.layout, self.clock) for number in range(case.nodes)]
        self.followed = followed(case, self.layout)
        self.screens: dict[str, list[Subscription]] = {}
        self.drivers: list[_Driver] = []
        self.counts = Counts()
        fleets = [f"fleet-{number}" for number in range(min(case.sample, case.fleets))]
        self.fleets = fleets
        for fleet in fleets:
            places = places_of(case, self.layout, fleet)
            for number in range(case.drivers // case.fleets):
                node, name = self.nodes[self.random.choice(places)], f"d{number}"
                self.drivers.append(_Driver(fleet, name, node, node.connect(fleet, name), self.random))

    async def run(self) -> Result:
        case = self.case
        # Every driver has a position before the first screen connects.
        await self._go(1 / case.rate, lambda driver: None)
        before = self._figures()
        self._connect_screens()
        for node in self.nodes:
            for sink in node.sinks:
                sink.writes = sink.bytes = 0
        await self._go(case.seconds, self._promise)
        after = self._figures()
        self.counts = Counts(
            **{name: after[name] - before[name] for name in after},
            promised=self.counts.promised,
            writes=sum(sink.writes for node in self.nodes for sink in node.sinks),
            bytes=sum(sink.bytes for node in self.nodes for sink in node.sinks),
        )
        return Result(self.counts, self.nodes)

    def _figures(self) -> dict[str, int]:
        return {
            "ingested": sum(node.ingested for node in self.nodes),
            "received": sum(node.received for node in self.nodes),
            "shown": sum(node.shown for node in self.nodes),
            "entries": sum(node.appended for node in self.nodes),
            "entries_received": sum(node.received_entries for node in self.nodes),
            "entries_skipped": sum(node.skipped_entries for node in self.nodes),
            "reads": sum(node.reads for node in self.nodes),
            "deliveries": sum(node.hub.broadcaster.delivered for node in self.nodes),
        }

    async def _go(self, seconds: float, sent: Callable[[_Driver], None]) -> None:
        """Let each driver send by its rate, at times of its own, and all of it arrive."""
        ticks = round(seconds / TICK)
        every = max(1, round(1 / self.case.rate / TICK))
        due: dict[int, list[_Driver]] = {}
        for driver in self.drivers:
            due.setdefault(self.random.randrange(every), []).append(driver)
        flush_every = max(1, round(self.case.turn / TICK))
        for tick in range(ticks + READ_EVERY):
            self.clock.seconds += TICK
            for driver in due.get(tick % every, ()) if tick < ticks else ():
                driver.node.take(driver.client, driver.message(), driver.node.clock.now())
                sent(driver)
            for node in self.nodes:
                node.commit()
            if tick % READ_EVERY == 0 or tick >= ticks:
                for node, partitions in zip(self.nodes, self.followed, strict=True):
                    await node.read(sorted(partitions))
            if tick % flush_every == 0 or tick >= ticks:
                for node in self.nodes:
                    node.hub.flush()
        for node, partitions in zip(self.nodes, self.followed, strict=True):
            for number in set(range(self.case.partitions)) - partitions:
                node.pass_by(number)

    def _connect_screens(self) -> None:
        case = self.case
        for fleet in self.fleets:
            places = places_of(case, self.layout, fleet)
            for number in range(case.screens // case.fleets):
                node = self.nodes[self.random.choice(places)]
                subscription = self._subscription(number)
                node.hub.subscribe(node.connect(fleet), subscription)
                self.screens.setdefault(fleet, []).append(subscription)

    def _subscription(self, number: int) -> Subscription:
        kind = number % 10 if self.case.view == "mixed" else 0
        if kind < 5:
            return Subscription("s")
        if kind < 8:
            west, south = (self.random.uniform(-SPREAD, 0) for _ in range(2))
            return Subscription("s", area=BBox(west, south, west + SPREAD, south + SPREAD))
        drivers = self.case.drivers // self.case.fleets
        return Subscription("s", drivers=frozenset(f"d{self.random.randrange(drivers)}" for _ in range(10)))

    def _promise(self, driver: _Driver) -> None:
        """Count the screens of a fleet that a position is for."""
        for screen in self.screens.get(driver.fleet, ()):
            if isinstance(area := screen.area, BBox):
                inside = area.west <= driver.longitude <= area.east and area.south <= driver.latitude <= area.north
                self.counts.promised += inside
            else:
                self.counts.promised += screen.drivers is None or driver.name in screen.drivers
