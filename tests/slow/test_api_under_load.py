"""What the API costs those who ask, and those who watch, while 5,000 fixes a second come in by 200 sockets. Prints the
figures of docs/benchmarks.md. The hub and its services have the first core, this process has the second."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
import uvloop

from clients.bench.figures import percentile
from clients.bench.processes import cores, cpu_seconds, on_cores
from clients.bench.publishers import Publishers, at_rate, drained, quiet
from clients.bench.servers import Running, hub, running
from clients.bench.subscribers import Checker
from clients.bench.websocket import Connection, connect, disconnect

pytestmark = pytest.mark.slow

Result = TypeVar("Result")

DRIVERS, RATE = 200, 5_000.0
TRACK = 100_000
"""Positions of the driver ``long``, a second apart: 28 hours."""

ROUNDS, SECONDS = 3, 4.0
ASKED = 40.0
"""Requests a second of each kind."""

QUESTIONS = {
    "drivers/{id}": "/api/v1/drivers/driver-7",
    "nearby": "/api/v1/nearby?latitude=25.5&longitude=55.5&radius=20000&limit=20",
}
EXPORTS = {"GPX": "format=gpx", "CSV": "format=csv", "thinned to 10 m": "simplify=10"}


def test_the_api_and_those_who_watch(capsys: pytest.CaptureFixture[str]) -> None:
    servers, generator = cores()
    with running(hub(), servers) as hub_process, on_cores(generator):
        lines = uvloop.run(measure(hub_process))
    with capsys.disabled():
        print("", *lines, sep="\n")


class Api:
    """One connection that stays open meanwhile, a request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> Api:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def get(self, path: str) -> bytes:
        """The body of a good answer."""
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        if (length := re.search(rb"content-length: (\d+)", head)) is not None:
            return await self.reader.readexactly(int(length[1]))
        parts = []
        while size := int(await self.reader.readuntil(b"\r\n"), 16):
            parts.append(await self.reader.readexactly(size))
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return b"".join(parts)


async def measure(hub_process: Running) -> list[str]:
    port = hub_process.port
    since = await fill(hub_process)
    publishers, watching = (
        Publishers(hub_process, DRIVERS),
        Checker(hub_process.dialect, hub_process.port, subscribe=True),
    )
    await publishers.connect()
    await at_rate(publishers, RATE, 1.0)  # so that there is something to ask for
    await connect([watching])
    await quiet([watching])
    said = []

    idle = await asked(port, 2 * SECONDS)
    loaded: dict[str, list[int]] = {name: [] for name in QUESTIONS}
    live: dict[str, list[int]] = {name: [] for name in ("without an export", *EXPORTS)}
    took: dict[str, list[float]] = {name: [] for name in EXPORTS}
    cpu = cpu_seconds({hub_process.pid: "hub"})["hub"]
    started = time.monotonic()
    for _ in range(ROUNDS):
        # Each question and each export in turn, so that what else the machine does meets all of them.
        under = await meanwhile(publishers, asked(port, SECONDS))
        for name, latencies in under.items():
            loaded[name] += latencies
        watching.reset()
        await meanwhile(publishers, asyncio.sleep(SECONDS))
        live["without an export"] += watching.latencies_ns
        for name, query in EXPORTS.items():
            watching.reset()
            path = f"/api/v1/drivers/long/track?from={since}&{query}"
            seconds = await meanwhile(publishers, exported(port, path))
            live[name] += watching.latencies_ns
            took[name].append(seconds)
    cpu = (cpu_seconds({hub_process.pid: "hub"})["hub"] - cpu) / (time.monotonic() - started)
    await drained(publishers, [watching])
    missing = publishers.total - watching.count - int(RATE)
    await disconnect([*publishers.connections, watching])

    for name in QUESTIONS:
        said.append(f"GET {name}: idle {shown(idle[name])}, at {RATE:.0f} fixes/s {shown(loaded[name])}")
    for name, latencies in live.items():
        duration = f", {sorted(took[name])[len(took[name]) // 2]:.1f} s" if name in took else ""
        said.append(f"live, {name}: {shown(latencies)}{duration}")
    # Missing is what was conflated: on a busy machine this process does not read everything in time.
    said.append(f"conflated {missing} of {watching.count}; the hub took {cpu:.2f} of a core")
    assert not (watching.reordered or watching.duplicates)
    return said


async def fill(hub_process: Running) -> str:
    """Let a driver send its track, and wait until it is in the history. Returns when it begins."""
    begin = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=TRACK + 60)
    driver = Connection(hub_process.dialect, hub_process.port, subscribe=False)
    await connect([driver])
    for first in range(0, TRACK, 250):
        fixes = (
            b'{"driverId":"long","latitude":%.6f,"longitude":%.6f,"speed":13,"recordedAt":"%b"}'
            % (25 + n % 7_200 / 1e4, 55 + n % 97 / 1e5, f"{begin + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ}".encode())
            for n in range(first, first + 250)
        )
        driver.send(b"[" + b",".join(fixes) + b"]")
        await asyncio.sleep(0.01)
    rows = 0.0
    while rows < TRACK:
        await asyncio.sleep(0.5)
        async with Api(hub_process.port) as api:
            found = re.search(rb"^hub_recorder_rows_total (\S+)$", await api.get("/metrics"), re.MULTILINE)
        rows = float(found[1]) if found else 0.0
    await disconnect([driver])
    return f"{begin:%Y-%m-%dT%H:%M:%SZ}"


async def meanwhile(publishers: Publishers, what: Coroutine[Any, Any, Result]) -> Result:
    """The answer of something that happens while fixes come in."""
    done = asyncio.create_task(what)
    while not done.done():
        await at_rate(publishers, RATE, 0.2)
    return done.result()


async def asked(port: int, seconds: float) -> dict[str, list[int]]:
    """Nanoseconds that each question took, asked at a steady pace."""
    latencies: dict[str, list[int]] = {name: [] for name in QUESTIONS}
    async with Api(port) as api:
        for _ in range(int(seconds * ASKED)):
            due = time.monotonic() + 1 / ASKED
            for name, path in QUESTIONS.items():
                began = time.monotonic_ns()
                await api.get(path)
                latencies[name].append(time.monotonic_ns() - began)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
    return latencies


async def exported(port: int, path: str) -> float:
    """Seconds that a file took."""
    began = time.monotonic()
    async with Api(port) as api:
        await api.get(path)
    return time.monotonic() - began


def shown(latencies_ns: Iterable[int]) -> str:
    values = list(latencies_ns)
    return f"p50 {percentile(values, 0.5) / 1e6:.1f}, p99 {percentile(values, 0.99) / 1e6:.1f} ms"
