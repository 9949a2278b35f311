"""Signs of life without a position, told to the other hubs and heard from them: a driver that only sends heartbeats is
online at every hub."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis

from hub.core.live.hub import Hub
from hub.edge.clock import Clock
from hub.edge.log.feeds import BLOCK, follow
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.events.signs import SIGNS_KEY, SignFeed, Signs, append

EVERY = 1.0
"""Seconds between two entries of a hub that has heard drivers."""


async def send_signs(hub: Hub, clock: Clock, redis: Redis) -> None:
    """Tell the other hubs what this one has heard, until cancelled. While Redis is away, signs are lost: those that
    count come again."""
    while True:
        await asyncio.sleep(EVERY)
        now = clock.now()
        heard = hub.presence.take_signs(now)
        if heard:
            try:
                await append(redis, hub.epoch, now, heard)
            except UNAVAILABLE:  # the appender reports it
                continue


async def hear_signs(hub: Hub, clock: Clock, redis_url: str, patience: float) -> None:
    """Hear what the other hubs have heard, until cancelled."""

    def pass_on(found: list[Signs]) -> None:
        for signs in found:
            if signs.node != hub.epoch:
                at = min(clock.now(), signs.at)
                for fleet, drivers in signs.drivers.items():
                    hub.presence.hear_elsewhere(hub.fleet(fleet), drivers, at)

    await follow(redis_url, SIGNS_KEY, patience, lambda redis: SignFeed(redis, BLOCK), pass_on)
