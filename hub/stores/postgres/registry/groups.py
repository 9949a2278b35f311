"""Groups of drivers and vehicles: names that their rows have."""

from __future__ import annotations

from pathlib import Path

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import collect, statements

SQL = statements(Path(__file__).with_name("groups.sql"))


class Group(Struct):
    """A group, and how many drivers and vehicles name it."""

    name: str
    drivers: int
    vehicles: int


async def current(connection: asyncpg.Connection) -> dict[str, dict[str, frozenset[str]]]:
    """Fleet -> driver -> its groups and those of its vehicle, without drivers in none."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for fleet, driver_id, names in await collect(connection, tuple, SQL.current):
        if names:
            found.setdefault(fleet, {})[driver_id] = frozenset(names)
    return found


async def groups(connection: asyncpg.Connection, fleet: str) -> list[Group]:
    """The groups of a fleet by name."""
    return [Group(**row) for row in await connection.fetch(SQL.counts, fleet)]
