"""Reads latest positions back: at start, and when a node begins to follow a partition."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, cast

import msgspec
from msgspec import Raw
from redis.asyncio import Redis

from hub.core.nouns import Position
from hub.logs import Action, get_logger
from hub.wire.layout import ONE, Partition

log = get_logger()

_position = msgspec.json.Decoder(Position)

PIECE = 500
"""Positions that Redis reads at once for ``each_fleet``: it answers others in between, and so does the hub."""


async def load(redis: Redis, partitions: Sequence[Partition] = ONE.partitions) -> dict[str, list[Position]]:
    """Fleet id -> the latest position of each of its drivers. Raises one of ``UNAVAILABLE``.

    A position that cannot be read is left out; the next fix of the driver replaces it.
    """
    fleets: dict[str, list[Position]] = {}
    async for fleet, rows in _fleets(redis, partitions):
        fleets.setdefault(fleet, []).extend(_decoded(fleet, rows).values())
    return fleets


async def each_fleet(redis: Redis, partition: Partition) -> AsyncIterator[tuple[str, list[Position]]]:
    """The same, a fleet of a partition after the other, in pieces. Raises one of ``UNAVAILABLE``."""
    for name in cast(set[bytes], await redis.smembers(partition.fleets)):
        fleet = name.decode(errors="replace")
        # A hash that changes is read twice in part.
        found: dict[bytes, Position] = {}
        cursor: Any = 0
        while True:
            cursor, rows = await redis.hscan(partition.latest(fleet), cursor, count=PIECE)
            found |= _decoded(fleet, cast(dict[bytes, bytes], rows))
            if not int(cursor):
                break
        yield fleet, list(found.values())


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


def _decoded(fleet: str, rows: Mapping[bytes, bytes]) -> dict[bytes, Position]:
    positions = {}
    for driver_id, row in rows.items():
        try:
            position = _position.decode(row)
            if position.recorded_at.tzinfo is None or position.received_at.tzinfo is None:
                raise msgspec.ValidationError("an instant has no offset from UTC")
            positions[driver_id] = position
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            name = driver_id.decode(errors="replace")
            log.error(Action.DEAD_LETTER, fleet=fleet, driver_id=name, reason=str(error))
    return positions


async def _fleets(redis: Redis, partitions: Sequence[Partition]) -> AsyncIterator[tuple[str, dict[bytes, bytes]]]:
    """The fleets of each partition."""
    for partition in partitions:
        for name in cast(set[bytes], await redis.smembers(partition.fleets)):
            fleet = name.decode(errors="replace")  # without a hash, if it is of another program
            yield fleet, cast(dict[bytes, bytes], await redis.hgetall(partition.latest(fleet)))
