"""Users that log in with a password. Callers pass hashes, never passwords."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import asyncpg
from msgspec import UNSET, Struct, UnsetType

from hub.stores.postgres.accounts import sessions
from hub.stores.postgres.connection import collect, statements

SQL = statements(Path(__file__).with_name("users.sql"))

UserRole = Literal["admin", "dispatcher"]


class User(Struct, rename="camel", gc=False):
    """A user as its fleet's admins see it. ``groups``: a dispatcher sees the drivers of these; all where None.
    ``password_once``: the password is a one-time password. ``totp``: has a second factor. ``connected``: logs in with
    the OpenID Connect provider. ``version`` rises with each change of the other fields; instants are in UTC."""

    user_id: UUID
    username: str
    role: UserRole
    groups: list[str] | None
    disabled: bool
    password_once: bool
    totp: bool
    connected: bool
    version: int
    created_at: datetime
    updated_at: datetime


class Listed(Struct):
    """A user of any fleet, for the command line."""

    fleet: str
    username: str
    role: str
    disabled: bool
    password_once: bool


class Credentials(Struct):
    """The data that a login is checked with."""

    id: UUID
    fleet: str
    username: str
    role: str
    password_hash: str
    password_once: bool
    disabled: bool


class NameTaken(Exception):
    """A user of this name exists, perhaps in another fleet."""


class LastAdmin(Exception):
    """The change would leave a fleet without an enabled admin."""


async def users(connection: asyncpg.Connection, fleet: str, limit: int, *, after: str = "") -> list[User]:
    """Users of a fleet by name, at most ``limit``: those after a name."""
    return await collect(connection, lambda row: User(**row), SQL.list_users, fleet, after, limit)


async def all_users(connection: asyncpg.Connection) -> list[Listed]:
    """Users of all fleets, by fleet and name."""
    return [Listed(**row) for row in await connection.fetch(SQL.list_all_users)]


async def user(connection: asyncpg.Connection, fleet: str, user_id: UUID) -> User | None:
    """A user of a fleet; None for an unknown id."""
    return _user(await connection.fetchrow(SQL.user, fleet, user_id))


async def place_of(connection: asyncpg.Connection, username: str) -> tuple[str, UUID] | None:
    """Fleet and id of the user of this name, which is in lower case."""
    row = await connection.fetchrow(SQL.place_of, username)
    return None if row is None else (row["fleet"], row["id"])


async def credentials(connection: asyncpg.Connection, username: str) -> Credentials | None:
    """The credentials of the user of this name (in lower case, in any fleet)."""
    row = await connection.fetchrow(SQL.credentials, username)
    return None if row is None else Credentials(**row)


async def credentials_of(connection: asyncpg.Connection, fleet: str, user_id: UUID) -> Credentials | None:
    """The credentials of a user by fleet and id."""
    row = await connection.fetchrow(SQL.credentials_of, fleet, user_id)
    return None if row is None else Credentials(**row)


async def add_user(
    connection: asyncpg.Connection,
    fleet: str,
    username: str,
    role: UserRole,
    password_hash: str,
    groups: list[str] | None = None,
) -> User:
    """The new user, with a one-time password, limited to ``groups``. Raises ``NameTaken``."""
    added = _user(await connection.fetchrow(SQL.add_user, fleet, username, role, password_hash, groups))
    if added is None:
        raise NameTaken(username)
    return added


async def has_user(connection: asyncpg.Connection, fleet: str) -> bool:
    """Whether a fleet has a user."""
    found: bool = await connection.fetchval(SQL.has_user, fleet)
    return found


async def add_first_admin(connection: asyncpg.Connection, fleet: str, username: str, password_hash: str) -> UUID | None:
    """The id of the new admin; None if the fleet has a user already."""
    added: UUID | None = await connection.fetchval(SQL.add_first_admin, fleet, username, password_hash)
    return added


async def change_user(
    connection: asyncpg.Connection,
    fleet: str,
    user_id: UUID,
    version: int | None,
    *,
    username: str | None = None,
    role: UserRole | None = None,
    disabled: bool | None = None,
    groups: list[str] | UnsetType | None = UNSET,
) -> User | None:
    """Change the fields that are not None, and the given groups; None if no user has this ``version`` (None: any).

    Sessions of a user that is disabled, or not an admin any more, end. Needs a transaction. Raises ``LastAdmin`` and
    ``NameTaken``, after which nothing has changed.
    """
    if disabled or role == "dispatcher":
        admins = [row["id"] for row in await connection.fetch(SQL.lock_admins, fleet)]
        was_admin, last = user_id in admins, admins == [user_id]
    else:
        was_admin = last = False
    try:
        async with connection.transaction():
            row = await connection.fetchrow(
                SQL.change_user, fleet, user_id, version, username, role, disabled, *_given(groups)
            )
            if row is not None and last:
                raise LastAdmin
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(username) from error
    if row is not None and (disabled or was_admin):
        await sessions.end_all(connection, user_id, "disabled" if disabled else "role")
    return _user(row)


async def delete_user(connection: asyncpg.Connection, fleet: str, user_id: UUID, version: int | None) -> bool:
    """Delete a user of this ``version`` (None: any) with its sessions; False if there is none. Needs a transaction.

    Raises ``LastAdmin``, after which nothing has changed.
    """
    admins = [row["id"] for row in await connection.fetch(SQL.lock_admins, fleet)]
    async with connection.transaction():
        deleted = await connection.fetchval(SQL.delete_user, fleet, user_id, version) is not None
        if deleted and admins == [user_id]:
            raise LastAdmin
    return deleted


async def reset_password(connection: asyncpg.Connection, fleet: str, user_id: UUID, password_hash: str) -> User | None:
    """Set a one-time password; all sessions of the user end. Needs a transaction."""
    row = await connection.fetchrow(SQL.reset_password, fleet, user_id, password_hash)
    if row is not None:
        await sessions.end_all(connection, user_id, "password")
    return _user(row)


async def replace_password(
    connection: asyncpg.Connection, user_id: UUID, old_hash: str, new_hash: str, *, keep: UUID | None = None
) -> bool:
    """Replace the password by one that the user has chosen; False if the old one was changed meanwhile. All sessions
    but ``keep`` end. Needs a transaction."""
    if await connection.fetchval(SQL.replace_password, user_id, old_hash, new_hash) is None:
        return False
    await sessions.end_all(connection, user_id, "password", keep=keep)
    return True


async def rehash_password(connection: asyncpg.Connection, user_id: UUID, old_hash: str, new_hash: str) -> None:
    """Store a hash of the same password with other parameters; the user's version stays."""
    await connection.execute(SQL.rehash_password, user_id, old_hash, new_hash)


def _given(groups: list[str] | UnsetType | None) -> tuple[bool, list[str] | None]:
    """Whether a change has groups, and which."""
    return (False, None) if isinstance(groups, UnsetType) else (True, groups)


def _user(row: asyncpg.Record | None) -> User | None:
    return None if row is None else User(**row)
