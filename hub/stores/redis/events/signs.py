"""The stream of signs of life: which drivers a hub has heard that sent no position. Positions are in the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis

SIGNS_KEY = "hub:signs"
"""Stream; each entry has the epoch of its hub, and fleet -> drivers as JSON."""

KEPT = 1_000
"""Entries, one a second and hub: a sign is of use for as long as a driver takes to be stale."""

_heard = msgspec.json.Decoder(dict[str, list[str]])


class Signs(NamedTuple):
    """``at``: Unix time of Redis when they were written; ``drivers``: those heard, by fleet."""

    node: str
    at: float
    drivers: dict[str, list[str]]


async def append(client: Redis, node: str, drivers: Mapping[str, list[str]]) -> None:
    """Append the drivers that a hub has heard. Raises one of ``UNAVAILABLE``."""
    fields: Any = {"node": node, "heard": msgspec.json.encode(drivers)}
    await client.xadd(SIGNS_KEY, fields, maxlen=KEPT, approximate=True)


class SignFeed:
    """A place in the stream. ``redis`` must allow calls longer than ``block`` seconds."""

    def __init__(self, redis: Redis, block: float) -> None:
        self._redis, self._block = redis, int(block * 1_000)
        self._entry: bytes | None = None

    async def read(self) -> list[Signs]:
        """Wait at most ``block`` seconds for signs. The first call skips older ones. Raises one of ``UNAVAILABLE``."""
        if self._entry is None:
            last: Any = await self._redis.xrevrange(SIGNS_KEY, count=1)
            self._entry = last[0][0] if last else b"0-0"
        found: Any = await self._redis.xread({SIGNS_KEY: self._entry}, count=100, block=self._block)
        signs = []
        for _, entries in found or ():
            for self._entry, fields in entries:
                at = int(self._entry.partition(b"-")[0]) / 1_000
                try:
                    signs.append(Signs(fields[b"node"].decode(), at, _heard.decode(fields[b"heard"])))
                except (KeyError, UnicodeDecodeError, msgspec.MsgspecError):
                    continue  # of another version: signs come again
        return signs
