"""What a case takes of each node: counters of the simulation, scaled to all fleets, times the costs of operations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from hub.capacity.costs import Costs
from hub.capacity.simulation import READ_EVERY, TICK, Case, Counts, Placement, followed, simulate
from hub.wire.layout import Layout

BUSY = 0.6
"""Part of a core that a node may use on average: bursts need the rest."""

WHOLE = 2.0
"""A whole process takes at most about as many times the CPU time of the operations that are measured here: it also has
an event loop, frames and timers."""

DESIGN = {10_000: (1, 1), 100_000: (2, 2), 1_000_000: (64, 16)}
"""Drivers -> nodes by the model that the design was made with: a fleet's clients anywhere, and on two nodes. It assumed
20 µs for a position, 4 for one of another node, 6 for a write, and four writes a second to each screen."""

RECORDED = 27_000
"""Positions a second that one recorder stores, and so one partition (docs/scale.md)."""

PLACEMENTS: tuple[Placement, ...] = ("anywhere", "fleet", "partition")
MOST_NODES = 256
BUDGET = 100
"""Fleets times nodes that are simulated at most: some seconds, and some hundred megabytes."""


class Load(Struct):
    """Work of one node, each second."""

    ingested: float
    received: float
    transactions: float
    reads: float
    entries: float
    writes: float
    deliveries: float
    bytes: float


class Share(Struct):
    """Parts of a core of one node, by kind of work."""

    own: float
    """Positions of its own drivers, with acks."""
    log: float
    """Group commits, and reads of the log with their entries."""
    others: float
    """Positions of other nodes."""
    screens: float
    """Writes to screens."""

    @property
    def total(self) -> float:
        return self.own + self.log + self.others + self.screens


class Point(Struct):
    """A case, its counters, and what they mean."""

    case: Case
    counts: Counts
    load: Load
    share: Share
    total: float
    gigabits: float
    """To the screens of one node, each second."""


def load_of(case: Case, counts: Counts) -> Load:
    """The work of one node, on average."""
    part = case.fleets / min(case.sample, case.fleets) / case.seconds / case.nodes
    hosted, followers = _followed(case)
    ingested = case.drivers * case.rate / case.nodes
    # A commit has what came in its time: of few positions many have a commit of their own.
    transactions = hosted * _chances(ingested / hosted, TICK)
    entries = transactions * followers
    return Load(
        ingested=ingested,
        received=counts.received * part,
        transactions=transactions,
        reads=hosted * _chances(entries / hosted, TICK * READ_EVERY),
        entries=entries,
        writes=counts.writes * part,
        deliveries=counts.deliveries * part,
        bytes=counts.bytes * part,
    )


def _followed(case: Case) -> tuple[float, float]:
    """Partitions that a node follows, and nodes that follow a partition, on average."""
    found = followed(case, Layout("virtual", case.partitions))
    used: set[int] = set().union(*found)
    total = sum(map(len, found))
    return total / case.nodes, total / len(used)


def _chances(rate: float, seconds: float) -> float:
    """How many of the intervals of a second have at least one of ``rate`` events a second, at any times."""
    return (1 - math.exp(-rate * seconds)) / seconds


def share_of(load: Load, costs: Costs) -> Share:
    """The part of a core that the work takes."""
    return Share(
        own=load.ingested * (costs.message + costs.ingest + costs.append + costs.skip + costs.write) / 1e6,
        log=(load.transactions * costs.transaction + load.reads * costs.read + load.entries * costs.entry) / 1e6,
        others=load.received * costs.row / 1e6,
        screens=(load.writes * costs.write + load.deliveries * costs.delivery) / 1e6,
    )


def point(case: Case, costs: Costs) -> Point:
    """Simulate a case, and tell what it takes."""
    case = msgspec.structs.replace(case, sample=max(1, min(case.fleets, case.sample, BUDGET // case.nodes)))
    counts = simulate(case).counts
    load = load_of(case, counts)
    share = share_of(load, costs)
    return Point(case, counts, load, share, share.total, load.bytes * 8 / 1e9)


def partitions_of(case: Case, nodes: int) -> int:
    """As few partitions as the recorders need: each costs every node that follows it commits and reads of its own. With
    clients by partition, as many as nodes."""
    least = 1
    while least * RECORDED < case.drivers * case.rate:
        least *= 2
    return max(least, nodes) if case.placement == "partition" else least


def points(case: Case, costs: Costs, most: int = MOST_NODES) -> Iterator[Point]:
    """The case at 1, 2, 4 … nodes, up to the first number that is enough for whole processes, or from which on more
    do not help."""
    nodes, before = 1, math.inf
    while nodes <= most:
        found = point(msgspec.structs.replace(case, nodes=nodes, partitions=partitions_of(case, nodes)), costs)
        yield found
        if found.total * WHOLE <= BUSY or found.total > before:
            break
        nodes, before = nodes * 2, found.total


def enough(found: Sequence[Point], whole: float = 1.0) -> Point | None:
    """The fewest nodes that are enough, if all takes ``whole`` times as much; None if no number is."""
    return next((point for point in found if point.total * whole <= BUSY), None)
