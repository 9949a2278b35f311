"""Queries of visits and crossings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from hub.stores.postgres.connection import collect, statements
from hub.wire.stored import Crossing, Visit

SQL = statements(Path(__file__).with_name("reads.sql"))

BEFORE_ALL = ("", UUID(int=0))
"""Driver and fence that come before any."""


class Wanted(NamedTuple):
    """Which rows are wanted: of one fence, of one driver, of some drivers; all where None."""

    fence_id: UUID | None = None
    driver_id: str | None = None
    drivers: list[str] | None = None


class InsideNow(NamedTuple):
    """An open visit, in short."""

    fleet: str
    driver_id: str
    fence_id: UUID
    entered_at: datetime


async def visits(
    connection: asyncpg.Connection,
    fleet: str,
    wanted: Wanted,
    since: datetime,
    until: datetime,
    limit: int,
    after: tuple[str, UUID] = BEFORE_ALL,
) -> list[Visit]:
    """Visits that began from ``since`` to before ``until`` in order of time, driver and fence, at most ``limit``; of
    those at ``since`` the ones after a driver and fence."""
    return await collect(connection, _visit, SQL.visits, fleet, since, until, limit, *after, *wanted)


async def crossings(
    connection: asyncpg.Connection,
    fleet: str,
    wanted: Wanted,
    since: datetime,
    until: datetime,
    limit: int,
    after: tuple[str, UUID] = BEFORE_ALL,
) -> list[Crossing]:
    """The same for crossings."""
    return await collect(
        connection, lambda row: Crossing(**row), SQL.crossings, fleet, since, until, limit, *after, *wanted
    )


async def inside(connection: asyncpg.Connection, fleet: str, wanted: Wanted, limit: int) -> list[Visit]:
    """Visits that are open now, the longest first."""
    return await collect(connection, _visit, SQL.inside, fleet, *wanted, limit)


async def all_inside(connection: asyncpg.Connection) -> list[InsideNow]:
    """The open visits of all fleets."""
    return await collect(connection, lambda row: InsideNow(*row), SQL.all_inside)


async def names(connection: asyncpg.Connection, fleet: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of fences, of deleted ones too."""
    return {row["fence_id"]: row["name"] for row in await connection.fetch(SQL.names, fleet, list(ids))}


def _visit(row: Any) -> Visit:
    end = row.get("exited_at") or row["last_inside_at"]
    return Visit(**{**row, "duration": (end - row["entered_at"]).total_seconds()})
