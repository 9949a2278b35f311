"""Live positions of native subscribers beside many of Socket.IO, over WebSocket and over polling. Prints the figures of
docs/socketio.md. The hub and its services have the first core, this process has the second.

``SOCKETIO_CLIENTS=200`` and ``SOCKETIO_ROUNDS=3`` set clients and rounds."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import pytest
import uvloop

from clients.bench.dialects import SocketIO
from clients.bench.figures import Stretch, percentile
from clients.bench.processes import cores, on_cores, rss_bytes
from clients.bench.publishers import Publishers, at_rate, drained, quiet
from clients.bench.servers import Running, hub, running
from clients.bench.subscribers import Checker
from clients.bench.websocket import Connection, connect, disconnect
from tests.support.priority import lift, real_time

pytestmark = pytest.mark.slow

CLIENTS = int(os.environ.get("SOCKETIO_CLIENTS", "200"))
ROUNDS = int(os.environ.get("SOCKETIO_ROUNDS", "3"))
NATIVE, DRIVERS, RATE, SECONDS = 20, 100, 500.0, 6.0
CASES = ("none", "native", "websocket", "polling")
SUBSCRIBE = b'42["subscribe",{"id":"all","all":true}]'
LOCATION = b'["location",'


class Watching(Connection):
    """A client of Socket.IO over WebSocket that counts positions."""

    def __init__(self, port: int) -> None:
        super().__init__(SocketIO(), port, subscribe=True)
        self.count = 0

    def message(self, payload: bytes) -> None:
        if LOCATION in payload:
            self.count += 1
        else:
            super().message(payload)


class Polling:
    """A client of Socket.IO over polling that counts positions: one connection, one request at a time."""

    def __init__(self, port: int) -> None:
        self.port, self.count = port, 0
        self._path = "/socket.io/?EIO=4&transport=polling"

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._path += "&sid=" + json.loads((await self._ask("GET"))[1:])["sid"]
        for packet in (b"40", SUBSCRIBE):
            await self._ask("POST", packet)

    async def run(self) -> None:
        while True:
            self.count += (await self._ask("GET")).count(LOCATION)

    def close(self) -> None:
        self._writer.transport.abort()

    async def _ask(self, method: str, sent: bytes = b"") -> bytes:
        head = f"{method} {self._path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(sent)}\r\n\r\n"
        self._writer.write(head.encode() + sent)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200") and b"transfer-encoding: chunked" in answer.lower(), answer
        body = b""
        while size := int(await self._reader.readline(), 16):
            body += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readline()
        return body


async def measure(hub: Running, case: str) -> dict[str, float]:
    native = [Checker(hub.dialect, hub.port, subscribe=True) for _ in range(NATIVE)]
    publishers = Publishers(hub, DRIVERS)
    more: Sequence[Connection | Polling] = []
    await connect([*native, *publishers.connections])
    polls: list[asyncio.Task[None]] = []
    if case == "native":
        more = [Checker(hub.dialect, hub.port, subscribe=True) for _ in range(CLIENTS)]
        await connect(list(more))
    elif case == "websocket":
        more = watching = [Watching(hub.port) for _ in range(CLIENTS)]
        await connect(list(watching))
        for one in watching:
            one.send(SUBSCRIBE)
    elif case == "polling":
        more = polling = [Polling(hub.port) for _ in range(CLIENTS)]
        for each in polling:
            await each.open()
            polls.append(asyncio.create_task(each.run()))
    await at_rate(publishers, RATE, 1.0)
    await quiet(native)
    before, rss, stretch = sum(one.count for one in more), rss_bytes(hub.pid), Stretch(hub)
    await at_rate(publishers, RATE, SECONDS)
    stretch.end()
    received = sum(one.count for one in more) - before
    await drained(publishers, native)
    latencies = [latency for each in native for latency in each.latencies_ns]
    assert not any(task.done() for task in polls)
    for task in polls:
        task.cancel()
    for one in more:
        one.close() if isinstance(one, Polling) else one.transport.abort()
    await disconnect([*native, *publishers.connections])
    return {
        "live p50 ms": percentile(latencies, 0.5) / 1e6,
        "live p99 ms": percentile(latencies, 0.99) / 1e6,
        "cores, main process": stretch.main_cpu,
        "cores, generator": stretch.own,
        "positions of each further client/s": received / SECONDS / max(1, len(more)),
        "MiB grown": (rss_bytes(hub.pid) - rss) / 2**20,
    }


def test_native_subscribers_beside_socketio(capsys: pytest.CaptureFixture[str]) -> None:
    servers, generator = cores()
    server = replace(hub(), environment={"HUB_SOCKETIO": "on"})
    rounds: dict[str, list[dict[str, float]]] = {case: [] for case in CASES}
    for number in range(ROUNDS):
        for case in CASES if number % 2 == 0 else reversed(CASES):
            with running(server, servers) as started, on_cores(generator), real_time():
                lift(started.pid)
                rounds[case].append(uvloop.run(measure(started, case)))
    figures = {
        case: {name: median(each[name] for each in found) for name in found[0]} for case, found in rounds.items()
    }
    with capsys.disabled():
        print(f"\nmedians of {ROUNDS} rounds with {CLIENTS} further clients: {', '.join(CASES)}")
        for name in figures["none"]:
            print(f"{name}: " + "  ".join(f"{figures[case][name]:,.2f}" for case in CASES))
    assert all(figures[case]["MiB grown"] < 100 for case in CASES)
