"""Fan-out: every subscriber gets every location. Throughput under full load, and latency at a moderate rate."""

from __future__ import annotations

from collections.abc import Sequence

from clients.bench.figures import Measurement, Stretch, milliseconds
from clients.bench.publishers import Publishers, Window, at_rate, drained, quiet
from clients.bench.servers import Running
from clients.bench.subscribers import Checker, Counter, Subscriber
from clients.bench.websocket import Connection, connect, disconnect

PUBLISHERS = 10
WARM_UP = 0.3
"""Seconds of load before the measured window."""


async def closed_loop(running: Running, subscribers: int, window: int, seconds: float) -> Measurement:
    """Full load: ``window`` messages in flight. One subscriber checks each message, the others count."""
    checker = Checker(running.dialect, running.port, subscribe=True)
    others = [Connection(running.dialect, running.port, subscribe=True) for _ in range(subscribers - 1)]
    # The checking subscriber is neither the first nor the last that the server writes to.
    half = len(others) // 2
    await connect([*others[:half], checker, *others[half:]])
    members: list[Subscriber] = [checker, *map(Counter, others)]
    publishers = Publishers(running, PUBLISHERS)
    await publishers.connect()
    await quiet(members)

    flow = Window(publishers, members, window)
    await flow.run(WARM_UP)
    stretch, before = Stretch(running), flow.delivered
    await flow.run(seconds)
    stretch.end()
    delivered = flow.delivered - before
    await drained(publishers, members)
    await disconnect([*publishers.connections, checker, *others])
    return stretch.measurement(
        f"{subscribers:,} subscribers, {window} in flight",
        running,
        deliveries_per_s=delivered / stretch.seconds,
        deliveries_per_cpu_s=delivered / stretch.seconds / max(stretch.server_cpu, 0.01),
        **faults(publishers, [checker], members, flow.given_up),
    )


async def open_loop(running: Running, subscribers: int, rate: float, seconds: float) -> Measurement:
    """A moderate rate; every subscriber checks every message, and latency counts from when it was due."""
    members = [Checker(running.dialect, running.port, subscribe=True) for _ in range(subscribers)]
    await connect(list(members))
    publishers = Publishers(running, PUBLISHERS)
    await publishers.connect()
    await quiet(members)

    await at_rate(publishers, rate, WARM_UP)
    for member in members:
        member.reset()
    stretch = Stretch(running)
    await at_rate(publishers, rate, seconds)
    stretch.end()
    await drained(publishers, members)
    await disconnect([*publishers.connections, *members])
    latencies = [latency for member in members for latency in member.latencies_ns]
    return stretch.measurement(
        f"{subscribers:,} subscribers, {rate:g} messages/s",
        running,
        **milliseconds(latencies),
        cores=stretch.server_cpu,
        **faults(publishers, members, members, 0),
    )


def faults(
    publishers: Publishers, checkers: Sequence[Checker], members: Sequence[Subscriber], given_up: int
) -> dict[str, float]:
    """Locations missing at any subscriber; duplicated and reordered ones at checking subscribers."""
    return {
        "missing": given_up + sum(max(0, publishers.total - member.count) for member in members),
        "duplicates": sum(checker.duplicates for checker in checkers)
        + sum(max(0, member.count - publishers.total) for member in members if isinstance(member, Counter)),
        "reordered": sum(checker.reordered for checker in checkers),
    }
