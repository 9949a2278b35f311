"""Connections that send requests and wait for the answers: bare protocol callbacks, cheaper than the server."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence

from clients.bench.http.routes import Requests
from clients.bench.servers import Running
from clients.bench.websocket import BrokenServer

_LENGTH = re.compile(rb"\ncontent-length: (\d+)", re.IGNORECASE)


class Asker(asyncio.Protocol):
    """A connection that sends the next request when the answer to the one before is complete, until ``stop``."""

    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        self.answers = self.refused = 0
        self.running = self.waiting = False
        self.lost: Exception | None = None
        self.sent_at = 0
        self.latencies_ns: list[int] = []
        self.transport: asyncio.WriteTransport
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = exc or BrokenServer("the server closed a connection")

    def begin(self) -> None:
        self.running = True
        self._send_next()

    def stop(self) -> None:
        self.running = False

    def data_received(self, data: bytes) -> None:
        read = self._read = self._read + data
        end = read.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(read, 0, end)
        if length is None:
            raise BrokenServer("an answer has no content-length")
        size = end + 4 + int(length[1])
        if len(read) < size:
            return
        self._read = read[size:]
        self.waiting = False
        self.answers += 1
        self.refused += not read.startswith(b"HTTP/1.1 200")
        self.latencies_ns.append(time.monotonic_ns() - self.sent_at)
        self.answered()

    def answered(self) -> None:
        """The answer to the last request is complete."""
        if self.running:
            self._send_next()

    def ask(self, request: bytes, due_ns: int) -> None:
        """Send a request; its latency counts from ``due_ns``."""
        self.waiting = True
        self.sent_at = due_ns
        self.transport.write(request)

    def _send_next(self) -> None:
        self.ask(next(self.requests), time.monotonic_ns())


async def connect(running: Running, askers: Sequence[Asker]) -> None:
    loop = asyncio.get_running_loop()
    for asker in askers:
        await loop.create_connection(lambda asker=asker: asker, "127.0.0.1", running.port)  # type: ignore[misc]


async def finish(askers: Sequence[Asker]) -> None:
    """Wait for the answers in flight, and close. Raises ``BrokenServer``."""
    for asker in askers:
        asker.stop()
    try:
        async with asyncio.timeout(10):
            while any(asker.waiting for asker in askers):  # noqa: ASYNC110 - asked once, at the end
                await asyncio.sleep(0.01)
    except TimeoutError as error:
        raise BrokenServer("a request has no answer after 10 s") from error
    failed = sum(asker.refused for asker in askers)
    if failed or any(asker.lost for asker in askers):
        raise BrokenServer(f"{failed} requests were refused, {sum(bool(a.lost) for a in askers)} connections lost")
    for asker in askers:
        asker.transport.abort()
    await asyncio.sleep(0.1)
