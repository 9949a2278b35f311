"""A WebSocket client of bytes: what it sends may break every rule, and what it gets is seen frame by frame."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

PATIENCE = 60.0
"""Seconds until a test gives up on a busy machine."""

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

MASK = b"\x12\x34\x56\x78"

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
"""The key is the one of RFC 6455, section 1.3; so is the answer to it."""

ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


class Response(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def handshake(path: str = "/ws", headers: Iterable[str] = ()) -> bytes:
    """A correct opening handshake with further header lines."""
    return (HANDSHAKE.format(path=path) + "".join(f"{line}\r\n" for line in headers) + "\r\n").encode("latin-1")


def frame(
    payload: bytes | str = b"",
    opcode: int = TEXT,
    *,
    fin: bool = True,
    reserved: int = 0,
    mask: bytes | None = MASK,
    size: int | None = None,
    wide: int = 0,
) -> bytes:
    """A frame as RFC 6455 has it, or nearly: ``size`` is the length it claims, ``wide`` the bytes it spends on it."""
    payload = payload.encode() if isinstance(payload, str) else payload
    size = len(payload) if size is None else size
    wide = wide or (0 if size < 126 else 2 if size < 65536 else 8)
    first = fin << 7 | reserved << 4 | opcode
    masked = 0x80 if mask is not None else 0
    if wide:
        head = bytes([first, masked | (126 if wide == 2 else 127)]) + size.to_bytes(wide, "big")
    else:
        head = bytes([first, masked | size])
    if mask is None:
        return head + payload
    return head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


class Raw:
    """A TCP connection that is read with patience."""

    def __init__(self, address: tuple[str, int], *, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def take(self, size: int) -> bytes:
        """Exactly ``size`` bytes. Raises ``EOFError``."""
        while len(self.buffer) < size:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError(self.buffer)
            self.buffer += data
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def response(self) -> Response:
        """An HTTP response with a content-length, or without a body."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.take(1)
        first, *lines = head.decode("latin-1").splitlines()
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        return Response(int(first.split()[1]), headers, self.take(int(headers.get("content-length", 0))))

    def ended(self) -> bytes:
        """What still comes until the other side ends the connection, in order or not."""
        try:
            while data := self.socket.recv(65536):
                self.buffer += data
        except ConnectionError:
            pass
        return self.buffer

    def reset(self) -> None:
        """Close without any ceremony: the other side gets a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Peer(Raw):
    """An open WebSocket. ``early`` is sent with the handshake, before the answer."""

    def __init__(
        self,
        address: tuple[str, int],
        path: str = "/ws",
        headers: Iterable[str] = (),
        *,
        early: bytes = b"",
        receive_buffer: int = 0,
    ) -> None:
        super().__init__(address, receive_buffer=receive_buffer)
        self.send(handshake(path, headers) + early)
        self.opened = self.response()
        assert self.opened.status == 101, self.opened

    def say(self, message: object) -> None:
        """Send a text message: JSON of anything but a string, which is sent as it is."""
        self.send(frame(message if isinstance(message, str) else json.dumps(message)))

    def next_frame(self) -> tuple[int, bytes]:
        """(opcode, payload). The hub never masks and never fragments."""
        first, size = self.take(2)
        assert first & 0xF0 == 0x80, f"a fragment or reserved bits: {first:#x}"
        if size >= 126:
            size = int.from_bytes(self.take(2 if size == 126 else 8), "big")
        return first & 0x0F, self.take(size)

    def hear(self) -> Any:
        """The next message, pings aside."""
        while True:
            opcode, payload = self.next_frame()
            if opcode != PING:
                assert opcode == TEXT, (opcode, payload)
                return json.loads(payload)

    def hear_all(self) -> list[Any]:
        """Every message up to now: those before the answer to a ping."""
        self.say({"type": "ping"})
        messages = []
        while (message := self.hear()) != {"type": "pong"}:
            messages.append(message)
        return messages

    def closed(self) -> tuple[int, str]:
        """Code and reason of the close frame, which has to be the last thing before the end of the connection."""
        while True:
            opcode, payload = self.next_frame()
            if opcode == CLOSE:
                break
        self.send(frame(payload[:2], CLOSE))
        assert self.ended() == b""
        return int.from_bytes(payload[:2], "big"), payload[2:].decode()
