"""Reads latest positions back at start."""

from __future__ import annotations

from typing import cast

import msgspec
from redis.asyncio import Redis

from hub.core.nouns import Position
from hub.logs import Action, get_logger
from hub.wire.log import FLEETS_KEY, latest_key

log = get_logger()

_position = msgspec.json.Decoder(Position)


async def load(redis: Redis) -> dict[str, list[Position]]:
    """Fleet id -> the latest position of each of its drivers. Raises one of ``UNAVAILABLE``.

    A position that cannot be read is left out; the next fix of the driver replaces it.
    """
    fleets: dict[str, list[Position]] = {}
    for name in cast(set[bytes], await redis.smembers(FLEETS_KEY)):
        fleet = name.decode()
        positions = fleets[fleet] = []
        for driver_id, row in cast(dict[bytes, bytes], await redis.hgetall(latest_key(fleet))).items():
            try:
                positions.append(_position.decode(row))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                log.error(Action.DEAD_LETTER, fleet=fleet, driver_id=driver_id.decode(), reason=str(error))
    return fleets
