"""Follows the streams in Redis from which this node passes on what it reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

from redis.asyncio import Redis

from hub.stores.redis.connection import UNAVAILABLE, connect, disconnect

BLOCK = 1.0
"""Seconds that one read waits for entries."""

RETRY = 1.0
"""Seconds between two tries while Redis is away."""

Found = TypeVar("Found", covariant=True)


class Feed(Protocol[Found]):
    """A place in a stream. ``read`` waits at most ``BLOCK`` seconds, and raises one of ``UNAVAILABLE``."""

    async def read(self) -> Found: ...


async def follow(
    redis_url: str, key: str, patience: float, feed_of: Callable[[Redis], Feed[Found]], pass_on: Callable[[Found], None]
) -> None:
    """Pass on what a feed reads from the stream ``key`` until cancelled. A Redis that is silent for ``patience``
    seconds is away; meanwhile entries wait in its stream. The appender reports it."""
    # With the key: the client of a whole cluster asks a server before each XREAD where the keys in it are.
    redis = connect(redis_url, patience, BLOCK, key=key)
    feed = feed_of(redis)
    try:
        while True:
            try:
                found = await feed.read()
            except UNAVAILABLE:
                await disconnect(redis)
                await asyncio.sleep(RETRY)
                continue
            pass_on(found)
    finally:
        await redis.aclose()
