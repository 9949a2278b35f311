"""Events of the recorder (trips) on their way to subscribers: the only thing that comes back from the durable path."""

from __future__ import annotations

import asyncio

from hub.core.live.hub import Hub
from hub.logs import Action, get_logger
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.event_reader import EventFeed

log = get_logger()

BLOCK = 1.0
"""Seconds that one read waits for events."""

RETRY = 1.0


async def announce(hub: Hub, redis_url: str, patience: float) -> None:
    """Hand events to the hub until cancelled. A Redis that says nothing for ``patience`` seconds is away; meanwhile
    events wait in its stream."""
    redis = connect(redis_url, patience, BLOCK)
    feed = EventFeed(redis, BLOCK)
    try:
        while True:
            try:
                events, bad = await feed.read()
            except UNAVAILABLE:
                # The appender says that Redis is away; here it is only waited for.
                await redis.connection_pool.disconnect()
                await asyncio.sleep(RETRY)
                continue
            for error in bad:
                log.error(Action.INTERNAL_ERROR, where="events", error=str(error)[:200])
            for event in events:
                hub.announce(event.fleet, event.driver_id, event.payload)
    finally:
        await redis.aclose()
