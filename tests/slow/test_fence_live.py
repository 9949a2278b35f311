"""Live positions, acks and events of a hub with 1,000 fences, and of one without any, in turn. Prints the figures of
docs/benchmarks.md. The hub and its services have the first core, this process has the second.

``FENCE_ROUNDS=5`` sets the rounds."""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import msgspec
import pytest
import uvloop

from clients.bench.figures import percentile
from clients.bench.ingest import ingest
from clients.bench.processes import cores, on_cores
from clients.bench.publishers import Publishers, at_rate, drained, quiet
from clients.bench.servers import Running, hub, running
from clients.bench.subscribers import Checker
from clients.bench.websocket import Connection, connect, disconnect
from tests.support.api.calls import get, post
from tests.support.fence_shapes import circle, moved, square
from tests.support.logbook import until

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("FENCE_ROUNDS", "3"))
FENCES = 1_000
SUBSCRIBERS, PUBLISHERS, RATE, SECONDS = 20, 10, 1_000.0, 4.0
PROBES = 20.0
"""Drivers a second that enter a fence of their own event."""

PATIENCE = 120.0
"""Seconds that the recorder may need for what the first part has left to it, on a core with the hub."""

GATE = (24.5, 54.5)
"""The middle of the fence that they enter, far from the others."""

FIGURES = {
    "live p50 ms": False, "live p99 ms": False, "fixes/s acked": True, "ack p99 ms": False,
    "us of CPU per fix, main process": False, "us of CPU per fix, all processes": False,
}  # fmt: skip
"""Name -> whether more is better."""

MOST = 1.5
"""Times the figure without fences that the one with them may be; the CPU of all processes includes the recorder's."""


class Address:
    """Where the requests of the API go."""

    def __init__(self, running: Running) -> None:
        self.address = "127.0.0.1", running.port


def features() -> Iterator[dict[str, Any]]:
    """Circles, squares and corridors where the publishers of both parts are; and the gate."""
    chance = random.Random(5)
    for n in range(FENCES - 1):
        if n % 4:  # ``Publishers`` are on this diagonal
            along = chance.uniform(0, 0.9)
            place = 25 + along + chance.uniform(-0.02, 0.02), 55.9 - along + chance.uniform(-0.02, 0.02)
        else:  # ``ingest`` begins here
            place = 25 + chance.uniform(0, 0.08), 55 + chance.uniform(0, 0.12)
        size = chance.uniform(50, 400)
        properties: dict[str, Any] = {"name": f"fence {n}"}
        if n % 5 < 2:
            geometry, properties["radius"] = circle(place), size
        elif n % 5 < 4:
            geometry = square(size, place)
        else:
            line = [list(reversed(moved(k * 100, 40 * (k % 2), place))) for k in range(20)]
            geometry, properties["radius"] = {"type": "LineString", "coordinates": line}, 50
        yield {"type": "Feature", "geometry": geometry, "properties": properties}
    yield {"type": "Feature", "geometry": circle(GATE), "properties": {"name": "gate", "radius": 100}}


class Probe(Connection):
    """Sends drivers into the gate; notes when each fix was acknowledged, and when each event came."""

    def __init__(self, running: Running) -> None:
        super().__init__(running.dialect, running.port, subscribe=False)
        self.acked: dict[str, float] = {}
        self.told: dict[str, float] = {}
        self.sent = 0

    def enter(self) -> None:
        """A new driver, outside and a moment later inside."""
        for east in (-400.0, 0.0):
            latitude, longitude = moved(east, 0, GATE)
            self.sent += 1
            fix = {"driverId": f"probe-{(self.sent + 1) // 2}", "latitude": latitude, "longitude": longitude}
            self.send(msgspec.json.encode({**fix, "msgNo": self.sent}))

    def message(self, payload: bytes) -> None:
        now = time.monotonic()
        if (acked := self.dialect.ack(payload)) is not None:
            for number in range(2, acked + 1, 2):
                self.acked.setdefault(f"probe-{number // 2}", now)
        elif b'"type":"fence"' in payload:
            driver = msgspec.json.decode(payload)["driverId"]
            if driver.startswith("probe-"):  # publishers pass fences, too
                self.told.setdefault(driver, now)

    async def complete(self) -> bool:
        return len(self.told) >= len(self.acked)

    def delays(self) -> list[int]:
        """Nanoseconds from each ack to its event; 0 if that came first."""
        return [round(max(0.0, self.told[driver] - self.acked[driver]) * 1e9) for driver in self.acked]


