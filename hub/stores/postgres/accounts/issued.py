"""Tokens of ``hub token``: their ids, so that each is revoked by itself. The tokens themselves are not stored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import statements

SQL = statements(Path(__file__).with_suffix(".sql"))


class IssuedToken(Struct):
    """A token by its id, the claim ``jti``. ``revoked_at`` is None for a valid one; instants are in UTC."""

    id: UUID
    role: str
    driver_id: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


async def issued_tokens(connection: asyncpg.Connection, fleet: str) -> list[IssuedToken]:
    """Tokens of a fleet that have not expired, oldest first."""
    return [IssuedToken(**row) for row in await connection.fetch(SQL.list_tokens, fleet)]


async def add_issued(
    connection: asyncpg.Connection, id: UUID, fleet: str, role: str, driver_id: str | None, expires_at: datetime
) -> None:
    """Register a token."""
    await connection.execute(SQL.add_token, id, fleet, role, driver_id, expires_at)


async def revoke_issued(connection: asyncpg.Connection, fleet: str, id: UUID) -> bool:
    """Revoke a token; False if the fleet has none of this id that has not expired."""
    return await connection.fetchval(SQL.revoke_token, fleet, id) is not None
