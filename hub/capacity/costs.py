"""What single operations cost on this machine, in CPU time of the process: the hub's own code, a real Valkey and real
sockets. The server's side is not included."""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import socket
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from statistics import median
from typing import cast

import uvloop
from msgspec import Struct
from redis.asyncio import Redis

from hub.capacity.node import VirtualClock, VirtualLog, VirtualNode
from hub.core.live.subscriptions import Subscription
from hub.core.principal import Principal, Role
from hub.embedded.valkey import server_program
from hub.settings import Settings
from hub.startup import StartupError
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.line import Line
from hub.stores.redis.log.reader import ENTRIES_PER_READ
from hub.stores.redis.log.tail import LogTail
from hub.stores.redis.log.writer import append
from hub.wire.layout import ONLY, Layout

FLEET, DRIVERS, SCREENS = "fleet-0", 500, 50
ROUNDS = 3
"""The least of as many measurements counts: other programs can only add to it."""

MESSAGE = b'{"latitude":25.123456,"longitude":55.123456,"speed":12.5,"heading":180.0,"accuracy":5.0,"msgNo":123}'


class Costs(Struct):
    """Microseconds. ``message``: to receive one message of a driver. ``ingest``: to decode, accept and queue a fix.
    ``transaction``: a group commit, ``append`` each position in it. ``read``: one read of the log, ``entry`` each entry
    in it, ``row`` each position of another node, applied, and ``skip`` each of the node's own. ``write``: one write to
    a socket, also of an ack, ``delivery`` each position in it."""

    message: float
    ingest: float
    transaction: float
    append: float
    read: float
    entry: float
    row: float
    skip: float
    write: float
    delivery: float


def measure(size: int = 1_000) -> Costs:
    """Measure with about ``size`` operations of each kind. Raises ``StartupError`` without a Valkey or Redis."""
    return uvloop.run(_measure(size))


