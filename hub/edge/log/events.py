"""Sends events of the recorder (trips) and alerts of the notifier to subscribers: the only data that comes back from
the durable path."""

from __future__ import annotations

import asyncio

from hub.core.live.hub import Hub
from hub.logs import Action, get_logger
from hub.stores.redis.alert_stream import AlertFeed
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.event_reader import EventFeed

log = get_logger()

BLOCK = 1.0
"""Seconds that one read waits for events."""

RETRY = 1.0


async def announce(hub: Hub, redis_url: str, patience: float) -> None:
    """Pass events to the hub until cancelled. A Redis that is silent for ``patience`` seconds is away; meanwhile events
    wait in its stream."""
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
                hub.announce(event.fleet, event.driver_id, event.payload)
    finally:
        await redis.aclose()


async def announce_alerts(hub: Hub, redis_url: str, patience: float) -> None:
    """The same for alerts, to subscriptions that ask for them."""
    redis = connect(redis_url, patience, BLOCK)
    feed = AlertFeed(redis, BLOCK)
    try:
        while True:
            try:
                found = await feed.read()
            except UNAVAILABLE:
                await redis.connection_pool.disconnect()
                await asyncio.sleep(RETRY)
                continue
            for event in found:
                hub.alert(event.fleet, event.driver_id, event.payload)
    finally:
        await redis.aclose()
