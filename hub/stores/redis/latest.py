"""Reads latest positions back at start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import msgspec
from msgspec import Raw
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
    async for fleet, rows in _fleets(redis):
        positions = fleets[fleet] = []
        for driver_id, row in rows.items():
            try:
                positions.append(_position.decode(row))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                log.error(Action.DEAD_LETTER, fleet=fleet, driver_id=driver_id.decode(), reason=str(error))
    return fleets


async def load_raw(redis: Redis) -> dict[str, list[Raw]]:
    """The same, encoded and unchecked. Raises one of ``UNAVAILABLE``."""
    return {fleet: [Raw(row) for row in rows.values()] async for fleet, rows in _fleets(redis)}


async def _fleets(redis: Redis) -> AsyncIterator[tuple[str, dict[bytes, bytes]]]:
    for name in cast(set[bytes], await redis.smembers(FLEETS_KEY)):
        fleet = name.decode()
        yield fleet, cast(dict[bytes, bytes], await redis.hgetall(latest_key(fleet)))
