"""Requests to remove a driver from the live fleet, or to erase its history."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct, field

from hub.stores.postgres.connection import Connection, statements
from hub.wire.notices.digest import TYPE as DIGEST
from hub.wire.notices.digest import Digest, without

SQL = statements(Path(__file__).with_suffix(".sql"))

_digest = msgspec.json.Decoder(Digest)


class Erasure(Struct, rename="camel"):
    """A request and how far it is. ``positions`` counts those deleted so far; ``finished_at`` is null until everything
    of the driver from up to ``until`` is gone. ``history``: false for a removal from the live fleet."""

    id: UUID = field(name="erasureId")
    driver_id: str
    until: datetime
    history: bool
    requested_at: datetime
    finished_at: datetime | None
    positions: int


class OpenErasure(NamedTuple):
    """A request that is not finished."""

    id: UUID
    fleet: str
    driver_id: str
    until: datetime
    history: bool


class Removed(NamedTuple):
    """``until``: when the driver was last removed or erased; ``history``: up to when its history is erased."""

    fleet: str
    driver_id: str
    until: datetime
    history: datetime | None


async def request_erasure(
    connection: Connection, fleet: str, driver_id: str, until: datetime, *, history: bool
) -> Erasure:
    """Ask for the removal of a driver from the live fleet, with its history if ``history``. The recorder carries it
    out, and tells all hubs."""
    return Erasure(**await connection.fetchrow(SQL.request, fleet, driver_id, until, history))


async def erasure(connection: Connection, fleet: str, id: UUID) -> Erasure | None:
    """An erasure of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.erasure, fleet, id)
    return None if row is None else Erasure(**row)


async def open_erasures(connection: Connection) -> list[OpenErasure]:
    """Requests that are not finished, oldest first."""
    return [OpenErasure(*row) for row in await connection.fetch(SQL.open)]


async def deleted(connection: Connection, id: UUID) -> int | None:
    """How many positions an erasure has deleted; None until it is done."""
    count: int | None = await connection.fetchval(SQL.deleted, id)
    return count


async def finish_erasure(connection: Connection, id: UUID) -> None:
    """Note that an erasure is done."""
    await connection.execute(SQL.finish, id)


async def removals(connection: Connection) -> list[Removed]:
    """All drivers that were removed or erased."""
    return [Removed(*row) for row in await connection.fetch(SQL.removals)]


async def expire_removals(connection: Connection, before: datetime) -> None:
    """Forget removals from the live fleet that were finished before an instant."""
    await connection.execute(SQL.expire, before)


async def has_data(connection: Connection, fleet: str, driver_id: str) -> bool:
    """Whether a fleet has anything of a driver: an entry in the registry, positions, trips, links, a state, assignments
    or payloads."""
    return bool(await connection.fetchval(SQL.has_data, fleet, driver_id))


async def delete_ahead(connection: Connection, erasure: OpenErasure, most: int) -> int:
    """Delete about ``most`` positions that were received up to the instant of an erasure and recorded after it. Returns
    how many; fewer if no more are left."""
    driver = erasure.fleet, erasure.driver_id
    async with connection.transaction():
        end = await connection.fetchval(SQL.end_ahead, *driver, erasure.until, most)
        done = end and await connection.execute(SQL.delete_ahead, *driver, erasure.until, end)
        return await _count(connection, erasure, done)


async def delete_past(connection: Connection, erasure: OpenErasure, most: int) -> int:
    """The same for those that were recorded up to the instant."""
    driver = erasure.fleet, erasure.driver_id
    async with connection.transaction():
        end = await connection.fetchval(SQL.end_past, *driver, erasure.until, most)
        done = end and await connection.execute(SQL.delete_past, *driver, end)
        return await _count(connection, erasure, done)


async def _count(connection: Connection, erasure: OpenErasure, done: str | None) -> int:
    count = int(done.removeprefix("DELETE ")) if done else 0
    if count:
        await connection.execute(SQL.count, erasure.id, count)
    return count


async def delete_traces(connection: Connection, erasure: OpenErasure) -> None:
    """Delete what is about a driver besides positions and the tables of folds: events, alerts and what was sent of
    them, maintenance that was done, share links, the state, assignments of vehicles, payloads of the quarantine, dead
    letters, traces of positions."""
    fleet, driver_id = erasure.fleet, erasure.driver_id
    word = word_of(driver_id)
    await connection.execute(SQL.erase_events, fleet, driver_id)
    for statement in (
        SQL.erase_traced,
        SQL.erase_shares,
        SQL.erase_state,
        SQL.erase_assignments,
        SQL.cut_assignments,
        SQL.cut_present_assignment,
    ):
        await connection.execute(statement, fleet, driver_id, erasure.until)
    await connection.execute(SQL.erase_maintenance, fleet, driver_id)
    await delete_alerts(connection, erasure)
    await connection.execute(SQL.erase_payloads, fleet, driver_id, erasure.until, word)
    await connection.execute(SQL.erase_dead_letters, fleet, word)


async def delete_alerts(connection: Connection, erasure: OpenErasure) -> None:
    """Delete the alerts about a driver, what the notifier knows of it, and what was sent or is to be sent. Digests keep
    the alerts about other drivers. The notifier may have begun a transaction with the driver's events before, so this
    is done again when they are gone."""
    fleet, driver_id = erasure.fleet, erasure.driver_id
    for statement in (SQL.erase_alerts, SQL.erase_alert_messages, SQL.erase_presences, SQL.erase_deliveries):
        await connection.execute(statement, fleet, driver_id)
    for id, data in await connection.fetch(SQL.digests, fleet, DIGEST, word_of(driver_id)):
        left = without(_digest.decode(data), driver_id)
        if left is None:
            await connection.execute(SQL.delete_digest, id)
        else:
            await connection.execute(SQL.change_digest, id, msgspec.json.encode(left).decode())


def word_of(driver_id: str) -> str:
    """PostgreSQL's regular expression of a driver id between characters that no id has."""
    return f"(^|[^A-Za-z0-9._:-]){re.escape(driver_id)}($|[^A-Za-z0-9._:-])"


async def first_after(
    connection: Connection, erasure: OpenErasure
) -> tuple[datetime, int, int, float | None, float | None] | None:
    """Instant, latitude and longitude in e7, speed and accuracy of the driver's first position after an erasure."""
    row = await connection.fetchrow(SQL.first_after, erasure.fleet, erasure.driver_id, erasure.until)
    return None if row is None else tuple(row)
