"""The stream of events in Redis: the recorder appends, every hub reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from redis.asyncio import Redis

from hub.wire.events import EVENTS_KEPT, EVENTS_KEY, Event, encode_event

AT_ONCE = 1_000
"""Entries that are read at a time: half a megabyte."""


async def append(client: Redis, events: Iterable[Event]) -> None:
    """Append events in one round trip. Raises one of ``UNAVAILABLE``; then some may be in the stream."""
    pipeline = client.pipeline(transaction=False)
    for event in events:
        pipeline.xadd(EVENTS_KEY, encode_event(event), maxlen=EVENTS_KEPT, approximate=True)  # type: ignore[arg-type]
    await pipeline.execute()


async def remove(client: Redis, fleet: str, driver_id: str) -> int:
    """Remove the events of a driver from the stream, and return their number. Raises one of ``UNAVAILABLE``."""
    wanted = fleet.encode(), driver_id.encode()
    start, count = "-", 0
    while entries := cast(list[tuple[bytes, dict[bytes, bytes]]], await client.xrange(EVENTS_KEY, start, "+", AT_ONCE)):
        found = [id for id, fields in entries if (fields.get(b"fleet"), fields.get(b"driver")) == wanted]
        if found:
            count += await client.xdel(EVENTS_KEY, *found)
        start = f"({entries[-1][0].decode()}"
    return count
