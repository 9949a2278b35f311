"""The stream of events in Redis: the recorder appends, every hub reads."""

from __future__ import annotations

from collections.abc import Iterable

from redis.asyncio import Redis

from hub.wire.events import EVENTS_KEPT, EVENTS_KEY, Event, encode_event


async def append(client: Redis, events: Iterable[Event]) -> None:
    """Append events in one round trip. Raises one of ``UNAVAILABLE``; then some may be in the stream."""
    pipeline = client.pipeline(transaction=False)
    for event in events:
        pipeline.xadd(EVENTS_KEY, encode_event(event), maxlen=EVENTS_KEPT, approximate=True)  # type: ignore[arg-type]
    await pipeline.execute()
