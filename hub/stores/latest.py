"""Reading latest positions back at start."""

from __future__ import annotations

import msgspec
from redis.asyncio import Redis

from hub.core.nouns import Position
from hub.wire.log import FLEETS_KEY, latest_key

_position = msgspec.json.Decoder(Position)


async def load(redis: Redis) -> dict[str, list[Position]]:
    """Fleet id -> the latest position of each of its drivers. Raises one of ``UNAVAILABLE``."""
    fleets: dict[str, list[Position]] = {}
    for name in await redis.smembers(FLEETS_KEY):  # type: ignore[misc]
        fleet = name.decode()
        rows = await redis.hvals(latest_key(fleet))  # type: ignore[misc]
        fleets[fleet] = [_position.decode(row) for row in rows]
    return fleets
