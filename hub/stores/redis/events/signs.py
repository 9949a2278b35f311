"""The stream of signs of life: which drivers a hub has heard that sent no position. Positions are in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis

from hub.stores.redis.events.place import Place

SIGNS_KEY = "hub:signs"
"""Stream; each entry has the epoch of its hub, its time there, and fleet -> drivers as JSON."""

KEPT = 1_000
"""Entries, one a second and hub: a sign is of use for as long as a driver takes to be stale."""

AT_ONCE = 100
"""Entries that are read in one turn of the loop."""

_heard = msgspec.json.Decoder(dict[str, list[str]])


class Signs(NamedTuple):
    """``at``: when they were written, by the clock of the hub, since that of Redis may be set back; ``drivers``: those
    heard, by fleet."""

    node: str
    at: datetime
    drivers: dict[str, list[str]]


async def append(client: Redis, node: str, at: datetime, drivers: Mapping[str, list[str]]) -> None:
    """Append the drivers that a hub has heard up to an instant. Raises one of ``UNAVAILABLE``."""
    fields: Any = {"node": node, "at": at.isoformat(), "heard": msgspec.json.encode(drivers)}
    await client.xadd(SIGNS_KEY, fields, maxlen=KEPT, approximate=True)


class SignFeed:
    """A place in the stream. ``redis`` must allow calls longer than ``block`` seconds."""

    def __init__(self, redis: Redis, block: float) -> None:
        self._place = Place(redis, SIGNS_KEY, block)

    async def read(self) -> list[Signs]:
        """Wait at most ``block`` seconds for signs. The first call skips older ones. Raises one of ``UNAVAILABLE``."""
        return _signs(await self._place.read(AT_ONCE))


async def all_signs(client: Redis) -> AsyncIterator[list[Signs]]:
    """Those that are kept, in pieces, the newest first. Raises one of ``UNAVAILABLE``."""
    before = "+"
    while True:
        found: Any = await client.xrevrange(SIGNS_KEY, before, "-", count=AT_ONCE)
        if not found:
            break
        yield _signs(found)
        before = f"({found[-1][0].decode()}"


def _signs(entries: Iterable[tuple[bytes, dict[bytes, bytes]]]) -> list[Signs]:
    signs = []
    for _, fields in entries:
        try:
            at = datetime.fromisoformat(fields[b"at"].decode()).astimezone(UTC)
            signs.append(Signs(fields[b"node"].decode(), at, _heard.decode(fields[b"heard"])))
        except (KeyError, ValueError, OverflowError, msgspec.MsgspecError):
            continue  # of another version: signs come again
    return signs