async def reachable(address: Address) -> bool:
    return (await asyncio.to_thread(get, address, "/api/v1/fences")).status == 200


async def caught_up(address: Address) -> None:
    """Wait until the recorder has stored what it has been sent."""
    good = 0
    async with asyncio.timeout(PATIENCE):
        while good < 3:  # a report may be of before
            await asyncio.sleep(1)
            metrics = (await asyncio.to_thread(get, address, "/metrics")).body.decode()
            found = re.search(r"^hub_recorder_lag_seconds (\S+)$", metrics, re.MULTILINE)
            good = good + 1 if found and float(found[1]) < 1 else 0


async def measure(hub: Running, fences: bool) -> dict[str, float]:
    address = Address(hub)
    await until(lambda: reachable(address))  # the hub is ready before PostgreSQL is
    if fences:
        collection = {"type": "FeatureCollection", "features": list(features())}
        answer = await asyncio.to_thread(post, address, "/api/v1/fences.geojson", collection)
        assert answer.status == 201, answer.body
        await asyncio.sleep(2)  # the recorder loads them while it is idle
    taken = (await ingest(hub, 200, 1, 8, SECONDS)).figures
    await caught_up(address)
    publishers = Publishers(hub, PUBLISHERS)
    watching = [Checker(hub.dialect, hub.port, subscribe=True) for _ in range(SUBSCRIBERS)]
    probe = Probe(hub)
    await publishers.connect()
    await connect([*watching, probe])
    await quiet(watching)
    probe.send(b'{"type":"subscribe","id":"f","all":true,"positions":false,"fences":true}')
    working = asyncio.create_task(at_rate(publishers, RATE, SECONDS))
    while fences and not working.done():
        probe.enter()
        await asyncio.sleep(1 / PROBES)
    await working
    await drained(publishers, watching)
    latencies = [latency for each in watching for latency in each.latencies_ns]
    assert not sum(each.duplicates + each.reordered for each in watching)
    found = {
        "live p50 ms": percentile(latencies, 0.5) / 1e6, "live p99 ms": percentile(latencies, 0.99) / 1e6,
        "fixes/s acked": taken["fixes_per_s"], "ack p99 ms": taken["ack_p99_ms"],
        "us of CPU per fix, main process": taken["cpu_us_per_fix"],
        "us of CPU per fix, all processes": taken["all_cpu_us_per_fix"],
    }  # fmt: skip
    if fences:
        await until(probe.complete)
        assert probe.told.keys() == probe.acked.keys()
        found |= {"event after ack p50 ms": percentile(probe.delays(), 0.5) / 1e6}
        found |= {"event after ack p99 ms": percentile(probe.delays(), 0.99) / 1e6}
    await disconnect([*publishers.connections, *watching, probe])
    return found


def test_live_positions_with_fences(capsys: pytest.CaptureFixture[str]) -> None:
    servers, generator = cores()
    rounds: dict[bool, list[dict[str, float]]] = {False: [], True: []}
    for number in range(ROUNDS):
        for fences in (False, True) if number % 2 == 0 else (True, False):
            with running(hub(), servers) as server, on_cores(generator):
                rounds[fences].append(uvloop.run(measure(server, fences)))
    without, with_fences = (
        {name: median(each[name] for each in rounds[fences]) for name in rounds[fences][0]} for fences in (False, True)
    )
    ratios = {name: with_fences[name] / without[name] for name in FIGURES}
    with capsys.disabled():
        print(f"\nmedians of {ROUNDS} rounds: without, with {FENCES} fences, ratio")
        for name, ratio in ratios.items():
            print(f"{name}: {without[name]:,.1f}  {with_fences[name]:,.1f}  {ratio:.2f}")
        for name in with_fences.keys() - FIGURES.keys():
            print(f"{name}: {with_fences[name]:,.0f}")
    for name, more_is_better in FIGURES.items():
        assert (1 / ratios[name] if more_is_better else ratios[name]) < MOST, name
