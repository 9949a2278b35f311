"""Large answers, made and sent in pieces, so that a live position waits for one piece at most and not for an answer.

``sleep(0)`` between pieces is not enough: the pieces of twenty requests would still run one after the other before the
loop looks at its sockets again. So all requests of a node share one ``Slices``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Item = TypeVar("Item")

PIECE = 100
"""Items that are encoded in one turn of the loop, a quarter of a millisecond to one: a live position is sent in about
that time when the hub is idle."""

LINES = 50
"""Lines of a file that are written in one turn of the loop: a quarter of a millisecond."""

SHORT = 0.0007
"""Seconds of a piece of work whose items take from microseconds to a millisecond, as names of places at sea do."""


class Slices:
    """Admits one piece of work at a time, in the order of asking. After each the loop has as long for everything else
    as the piece took: all large answers together take half of the loop at most, whatever their number."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def slice(self) -> AsyncIterator[None]:
        """Run a piece of work that does not wait for anything."""
        async with self._lock:
            # The sockets come first, also for a request that finds the lock free.
            await asyncio.sleep(0)
            began = time.perf_counter()
            try:
                yield
            finally:
                await asyncio.sleep(time.perf_counter() - began)

    async def each(self, items: Iterable[Item], act: Callable[[Item], object]) -> None:
        """Call ``act`` for each item: as many of them in one slice as take ``SHORT``, at least one."""
        left = iter(items)
        item = next(left, None)
        while item is not None:
            async with self.slice():
                until = time.perf_counter() + SHORT
                while item is not None:
                    act(item)
                    item = next(left, None)
                    if time.perf_counter() >= until:
                        break

    async def encode(
        self, items: list[Item], encode: Callable[[Sequence[Item]], bytes], between: bytes = b""
    ) -> list[bytes]:
        """The result of ``encode`` for each ``PIECE`` items, with ``between`` between two pieces. Empties ``items``."""
        pieces: list[bytes] = []
        async for piece in self.written(items, encode, PIECE):
            pieces.append(between + piece if pieces else piece)
        return pieces

    async def written(
        self, items: list[Item], write: Callable[[Sequence[Item]], bytes], size: int = LINES
    ) -> AsyncIterator[bytes]:
        """The result of ``write`` for each ``size`` items. Empties ``items``: 5,000 of them freed at once, when the
        answer is there, would hold the loop for a millisecond."""
        while items:
            async with self.slice():
                piece = write(items[:size])
                del items[:size]
            yield piece


class Pieces(Response):
    """A response of several pieces and a known length. A piece is sent when the client has taken those before."""

    def __init__(self, pieces: list[bytes], headers: Mapping[str, str] | None = None, media_type: str = "") -> None:
        super().__init__(None, 200, headers, media_type)
        self.pieces = pieces
        self.headers["content-length"] = str(sum(map(len, pieces)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            # uvicorn waits here only for a client that is slow.
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
