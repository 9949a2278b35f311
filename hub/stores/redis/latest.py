"""Reads latest positions back at start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import cast

import msgspec
from msgspec import Raw
from redis.asyncio import Redis

from hub.core.nouns import Position
from hub.logs import Action, get_logger
from hub.wire.layout import ONE, Partition

log = get_logger()

_position = msgspec.json.Decoder(Position)


async def load(redis: Redis, partitions: Sequence[Partition] = ONE.partitions) -> dict[str, list[Position]]:
    """Fleet id -> the latest position of each of its drivers. Raises one of ``UNAVAILABLE``.

    A position that cannot be read is left out; the next fix of the driver replaces it.
    """
    fleets: dict[str, list[Position]] = {}
    async for fleet, rows in _fleets(redis, partitions):
        positions = fleets.setdefault(fleet, [])
        for driver_id, row in rows.items():
            try:
                position = _position.decode(row)
                if position.recorded_at.tzinfo is None or position.received_at.tzinfo is None:
                    raise msgspec.ValidationError("an instant has no offset from UTC")
                positions.append(position)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                name = driver_id.decode(errors="replace")
                log.error(Action.DEAD_LETTER, fleet=fleet, driver_id=name, reason=str(error))
    return fleets


async def load_raw(redis: Redis, partitions: Sequence[Partition] = ONE.partitions) -> dict[str, list[Raw]]:
    """The same, encoded and unchecked. Raises one of ``UNAVAILABLE``."""
    found: dict[str, list[Raw]] = {}
    async for fleet, rows in _fleets(redis, partitions):
        found.setdefault(fleet, []).extend(map(Raw, rows.values()))
    return found


async def drivers(redis: Redis, partition: Partition, fleet: str) -> set[str]:
    """The drivers of a fleet that have a stored latest position. Raises one of ``UNAVAILABLE``."""
    names = cast(list[bytes], await redis.hkeys(partition.latest(fleet)))
    return {name.decode(errors="replace") for name in names}


async def _fleets(redis: Redis, partitions: Sequence[Partition]) -> AsyncIterator[tuple[str, dict[bytes, bytes]]]:
    """The fleets of each partition."""
    for partition in partitions:
        for name in cast(set[bytes], await redis.smembers(partition.fleets)):
            fleet = name.decode(errors="replace")  # without a hash, if it is of another program
            yield fleet, cast(dict[bytes, bytes], await redis.hgetall(partition.latest(fleet)))
