"""Public links that show where one driver is, until they expire."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import collect, statements
from hub.stores.postgres.registry.drivers import TOKEN_BYTES
from hub.stores.tokens import token_hash

SQL = statements(Path(__file__).with_name("shares.sql"))

BEFORE_ALL = (datetime(1, 1, 1, tzinfo=UTC), UUID(int=0))
"""An instant and an id before those of all shares."""


class Share(Struct, rename="camel"):
    """The visible data of a share; the token itself is not stored. ``label`` is the text that the link shows."""

    id: UUID
    driver_id: str
    label: str
    created_at: datetime
    expires_at: datetime


class Shared(Struct):
    """The driver that a link shows, and until when."""

    fleet: str
    driver_id: str
    label: str
    expires_at: datetime


async def shares(
    connection: asyncpg.Connection,
    fleet: str,
    limit: int,
    after: tuple[datetime, UUID] = BEFORE_ALL,
    *,
    among: list[str] | None = None,
) -> list[Share]:
    """A fleet's shares that have not expired, oldest first, at most ``limit``: those after an instant and id, of the
    drivers ``among`` these (None: all)."""
    return await collect(connection, lambda row: Share(**row), SQL.list_shares, fleet, *after, limit, among)


async def add_share(
    connection: asyncpg.Connection, fleet: str, driver_id: str, label: str, expires_at: datetime, most: int
) -> tuple[str, Share] | None:
    """The token of a new share and its visible data; None if the fleet has ``most`` already."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = await connection.fetchrow(SQL.add_share, fleet, driver_id, token_hash(token), label, expires_at, most)
    return None if row is None else (token, Share(**row))


async def delete_share(connection: asyncpg.Connection, fleet: str, id: UUID, *, among: list[str] | None = None) -> bool:
    """Delete a share; False if there is none of the drivers ``among`` these (None: all)."""
    return await connection.fetchval(SQL.delete_share, fleet, id, among) is not None


async def shared(connection: asyncpg.Connection, token: str) -> Shared | None:
    """The driver that a token shows; None for an unknown, ended or expired share, and for a disabled driver."""
    row = await connection.fetchrow(SQL.shared, token_hash(token))
    return None if row is None else Shared(**row)
