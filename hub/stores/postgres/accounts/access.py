"""The tables that access depends on: reading them whole, and notifications of their changes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import statements

SQL = statements(Path(__file__).with_suffix(".sql"))

CHANNEL = "hub_access"
"""Channel on which the triggers of schema.sql name the changed table."""

CHUNK = 1_000
"""Rows that are read at once: two milliseconds of the loop."""


class PhoneToken(Struct, frozen=True, gc=False):
    """The owner of a phone token. ``id`` is the token's id in the API."""

    fleet: str
    driver_id: str
    id: str


class ApiKey(Struct, frozen=True, gc=False):
    """The rights of an API key. ``expires_at`` is epoch seconds, None if it does not expire."""

    fleet: str
    role: str
    id: str
    expires_at: float | None


async def listen(connection: asyncpg.Connection, heard: Callable[[str], object]) -> None:
    """Call ``heard`` with the name of each table that is changed from now on."""
    await connection.add_listener(CHANNEL, lambda _connection, _pid, _channel, table: heard(table))


async def disabled_drivers(connection: asyncpg.Connection) -> set[tuple[str, str]]:
    """(fleet, driver) of disabled drivers, which may not report."""
    return {(row[0], row[1]) async for rows in _chunks(connection, SQL.drivers) for row in rows}


async def users(connection: asyncpg.Connection) -> dict[str, bool]:
    """Id of every user -> whether it is disabled."""
    return {row[0]: row[1] async for rows in _chunks(connection, SQL.users) for row in rows}


async def limits(connection: asyncpg.Connection) -> dict[str, frozenset[str] | None]:
    """Id of every user -> the groups that it is limited to; None for the whole fleet."""
    return {
        row[0]: None if row[1] is None else frozenset(row[1])
        async for rows in _chunks(connection, SQL.limits)
        for row in rows
    }


async def ended_sessions(connection: asyncpg.Connection, age: float) -> set[str]:
    """Ids of sessions that were ended within the last ``age`` seconds."""
    return {row[0] async for rows in _chunks(connection, SQL.sessions, age) for row in rows}


async def phone_tokens(connection: asyncpg.Connection) -> AsyncIterator[list[tuple[bytes, PhoneToken]]]:
    """SHA-256 and owner of each token, in chunks."""
    async for rows in _chunks(connection, SQL.phone_tokens):
        yield [(row[0], PhoneToken(row[1], row[2], row[3])) for row in rows]


async def api_keys(connection: asyncpg.Connection) -> dict[bytes, ApiKey]:
    """SHA-256 and rights of each API key, expired ones included."""
    return {row[0]: ApiKey(*row[1:]) async for rows in _chunks(connection, SQL.api_keys) for row in rows}


async def revoked_tokens(connection: asyncpg.Connection, tolerance: float) -> set[str]:
    """Ids of the tokens of ``hub token`` that were revoked and would be valid. ``tolerance``: seconds after its expiry
    in which a token is still accepted."""
    return {row[0] async for rows in _chunks(connection, SQL.revoked_tokens, tolerance) for row in rows}


async def _chunks(
    connection: asyncpg.Connection, statement: str, *values: object
) -> AsyncIterator[list[asyncpg.Record]]:
    """The rows of a statement; other tasks run between two chunks."""
    async with connection.transaction(readonly=True):
        cursor = await connection.cursor(statement, *values)
        while rows := await cursor.fetch(CHUNK):
            yield rows
