"""The layout of the log in Redis: made at the first start, and then what every process goes by."""

from __future__ import annotations

import secrets
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, ResponseError

from hub.logs import Action, get_logger
from hub.wire.layout import LAYOUT_KEY, Layout, load
from hub.wire.log import FLEETS_KEY, LOG_KEY

log = get_logger()

OLD_GEO = "hub:geo:*"
"""Keys of the places of drivers, which hubs up to 0.1 wrote and nothing reads."""


class LayoutRefused(Exception):
    """The log cannot be used as the settings ask. The text says why and what is allowed."""


async def layout(redis: Redis, asked: int) -> Layout:
    """The layout of the log, which the first call makes with ``asked`` partitions. A log from before layouts has one.

    Of processes that start at the same time one makes it. Raises ``LayoutRefused`` if the log has another number of
    partitions and ``asked`` is not 1, the default, and one of ``UNAVAILABLE``."""
    stored: Any = await redis.get(LAYOUT_KEY)
    if stored is None:
        old = await redis.exists(LOG_KEY) or await redis.exists(FLEETS_KEY)
        made = Layout(secrets.token_urlsafe(6), 1 if old else asked)
        if old:
            try:
                await delete_places(redis)
            except ResponseError as error:  # not allowed to the user: they only take room
                log.warning(Action.REDIS_SETTINGS, problem=f"the keys {OLD_GEO}, of no use, cannot be deleted: {error}")
        try:
            await redis.set(LAYOUT_KEY, made.dump(), nx=True)
        except OutOfMemoryError:
            if asked == 1 or old:  # live positions go on; the next start writes it
                return made
            raise
        stored = await redis.get(LAYOUT_KEY)
    try:
        found = load(stored)
    except ValueError as error:
        raise LayoutRefused(f"the key {LAYOUT_KEY} cannot be read: {error}") from error
    count = len(found.partitions)
    if asked not in (1, count):
        raise LayoutRefused(
            f"HUB_PARTITIONS is {asked}, but the log in Redis was made with {count}: set HUB_PARTITIONS={count}, or "
            "use an empty Redis"
        )
    return found


async def delete_places(redis: Redis) -> int:
    """Delete the places of drivers that older hubs wrote. Returns the number of keys."""
    keys = [key async for key in redis.scan_iter(match=OLD_GEO, count=1_000)]
    return sum([await redis.unlink(key) for key in keys])
