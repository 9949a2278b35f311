"""What the parent and a worker say to each other: messages over one pair of sockets, connections over another.

Both pairs end with the process at either end. Connections go as descriptors (SCM_RIGHTS), one with each byte.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import msgspec
from msgspec import Struct

from hub.edge.ops.sums import Family
from hub.workers.parts import Parts

TALK, CONNECTIONS = "WORKER_TALK", "WORKER_CONNECTIONS"
"""Environment variables of a worker: the descriptors of its ends."""

LENGTH = 4
"""Bytes of the length before each message."""


class Report(Struct, tag=True):
    """Parent to worker: send a ``Sum`` with this number."""

    number: int


class Totals(Struct, tag=True):
    """Parent to worker: the answer to ``Ask``."""

    number: int
    families: list[Family]


class Leave(Struct, tag=True):
    """Parent to worker: another one has taken your place; drain and end."""


class Ready(Struct, tag=True):
    """Worker to parent: connections are served."""


class Load(Struct, tag=True):
    """Worker to parent: ``received`` connections in all, of which and of whose sockets ``open`` are open now."""

    received: int
    open: int


class Sum(Struct, tag=True):
    """Worker to parent: its metrics. Without a number: the last ones, before it ends."""

    number: int | None
    families: list[Family]


class Ask(Struct, tag=True):
    """Worker to parent: send ``Totals`` with this number; ``own`` are the metrics of the worker."""

    number: int
    own: list[Family]


ToWorker = Parts | Report | Totals | Leave
ToParent = Ready | Load | Sum | Ask

_to_worker = msgspec.msgpack.Decoder(ToWorker)
_to_parent = msgspec.msgpack.Decoder(ToParent)
_encoder = msgspec.msgpack.Encoder()


class Talk:
    """One end of the messages."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def over(cls, end: socket.socket) -> Talk:
        return cls(*await asyncio.open_unix_connection(sock=end))

    def say(self, message: ToWorker | ToParent) -> None:
        """Send a message; to an end that has gone it is dropped."""
        data = _encoder.encode(message)
        with contextlib.suppress(OSError, RuntimeError):
            self._writer.write(len(data).to_bytes(LENGTH) + data)

    async def heard_by_worker(self) -> AsyncIterator[ToWorker]:
        """Messages of the parent, until its end."""
        async for data in self._messages():
            yield _to_worker.decode(data)

    async def heard_by_parent(self) -> AsyncIterator[ToParent]:
        """Messages of the worker, until its end."""
        async for data in self._messages():
            yield _to_parent.decode(data)

    async def flushed(self) -> None:
        """Wait until what was said is on its way."""
        with contextlib.suppress(OSError):
            await self._writer.drain()

    def close(self) -> None:
        self._writer.close()

    async def _messages(self) -> AsyncIterator[bytes]:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                length = int.from_bytes(await self._reader.readexactly(LENGTH))
                yield await self._reader.readexactly(length)
