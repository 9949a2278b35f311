"""Logins and their refresh tokens: each token is exchanged once for the next; one that comes again ends its login."""

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
"""Seconds after its use in which a refresh token is no sign of a copy: two tabs of a browser share one, and may ask at
the same moment; a dozen that are restored together take a few seconds."""

KEPT = 86_400.0
"""Seconds that an ended session stays in the table, longer than its last access token lives, so that the edges know."""

REMOVED_AT_ONCE = 10
"""Sessions that one login removes. It adds one, so the table shrinks; each may have thousands of used tokens."""


class Session(Struct):
    """A login that may go on until ``expires_at`` (UTC), and whose it is."""

    id: UUID
    expires_at: datetime
    user_id: UUID
    fleet: str
    username: str
    role: str


class Refreshed(Struct):
    """``token`` is None where the one given was used a moment ago: who asks has the next one, or shares it."""

    session: Session
    token: str | None


class Reused(Struct):
    """A token that was exchanged before came again: somebody has a copy. Its session is ended."""

    session: UUID
    user_id: UUID


async def start(
    connection: asyncpg.Connection, user_id: UUID, password_hash: str, lifetime: float
) -> tuple[Session, str] | None:
    """A new session of ``lifetime`` seconds, with the role that the user has now, and its first refresh token; None
    when the password that was checked does not hold any more, or the user was disabled. Needs a transaction."""
    row = await connection.fetchrow(SQL.start_session, user_id, password_hash, lifetime)
    if row is None:
        return None
    return Session(**row), await _add_token(connection, row["id"])


async def refresh(connection: asyncpg.Connection, token: str) -> Refreshed | Reused | None:
    """What a refresh token gives: the next one, or why there is none; None for one that nobody knows, and of a session
    that is over. Needs a transaction, which has to be committed whatever the answer is."""
    hashed = token_hash(token)
    taken = await connection.fetchval(SQL.use_token, hashed)
    row = await connection.fetchrow(SQL.holder, hashed, GRACE)
    if row is None:
        return None
    session = Session(row["session_id"], row["expires_at"], row["user_id"], row["fleet"], row["username"], row["role"])
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
    """Delete some sessions that have expired, or ended more than ``kept`` seconds ago, with their tokens; how many.
    Needs a transaction."""
    over = [row["id"] for row in await connection.fetch(SQL.over, kept, REMOVED_AT_ONCE)]
    if over:  # a DELETE of nothing would tell every edge to read its sessions again
        await connection.execute(SQL.remove, over)
    return len(over)


async def _add_token(connection: asyncpg.Connection, session: UUID) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await connection.execute(SQL.add_token, token_hash(token), session)
    return token