async def _measure(size: int) -> Costs:
    message, write, delivery = await _sockets(size)
    ingest = min(_ingest(size) for _ in range(ROUNDS))
    async with _valkey() as (url, redis):
        one = min([await _transactions(redis, size // 4, 1) for _ in range(ROUNDS)])
        many = min([await _transactions(redis, size // 20, 50) for _ in range(ROUNDS)])
        added = max(0.0, (many - one) / 49)
        single = min([await _reads(url, redis, size // 10, 1, 1, "other") for _ in range(ROUNDS)])
        thin = min([await _reads(url, redis, size // 40, ENTRIES_PER_READ, 1, "other") for _ in range(ROUNDS)])
        full = min([await _reads(url, redis, size // 100, ENTRIES_PER_READ, 50, "other") for _ in range(ROUNDS)])
        own = min([await _reads(url, redis, size // 100, ENTRIES_PER_READ, 50, "node-0") for _ in range(ROUNDS)])
    row = (full - thin) / (49 * ENTRIES_PER_READ)
    of_entry = (thin - single) / (ENTRIES_PER_READ - 1)
    read = max(0.0, single - of_entry)
    entry = max(0.0, of_entry - row)
    skip = max(0.0, (own - read - ENTRIES_PER_READ * entry) / (50 * ENTRIES_PER_READ))
    return Costs(message, ingest, max(0.0, one - added), added, read, entry, row, skip, write, delivery)


def _node() -> VirtualNode:
    clock = VirtualClock()
    layout = Layout("", 1)
    return VirtualNode(0, VirtualLog(layout, clock), layout, clock)


def _publish(node: VirtualNode, count: int) -> float:
    """Let drivers send one fix each; microseconds for all."""
    clients = [node.hub.connect(Principal(FLEET, Role.DRIVER, driver=f"d{number}"), bytes) for number in range(count)]
    now = node.clock.now()
    began = time.thread_time()
    for client in clients:
        node.take(client, MESSAGE, now)
    return (time.thread_time() - began) * 1e6


def _ingest(size: int) -> float:
    node = _node()
    _publish(node, DRIVERS)
    return sum(_publish(node, DRIVERS) for _ in range(max(1, size // DRIVERS))) / (max(1, size // DRIVERS) * DRIVERS)


async def _sockets(size: int) -> tuple[float, float, float]:
    """A message received; a write to a screen, and each position in it."""
    count = max(1, size // SCREENS)
    with _pairs(SCREENS) as (pairs, drain):
        received = []
        for ours, theirs in pairs * count:
            theirs.send(MESSAGE)
            began = time.thread_time()
            ours.recv(65_536)
            received.append(time.thread_time() - began)
        received.sort()
        loop = asyncio.get_running_loop()
        writers = [(await loop.create_connection(asyncio.Protocol, sock=ours))[0] for ours, _ in pairs]
        drain()
        one = min([await _flushes(writers, count, 1) for _ in range(ROUNDS)])
        many = min([await _flushes(writers, count, 25) for _ in range(ROUNDS)])
        for writer in writers:
            writer.abort()
        await asyncio.sleep(0)
    delivery = max(0.0, (many - one) / 24)
    return received[len(received) // 2] * 1e6, max(0.0, one - delivery), delivery


async def _flushes(writers: list[asyncio.Transport], count: int, positions: int) -> float:
    """Microseconds for each write of ``positions`` to the screens of a fleet."""
    node = _node()
    _publish(node, DRIVERS)
    for writer in writers:
        node.hub.subscribe(node.hub.connect(Principal(FLEET, Role.DISPATCHER), writer.write), Subscription("s"))
    spent = 0.0
    for _ in range(count):
        node.hub.flush()
        while any(writer.get_write_buffer_size() for writer in writers):  # noqa: ASYNC110 - outside of what is measured
            await asyncio.sleep(0.001)
        _publish(node, positions)
        began = time.thread_time()
        node.hub.flush()
        await asyncio.sleep(0)  # in which the loop writes
        spent += time.thread_time() - began
    return spent / count / len(writers) * 1e6


@contextlib.contextmanager
def _pairs(count: int) -> Iterator[tuple[list[tuple[socket.socket, socket.socket]], Callable[[], None]]]:
    """Connections over loopback, our end first, and what begins to read the other ends, in a thread."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        selector = stack.enter_context(selectors.DefaultSelector())
        found = []
        for _ in range(count):
            theirs = stack.enter_context(socket.create_connection(listener.getsockname()))
            ours = stack.enter_context(listener.accept()[0])
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(theirs, selectors.EVENT_READ)
            found.append((ours, theirs))

        def read() -> None:
            while selector.get_map():
                for key, _ in selector.select():
                    if not _taken(key.fileobj):
                        selector.unregister(key.fileobj)

        thread = threading.Thread(target=read, daemon=True)
        yield found, thread.start
        thread.join(10.0)


def _taken(end: object) -> bytes:
    """What a socket has to read; nothing once it is closed."""
    try:
        return cast(socket.socket, end).recv(1_000_000)
    except OSError:
        return b""


@contextlib.asynccontextmanager
async def _valkey() -> AsyncIterator[tuple[str, Redis]]:
    """A private server, without data, and a client of it."""
    with tempfile.TemporaryDirectory(prefix="hub-capacity-") as folder:
        path = Path(folder) / "redis.sock"
        process = await asyncio.create_subprocess_exec(
            server_program(Settings()), "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", folder,
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        redis = connect(url := f"unix://{path}", 10.0)
        try:
            for left in range(1_000, -1, -1):
                try:
                    await redis.ping()
                    break
                except UNAVAILABLE as error:
                    if not left or process.returncode is not None:
                        raise StartupError(f"the server for measurements does not answer: {error}") from error
                    await asyncio.sleep(0.01)
            yield url, redis
        finally:
            await redis.aclose()
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _transactions(redis: Redis, count: int, positions: int) -> float:
    """Microseconds for each group commit of as many positions."""
    node = _node()
    _publish(node, DRIVERS)
    node.commit()
    line = Line(redis)
    spent = []
    for number in range(max(5, count)):
        _publish(node, positions)
        batch = node.unlogged.queues[0].take()
        assert batch is not None
        began = time.thread_time()
        await append(line, node.hub.epoch, batch, number * positions)
        spent.append(time.thread_time() - began)
    await redis.delete(ONLY.log)
    return median(spent) * 1e6


async def _reads(url: str, redis: Redis, count: int, entries: int, positions: int, writer: str) -> float:
    """Microseconds for each read of as many entries, with its positions applied, or skipped where the node that reads
    wrote them."""
    source, node = _node(), _node()
    tail = LogTail(url, ONLY, timeout=10.0, block=1.0)
    line = Line(redis)
    spent = []
    try:
        _publish(source, DRIVERS)
        source.commit()
        await node.read([0])
        for _ in range(max(5, count)):
            tail.start((await tail.extent()).last)
            for _ in range(entries):
                # Each position is newer than the one before it.
                source.clock_of.seconds += 0.01
                _publish(source, positions)
                batch = source.unlogged.queues[0].take()
                assert batch is not None
                await append(line, writer, batch, 0)
            began = time.thread_time()
            found = await tail.read(wait=False)
            assert found is not None
            await node.tails[0].apply(found)
            node.hub.flush()
            spent.append(time.thread_time() - began)
            assert len(found) == entries
    finally:
        await tail.close()
        await redis.delete(ONLY.log)
    return median(spent) * 1e6
