"""Sends events of the recorder (trips) to subscribers: the only data that comes back from the durable path."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from hub.core.live.hub import Hub
from hub.logs import Action, get_logger
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.event_reader import EventFeed
from hub.wire.events import REMOVAL

log = get_logger()

BLOCK = 1.0
"""Seconds that one read waits for events."""

RETRY = 1.0


async def announce(
    hub: Hub, redis_url: str, patience: float, removed: Callable[[str, bytes], None] = lambda fleet, payload: None
) -> None:
    """Pass events to the hub until cancelled, and removals of drivers (fleet, payload) to ``removed``. A Redis that is
    silent for ``patience`` seconds is away; meanwhile events wait in its stream."""
    redis = connect(redis_url, patience, BLOCK)
    feed = EventFeed(redis, BLOCK)
    try:
        while True:
            try:
                events, bad = await feed.read()
            except UNAVAILABLE:
                # The appender reports that Redis is away.
                await redis.connection_pool.disconnect()
                await asyncio.sleep(RETRY)
                continue
            for error in bad:
                log.error(Action.INTERNAL_ERROR, where="events", error=str(error)[:200])
            for event in events:
                try:
                    if event.payload.startswith(REMOVAL):
                        removed(event.fleet, event.payload)
                    else:
                        hub.announce(event.fleet, event.driver_id, event.payload)
                except msgspec.DecodeError as error:
                    log.error(Action.INTERNAL_ERROR, where="events", error=str(error)[:200])
    finally:
        await redis.aclose()
