"""Groups of drivers and vehicles: names that their rows have."""

from __future__ import annotations

from pathlib import Path

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import collect, statements

SQL = statements(Path(__file__).with_name("groups.sql"))


class Group(Struct, rename="camel"):
    """A group, and how many drivers and vehicles name it. ``staleAfter``, ``offlineAfter``, ``retentionMonths``: of its
    drivers that have none of their own; null: as the hub's settings."""

    name: str
    drivers: int
    vehicles: int
    stale_after: float | None
    offline_after: float | None
    retention_months: int | None


async def current(connection: asyncpg.Connection) -> dict[str, dict[str, frozenset[str]]]:
    """Fleet -> driver -> its groups and those of its vehicle, without drivers in none."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for fleet, driver_id, names in await collect(connection, tuple, SQL.current):
        if names:
            found.setdefault(fleet, {})[driver_id] = frozenset(names)
    return found


async def groups(connection: asyncpg.Connection, fleet: str, name: str | None = None) -> list[Group]:
    """The groups of a fleet by name; only ``name``, where it is given."""
    return [Group(**row) for row in await connection.fetch(SQL.counts, fleet, name)]


async def put_settings(
    connection: asyncpg.Connection,
    fleet: str,
    name: str,
    stale_after: float | None,
    offline_after: float | None,
    retention_months: int | None,
) -> None:
    """Give a group these settings in place of those that it had."""
    await connection.execute(SQL.put_settings, fleet, name, stale_after, offline_after, retention_months)


async def delete_settings(connection: asyncpg.Connection, fleet: str, name: str) -> bool:
    """Remove the settings of a group; False if it had none."""
    return await connection.fetchval(SQL.delete_settings, fleet, name) is not None
