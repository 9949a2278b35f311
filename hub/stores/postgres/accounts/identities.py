"""Persons of an OpenID Connect provider, each connected to a user by issuer and subject. Callers hold a transaction."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import statements

SQL = statements(Path(__file__).with_suffix(".sql"))


class Holder(Struct):
    """The user that a person is connected to. ``password_hash`` proves to ``sessions.start`` that nothing changed."""

    id: UUID
    fleet: str
    role: str
    groups: list[str] | None
    password_hash: str
    disabled: bool


async def holder(connection: asyncpg.Connection, issuer: str, subject: str) -> Holder | None:
    """The user of a person. Until the transaction ends, other logins of the person wait."""
    await connection.execute(SQL.in_turn, issuer, subject)
    return _holder(await connection.fetchrow(SQL.holder, issuer, subject))


async def add_user(
    connection: asyncpg.Connection,
    fleet: str,
    username: str,
    role: str,
    groups: list[str] | None,
    password_hash: str,
) -> Holder | None:
    """A new user; None if the name is taken."""
    return _holder(await connection.fetchrow(SQL.add_user, fleet, username, role, groups, password_hash))


async def connect(connection: asyncpg.Connection, issuer: str, subject: str, user_id: UUID) -> bool:
    """Connect a person to a user, instead of another person of the issuer; False if the person belongs to another
    user, which it stays connected to."""
    await connection.execute(SQL.in_turn, issuer, subject)
    if await connection.fetchval(SQL.connect, issuer, subject, user_id) is None:
        return False
    await connection.execute(SQL.forget_others, user_id, issuer, subject)
    return True


async def used(connection: asyncpg.Connection, issuer: str, subject: str) -> None:
    """Note a login."""
    await connection.execute(SQL.used, issuer, subject)


async def fleet_of_active(connection: asyncpg.Connection, session: UUID, user_id: UUID) -> str | None:
    """The fleet of a user whose session lasts; None if it does not."""
    fleet: str | None = await connection.fetchval(SQL.fleet_of_active, session, user_id)
    return fleet


async def connected(connection: asyncpg.Connection, issuer: str, user_id: UUID) -> bool:
    """Whether a user is connected to a person of the issuer."""
    found: bool = await connection.fetchval(SQL.connected, issuer, user_id)
    return found


async def disconnect(connection: asyncpg.Connection, fleet: str, user_id: UUID) -> bool:
    """Remove all connections of a user; False if there was none."""
    return bool(await connection.fetch(SQL.disconnect, fleet, user_id))


def _holder(row: asyncpg.Record | None) -> Holder | None:
    return None if row is None else Holder(**row)
