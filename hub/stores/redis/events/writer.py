"""The streams of events and alerts in Redis: the recorder appends events, and removes erased drivers from both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from redis.asyncio import Redis

from hub.wire.events import EVENTS_KEPT, Event, encode_event
from hub.wire.notices.alerts import ALERTS_KEY

AT_ONCE = 1_000
"""Entries that are read at a time: half a megabyte."""


async def append(client: Redis, key: str, events: Iterable[Event]) -> None:
    """Append events to the stream ``key`` in one round trip. Raises one of ``UNAVAILABLE``; then some may be in it."""
    pipeline = client.pipeline(transaction=False)
    for event in events:
        pipeline.xadd(key, encode_event(event), maxlen=EVENTS_KEPT, approximate=True)  # type: ignore[arg-type]
    await pipeline.execute()


async def remove(client: Redis, events_key: str, fleet: str, driver_id: str) -> int:
    """Remove what is about a driver from its stream of events and that of alerts, and return the number of entries.
    Raises one of ``UNAVAILABLE``."""
    return sum([await _remove(client, key, fleet, driver_id) for key in (events_key, ALERTS_KEY)])


async def _remove(client: Redis, key: str, fleet: str, driver_id: str) -> int:
    wanted = fleet.encode(), driver_id.encode()
    start, count = "-", 0
    while entries := cast(list[tuple[bytes, dict[bytes, bytes]]], await client.xrange(key, start, "+", AT_ONCE)):
        found = [id for id, fields in entries if (fields.get(b"fleet"), fields.get(b"driver")) == wanted]
        if found:
            count += await client.xdel(key, *found)
        start = f"({entries[-1][0].decode()}"
    return count
