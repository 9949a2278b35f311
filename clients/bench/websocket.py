"""WebSocket connections of the load generator: bare protocol callbacks, so that the server is the bottleneck.

A library would take several microseconds a frame, more than the servers need. So the handshake and the frames are
implemented here, for correct servers only; a server that breaks the protocol ends the run.
"""

from __future__ import annotations

import asyncio

from clients.bench.dialects import Dialect

OPEN_TIMEOUT = 60.0
"""Seconds that a handshake may take: the slowest peer opens a thousand connections in a few."""

OPENING = 64
"""Concurrent handshakes, so that a listen queue of a hundred suffices."""

# The example of RFC 6455, section 1.2.
_KEY, _ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


class BrokenServer(Exception):
    """A server refused a handshake, closed a connection, or sent an invalid WebSocket frame."""


def frame(payload: bytes, opcode: int = 1) -> bytes:
    """A frame of a client. The mask is zero, which does not change the payload; the server still unmasks it."""
    size = len(payload)
    if size < 126:
        return b"%c%c\0\0\0\0%b" % (0x80 | opcode, 0x80 | size, payload)
    return b"%c\xfe%b\0\0\0\0%b" % (0x80 | opcode, size.to_bytes(2, "big"), payload)


def handshake(path: str, port: int) -> bytes:
    """The request that asks for an upgrade."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {_KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def check_upgrade(head: bytes) -> None:
    """Raise ``BrokenServer`` unless the answer to ``handshake`` accepts."""
    if not head.startswith(b"HTTP/1.1 101") or _ACCEPT not in head:
        raise BrokenServer(f"the handshake was refused: {head[:200]!r}")


class Connection(asyncio.Protocol):
    """A connection that answers pings and gives each text message to ``message``, which a subclass overrides.

    ``opened`` is done when messages may be sent; it fails with ``BrokenServer``. ``lost`` is set when the server has
    gone away.
    """

    def __init__(self, dialect: Dialect, port: int, *, subscribe: bool) -> None:
        self.dialect, self.port, self.subscribe = dialect, port, subscribe
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = False
        # A further header line of the handshake.
        self.authorization = b""
        self._upgraded = False
        self._carry = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        opening = handshake(self.dialect.path(subscribe=self.subscribe), self.port)
        self.transport.write(opening[:-2] + self.authorization + opening[-2:])

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if not self.opened.done():
            self.opened.set_exception(BrokenServer("the connection was closed during the handshake"))

    def send(self, payload: bytes) -> None:
        self.transport.write(frame(payload))

    def data_received(self, data: bytes) -> None:
        if self._carry:
            data = self._carry + data
        if not self._upgraded:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._carry = head
                return
            try:
                check_upgrade(head)
            except BrokenServer as error:
                self.opened.set_exception(error)
                self.transport.abort()
                return
            self._upgraded = True
            if self.dialect.opens_at_once:
                self.opened.set_result(None)
        self._carry = data[self._frames(data) :]

    def feed(self, data: bytes) -> None:
        """Process bytes of a connection that another object reads."""
        data = self._carry + data
        self._carry = data[self._frames(data) :]

    def _frames(self, data: bytes) -> int:
        """Process the complete frames in ``data``; returns their length."""
        position, end, message = 0, len(data), self.message
        opened = self.opened.done()
        while end - position >= 2:
            head, size, start = data[position], data[position + 1], position + 2
            if size >= 126:
                wide = 2 if size == 126 else 8
                start += wide
                if start > end:
                    break
                size = int.from_bytes(data[start - wide : start], "big")
            stop = start + size
            if stop > end:
                break
            if head == 0x81 and opened:
                message(data[start:stop])
            else:
                self._other(head, data[start:stop])
                opened = self.opened.done()
            position = stop
        return position

    def _other(self, head: int, payload: bytes) -> None:
        if head == 0x81:
            answer, done = self.dialect.opening(payload)
            if answer is not None:
                self.send(answer)
            if done:
                self.opened.set_result(None)
        elif head == 0x89:
            self.transport.write(frame(payload, 10))
        elif head == 0x88:
            self.transport.close()
        else:
            raise BrokenServer(f"invalid frame, starting with {head:#x}")

    def message(self, payload: bytes) -> None:
        """A text message was received; some need an answer (Socket.IO's ping)."""
        answer = self.dialect.answer(payload)
        if answer is not None:
            self.send(answer)


async def connect(connections: list[Connection]) -> None:
    """Open connections, ``OPENING`` at a time. Raises ``BrokenServer``."""
    loop = asyncio.get_running_loop()
    turn = asyncio.Semaphore(OPENING)

    async def one(connection: Connection) -> None:
        async with turn:
            try:
                async with asyncio.timeout(OPEN_TIMEOUT):
                    await loop.create_connection(lambda: connection, "127.0.0.1", connection.port)
                    await connection.opened
            except (OSError, TimeoutError) as error:
                raise BrokenServer(f"cannot connect: {error!r}") from error

    await asyncio.gather(*map(one, connections))


async def disconnect(connections: list[Connection]) -> None:
    """Drop connections, and wait until the server has noticed."""
    for connection in connections:
        connection.transport.abort()
    await asyncio.sleep(0.1)
