"""API keys: credentials of programs, each revoked by itself. A key is shown once; its hash and beginning are kept."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import collect, statements
from hub.stores.postgres.registry.shares import BEFORE_ALL
from hub.stores.tokens import token_hash

SQL = statements(Path(__file__).with_suffix(".sql"))

BEGINNING = "hub_"
"""Of every key, so that programs which search files for leaked secrets find it."""

KEY_BYTES = 32
"""256 bits: too many to guess, so that a fast hash suffices."""

SHOWN = 12
"""Characters of a key that lists show; the other 35 have 210 bits."""

KeyRole = Literal["admin", "dispatcher", "gateway"]


class ApiKey(Struct, rename="camel", gc=False):
    """The visible data of a key. ``prefix``: its first characters. ``last_used_at`` is a few minutes late at most, None
    if it was never used; ``expires_at`` is None if it does not expire. Instants are in UTC."""

    id: UUID
    name: str
    role: KeyRole
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


async def keys(
    connection: asyncpg.Connection, fleet: str, limit: int, after: tuple[datetime, UUID] = BEFORE_ALL
) -> list[ApiKey]:
    """Keys of a fleet, expired ones included, oldest first, at most ``limit``: those after an instant and id."""
    return await collect(connection, lambda row: ApiKey(**row), SQL.list_keys, fleet, *after, limit)


async def add_key(
    connection: asyncpg.Connection, fleet: str, role: KeyRole, name: str, expires_at: datetime | None, most: int
) -> tuple[str, ApiKey] | None:
    """A new key and its visible data; None if the fleet has ``most`` already."""
    key = BEGINNING + secrets.token_urlsafe(KEY_BYTES)
    row = await connection.fetchrow(SQL.add_key, fleet, token_hash(key), key[:SHOWN], role, name, expires_at, most)
    return None if row is None else (key, ApiKey(**row))


async def keys_named(connection: asyncpg.Connection, fleet: str, text: str) -> list[UUID]:
    """Ids of the keys of which a text is the name, the id, the beginning or the whole."""
    return [row["id"] for row in await connection.fetch(SQL.key_named, fleet, text, text[:SHOWN])]


async def delete_key(connection: asyncpg.Connection, fleet: str, id: UUID) -> bool:
    """Delete a key; False if there is none."""
    return await connection.fetchval(SQL.delete_key, fleet, id) is not None


async def note_uses(connection: asyncpg.Connection, uses: Mapping[UUID, datetime]) -> None:
    """Note when keys were last used."""
    await connection.execute(SQL.used, list(uses), list(uses.values()))
