"""Sessions and their refresh tokens: each token is exchanged once for the next; a repeated one ends its session."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import statements
from hub.stores.tokens import token_hash

SQL = statements(Path(__file__).with_name("sessions.sql"))

TOKEN_BYTES = 32

GRACE = 10.0
"""Seconds after its use in which a repeated refresh token is tolerated: tabs of a browser share one, and may send it at
the same moment; a dozen that are restored together take a few seconds."""

KEPT = 86_400.0
"""Seconds that an ended session stays in the table, so that hubs refuse its last access token until that expires."""

REMOVED_AT_ONCE = 10
"""Sessions that one login removes. It adds one, so the table shrinks; each may have thousands of used tokens."""


class Session(Struct):
    """A session that lasts until ``expires_at`` (UTC), and its user. ``provider``: the login was by the OpenID Connect
    provider."""

    id: UUID
    expires_at: datetime
    user_id: UUID
    fleet: str
    username: str
    role: str
    groups: list[str] | None
    provider: bool


class Refreshed(Struct):
    """``token`` is None if the given one was used a moment ago: the client, or another tab, has the next one."""

    session: Session
    token: str | None


class Reused(Struct):
    """A token that was exchanged before came again, so a copy is in use. Its session is ended."""

    session: UUID
    user_id: UUID


async def start(
    connection: asyncpg.Connection, user_id: UUID, password_hash: str, lifetime: float, *, provider: bool = False
) -> tuple[Session, str] | None:
    """A new session of ``lifetime`` seconds, with the user's present role, and its first refresh token; None if the
    password was changed after its check, or the user was disabled. Needs a transaction."""
    row = await connection.fetchrow(SQL.start_session, user_id, password_hash, lifetime, provider)
    if row is None:
        return None
    return Session(**row), await _add_token(connection, row["id"])


async def refresh(connection: asyncpg.Connection, token: str) -> Refreshed | Reused | None:
    """Exchange a refresh token for the next one; None for an unknown token, and one of an ended session. Needs a
    transaction, which has to be committed whatever the result is."""
    hashed = token_hash(token)
    taken = await connection.fetchval(SQL.use_token, hashed)
    row = await connection.fetchrow(SQL.holder, hashed, GRACE)
    if row is None:
        return None
    session = Session(
        row["session_id"],
        row["expires_at"],
        row["user_id"],
        row["fleet"],
        row["username"],
        row["role"],
        row["groups"],
        row["provider"],
    )
    if taken is not None:
        return Refreshed(session, await _add_token(connection, session.id))
    if not row["repeated"]:
        return Refreshed(session, None)
    ended = await connection.fetchval(SQL.end_session, session.id, "reuse")
    return None if ended is None else Reused(session.id, session.user_id)


async def end(connection: asyncpg.Connection, token: str, reason: str) -> None:
    """End the session of a refresh token, used or not, if there is one that has not ended."""
    session = await connection.fetchval(SQL.session_of, token_hash(token))
    if session is not None:
        await connection.fetchval(SQL.end_session, session, reason)


async def end_all(connection: asyncpg.Connection, user_id: UUID, reason: str, *, keep: UUID | None = None) -> None:
    """End all sessions of a user but ``keep``."""
    await connection.execute(SQL.end_all, user_id, reason, keep)


async def remove_over(connection: asyncpg.Connection, kept: float = KEPT) -> int:
    """Delete some sessions that have expired, or ended more than ``kept`` seconds ago, with their tokens. Returns how
    many. Needs a transaction."""
    over = [row["id"] for row in await connection.fetch(SQL.over, kept, REMOVED_AT_ONCE)]
    if over:  # even a DELETE of no row would make every hub read its sessions again
        await connection.execute(SQL.remove, over)
    return len(over)


async def _add_token(connection: asyncpg.Connection, session: UUID) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await connection.execute(SQL.add_token, token_hash(token), session)
    return token
