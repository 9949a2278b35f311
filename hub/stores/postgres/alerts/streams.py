"""Positions that channels forward: which were added, and how far each channel is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import asyncpg
from msgspec import UNSET, Raw

from hub.stores.postgres.connection import Connection, statements
from hub.wire.stored import StoredPosition

SQL = statements(Path(__file__).with_name("streams.sql"))


class Waiting(NamedTuple):
    """A position that is to be forwarded: number ``number`` of the row ``batch``."""

    batch: int
    number: int
    driver_id: str
    recorded_at: datetime


class Forwarded(NamedTuple):
    """``name``: of the driver; empty for one that is not registered."""

    position: StoredPosition
    name: str


async def fleets(connection: Connection) -> set[str]:
    """Fleets with a channel that forwards positions."""
    return {row["fleet"] for row in await connection.fetch(SQL.fleets)}


async def note(connection: Connection, fleet: str, drivers: Sequence[str], instants: Sequence[datetime]) -> None:
    """Note positions that the open transaction has added."""
    await connection.execute(SQL.note, fleet, drivers, instants)


async def begin(connection: Connection) -> None:
    """Give channels that are new a cursor, and take it from those that forward no positions any more."""
    await connection.execute(SQL.stop)
    await connection.execute(SQL.begin)


async def due(connection: Connection, now: datetime) -> list[UUID]:
    """Channels with positions to forward."""
    return [row["id"] for row in await connection.fetch(SQL.due, now)]


async def lock(connection: Connection, id: UUID) -> bool:
    """Take the lock of a channel's stream for the session. False while another session has it."""
    return bool(await connection.fetchval(SQL.lock, str(id)))


async def unlock(connection: Connection, id: UUID) -> None:
    await connection.execute(SQL.unlock, str(id))


async def waiting(connection: asyncpg.Connection, id: UUID, limit: int) -> list[Waiting]:
    """The next positions of a channel, in the order of arrival."""
    return [Waiting(*row) for row in await connection.fetch(SQL.waiting, id, limit)]


async def positions(connection: asyncpg.Connection, fleet: str, wanted: Sequence[Waiting]) -> list[Forwarded]:
    """The content of positions, in the given order, without those that were erased since."""
    drivers, instants = [one.driver_id for one in wanted], [one.recorded_at for one in wanted]
    found = []
    for row in await connection.fetch(SQL.positions, fleet, drivers, instants):
        fields = dict(row)
        name, attributes = fields.pop("name"), fields.pop("attributes")
        raw = UNSET if attributes is None else Raw(attributes.encode())
        found.append(Forwarded(StoredPosition(**fields, attributes=raw), name))
    return found


async def advance(connection: asyncpg.Connection, id: UUID, last: Waiting) -> None:
    """Everything up to ``last`` is confirmed."""
    await connection.execute(SQL.advance, id, last.batch, last.number)


async def expire(connection: Connection, before: datetime, passed: datetime) -> None:
    """Forget positions that were added before ``before``, and what all channels had forwarded before ``passed``."""
    await connection.execute(SQL.expire, before, passed)


async def erase(connection: Connection, fleet: str, driver_id: str, until: datetime) -> None:
    """Forget the name of a driver for its positions that were recorded or received up to ``until``."""
    await connection.execute(SQL.erase, fleet, driver_id, until)
