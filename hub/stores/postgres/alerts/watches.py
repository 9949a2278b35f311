"""What rules by the clock ask: who is inside a fence, who has been standing, and how far the rounds have come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("alerts.sql"))


class Presence(NamedTuple):
    """A driver inside a fence."""

    driver_id: str
    fence_id: str
    visit_id: str
    fence_name: str
    entered_at: datetime


class Standing(NamedTuple):
    """A stop that lasts."""

    driver_id: str
    started_at: datetime
    latitude: float
    longitude: float


class Stood(NamedTuple):
    """An alert about a stop that is over. ``ended_at``: None if it was none."""

    driver_id: str
    episode: str
    ended_at: datetime | None


async def enter(connection: Connection, fleet: str, presence: Presence) -> None:
    driver_id, fence_id, visit_id, name, entered_at = presence
    await connection.execute(SQL.enter, fleet, driver_id, fence_id, visit_id, name, entered_at)


async def leave(connection: Connection, fleet: str, driver_id: str, visit_id: str) -> None:
    await connection.execute(SQL.leave, fleet, driver_id, visit_id)


async def inside(
    connection: Connection, fleet: str, fences: Sequence[str], drivers: Collection[str] | None
) -> list[Presence]:
    """Which drivers are inside which fences (empty: all). ``drivers``: only of these, unless None."""
    return [Presence(*row) for row in await connection.fetch(SQL.inside, fleet, fences, drivers)]


async def dwelling(
    connection: Connection,
    fleet: str,
    fences: Sequence[str],
    drivers: Collection[str] | None,
    since: datetime,
    rule_id: UUID,
) -> list[Presence]:
    """Drivers that have been inside since an instant, without an alert of the rule."""
    rows = await connection.fetch(SQL.dwelling, fleet, fences, drivers, since, rule_id)
    return [Presence(*row) for row in rows]


async def standing(
    connection: Connection,
    fleet: str,
    drivers: Collection[str] | None,
    first: datetime,
    last: datetime,
    rule_id: UUID,
) -> list[Standing]:
    """Stops that last and began between two instants, without an alert of the rule."""
    rows = await connection.fetch(SQL.standing, fleet, first, last, drivers, rule_id)
    return [Standing(*row) for row in rows]


async def stood(connection: Connection, rule_id: UUID) -> list[Stood]:
    """Open alerts of the rule whose stop is over."""
    return [Stood(*row) for row in await connection.fetch(SQL.stood, rule_id)]


async def ticked(connection: Connection, part: str) -> datetime | None:
    """Until when a part has been followed."""
    found: datetime | None = await connection.fetchval(SQL.ticked, part)
    return found


async def tick(connection: Connection, part: str, now: datetime) -> None:
    await connection.execute(SQL.tick, part, now)
