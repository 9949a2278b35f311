"""What a backup asks PostgreSQL besides ``pg_dump``: counts of rows in the snapshot of the dump, and whether a database
is free to be restored into."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import asyncpg

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("copies.sql"))

KEPT_BY_MIGRATIONS = {"schema_steps", "schema_version"}
"""Tables with rows in a database that was never used."""

ERASURES = "erasures"
"""The table of which a restore keeps the target's rows."""


@asynccontextmanager
async def snapshot(connection: Connection) -> AsyncIterator[str]:
    """A snapshot of the database, by the name that ``pg_dump --snapshot`` takes; this connection sees the same."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield await connection.fetchval(SQL.export_snapshot)


async def rows(connection: Connection) -> dict[str, int]:
    """Table -> number of rows, of all tables of the hub's schema."""
    return {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for name in await _tables(connection)}


async def in_use(connection: Connection) -> list[str]:
    """The tables that hold data."""
    found = []
    for name in await _tables(connection):
        if name not in KEPT_BY_MIGRATIONS and await connection.fetchval(f'SELECT EXISTS (SELECT FROM "{name}")'):
            found.append(name)
    return found


async def schema_version(connection: Connection) -> int | None:
    """Version of the hub's schema; None for a database without the hub's tables."""
    try:
        version: int | None = await connection.fetchval(SQL.schema_version)
    except asyncpg.UndefinedTableError:
        return None
    return version


async def reopen_erasures(connection: Connection, since: datetime) -> None:
    """Have the erasures carried out again that were finished after an instant. A database of an earlier release has
    none."""
    if await connection.fetchval(SQL.has_erasures):
        await connection.execute(SQL.reopen_erasures, since)


async def other_hubs(connection: Connection) -> list[str]:
    """Names of the parts of running hubs that are connected to the database."""
    return [row["application_name"] for row in await connection.fetch(SQL.other_hubs)]


async def _tables(connection: Connection) -> list[str]:
    return [row["relname"] for row in await connection.fetch(SQL.tables)]
