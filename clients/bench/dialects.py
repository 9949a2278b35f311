"""Protocols of the servers: that of the hub and the Starlette peer, and that of Socket.IO."""

from __future__ import annotations

import re
from typing import Protocol

_ACK = re.compile(rb'"type": ?"ack".*?"msgNo": ?(\d+)')


class Dialect(Protocol):
    """Encoding of messages. A location is one JSON object as bytes, the same for every server."""

    opens_at_once: bool
    """Whether messages may be sent right after the handshake; otherwise ``opening`` leads there."""

    def path(self, *, subscribe: bool) -> str:
        """Path of the socket."""

    def opening(self, payload: bytes) -> tuple[bytes | None, bool]:
        """(answer to send, whether the connection is now open) for a message of the handshake."""

    def publish(self, fixes: bytes, msg_no: int) -> bytes:
        """The message that publishes a fix, or an array of them, and asks for its ack."""

    def location(self, payload: bytes) -> bytes | None:
        """The location object of a message; None for another message."""

    def ack(self, payload: bytes) -> int | None:
        """The number that a message acknowledges; None for another message."""

    def answer(self, payload: bytes) -> bytes | None:
        """The answer to a message that is neither location nor ack."""


class Plain:
    """The protocol of the hub."""

    opens_at_once = True

    def path(self, *, subscribe: bool) -> str:
        return "/ws" if subscribe else "/ws?subscribe=none"

    def opening(self, payload: bytes) -> tuple[bytes | None, bool]:
        return None, True

    def publish(self, fixes: bytes, msg_no: int) -> bytes:
        return fixes

    def location(self, payload: bytes) -> bytes | None:
        return payload if b'"latitude"' in payload else None

    def ack(self, payload: bytes) -> int | None:
        found = _ACK.search(payload)
        return int(found[1]) if found else None

    def answer(self, payload: bytes) -> bytes | None:
        return None


class SocketIO:
    """Engine.IO 4 and Socket.IO 5 over WebSocket alone: an event ``pos``, and Socket.IO's own acks."""

    opens_at_once = False

    def path(self, *, subscribe: bool) -> str:
        return "/socket.io/?EIO=4&transport=websocket" + ("" if subscribe else "&subscribe=none")

    def opening(self, payload: bytes) -> tuple[bytes | None, bool]:
        return (b"40", False) if payload[:1] == b"0" else (None, payload[:2] == b"40")

    def publish(self, fixes: bytes, msg_no: int) -> bytes:
        return b'42%d["pos",%b]' % (msg_no, fixes)

    def location(self, payload: bytes) -> bytes | None:
        return payload[9:-1] if payload.startswith(b'42["pos",') else None

    def ack(self, payload: bytes) -> int | None:
        return int(payload[2 : payload.index(b"[")]) if payload.startswith(b"43") else None

    def answer(self, payload: bytes) -> bytes | None:
        return b"3" if payload == b"2" else None
