"""Slow subscribers: the effect of stopped and slow readers on other subscribers, on the server and on themselves.

Of a hundred subscribers five never read and one reads 5 kB/s, while a fleet of 100 drivers reports twice a second.
"""

from __future__ import annotations

import asyncio
import math
import socket
import time
from collections.abc import Sequence

from clients.bench.fanout import faults
from clients.bench.figures import Measurement, Stretch, milliseconds, percentile
from clients.bench.processes import open_files, rss_bytes
from clients.bench.publishers import Publishers, at_rate, drained, quiet
from clients.bench.servers import Running
from clients.bench.subscribers import Checker
from clients.bench.websocket import BrokenServer, check_upgrade, connect, disconnect, frame, handshake

HEALTHY, STOPPED = 94, 5
DRIVERS, RATE = 100, 200.0

TRICKLE = 5_000
"""Bytes per second of the slow reader, read ten times a second."""

RECEIVE_BUFFER = 4_096
"""Kernel receive buffer of a slow subscriber, in bytes: small, so that data waits at the server."""

STEP = 1.0
"""Seconds of load between two checks of the stopped subscribers."""


async def slow(running: Running, alone: float, longest: float) -> Measurement:
    """``alone`` seconds with healthy subscribers only, then with the slow ones until the server has dropped those that
    never read, at most ``longest`` seconds."""
    members = [Checker(running.dialect, running.port, subscribe=True) for _ in range(HEALTHY)]
    publishers = Publishers(running, DRIVERS)
    await connect(list(members))
    await publishers.connect()
    await quiet(members)

    await at_rate(publishers, RATE, 1.0)
    _take(members)
    rss = rss_bytes(running.pid)
    stretch = Stretch(running)
    await at_rate(publishers, RATE, alone)
    without = milliseconds(_take(members))

    files = len(open_files(running.pid))
    stopped = [await _open(running) for _ in range(STOPPED)]
    sipper = await sip(running)
    begin = time.monotonic()
    gone, most = math.inf, rss
    while time.monotonic() - begin < longest:
        await at_rate(publishers, RATE, STEP)
        most = max(most, rss_bytes(running.pid))
        # Checked at the server: a peer that does not read is not notified of a close with unsent data.
        if len(open_files(running.pid)) <= files + 1:
            gone = time.monotonic() - begin
            break
    stretch.end()
    with_slow = milliseconds(_take(members))
    await drained(publishers, members)
    for client in stopped:
        client.close()
    await disconnect([*members, *publishers.connections, sipper.checker])
    late = sipper.checker.latencies_ns
    return stretch.measurement(
        f"{HEALTHY + STOPPED + 1} subscribers, {STOPPED} stopped, 1 at {TRICKLE / 1000:g} kB/s",
        running,
        p99_without_ms=without["p99_ms"],
        p99_with_ms=with_slow["p99_ms"],
        grown_mib=(most - rss) / 2**20,
        gone_s=gone,
        age_s=percentile(late[-len(late) // 4 :], 0.5) / 1e9,
        backwards=sipper.checker.duplicates + sipper.checker.reordered,
        **faults(publishers, members, members, 0),
    )


class Sipper(asyncio.BufferedProtocol):
    """A subscriber that reads ``TRICKLE`` bytes per second; its checker records the age of each location."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self._sip = bytearray(TRICKLE // 10)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.checker.transport = transport  # type: ignore[assignment]
        self.checker.opened.set_result(None)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._sip

    def buffer_updated(self, nbytes: int) -> None:
        self.checker.feed(bytes(self._sip[:nbytes]))
        self.checker.transport.pause_reading()
        asyncio.get_running_loop().call_later(0.1, self._resume)

    def _resume(self) -> None:
        if not self.checker.transport.is_closing():
            self.checker.transport.resume_reading()


async def sip(running: Running) -> Sipper:
    """Open the slow subscriber."""
    sipper = Sipper(Checker(running.dialect, running.port, subscribe=True))
    await asyncio.get_running_loop().create_connection(lambda: sipper, sock=await _open(running))
    return sipper


async def _open(running: Running) -> socket.socket:
    """A subscriber as a bare socket, just after its handshake."""
    loop, dialect = asyncio.get_running_loop(), running.dialect
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    client.setblocking(False)
    await loop.sock_connect(client, ("127.0.0.1", running.port))
    await loop.sock_sendall(client, handshake(dialect.path(subscribe=True), running.port))
    head = b""
    while b"\r\n\r\n" not in head:
        data = await loop.sock_recv(client, 1)
        if not data:
            raise BrokenServer("the connection was closed during the handshake")
        head += data
    check_upgrade(head)
    opened = dialect.opens_at_once
    while not opened:
        data = await loop.sock_recv(client, 2)
        answer, opened = dialect.opening(await loop.sock_recv(client, data[1]))
        if answer is not None:
            await loop.sock_sendall(client, frame(answer))
    return client


def _take(members: Sequence[Checker]) -> list[int]:
    """All latencies since the last call."""
    latencies = [latency for member in members for latency in member.latencies_ns]
    for member in members:
        member.reset()
    return latencies
