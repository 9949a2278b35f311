"""Public links that show where one driver is, or cars nearby, until they expire."""

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

SECRET_BYTES = 32
"""The length of SHA-256, as RFC 2104 recommends for the key of an HMAC."""

BEFORE_ALL = (datetime(1, 1, 1, tzinfo=UTC), UUID(int=0))
"""An instant and an id before those of all shares."""


class Nearby(Struct, frozen=True):
    """A link to cars nearby: at most ``limit`` within ``radius`` metres."""

    radius: float
    limit: int


class Share(Struct, rename="camel", omit_defaults=True, gc=False):
    """The visible data of a share; the token itself is not stored. ``label`` is the text that the link shows. ``kind``:
    driver, with a ``driver_id``, or nearby, with ``radius`` and ``limit``."""

    id: UUID
    kind: str
    label: str
    created_at: datetime
    expires_at: datetime
    driver_id: str | None = None
    radius: float | None = None
    limit: int | None = None


class Shared(Struct):
    """What a link shows, and until when: one driver, or cars nearby, whose ids ``secret`` is the key of."""

    fleet: str
    driver_id: str | None
    nearby: Nearby | None
    secret: bytes
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
    drivers ``among`` these (None: all, and those of cars nearby)."""
    return await collect(connection, _share, SQL.list_shares, fleet, *after, limit, among)


async def add_share(
    connection: asyncpg.Connection, fleet: str, shows: str | Nearby, label: str, expires_at: datetime, most: int
) -> tuple[str, Share] | None:
    """The token of a new share, of a driver or of cars nearby, and its visible data; None if the fleet has ``most``
    already."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    of_cars: tuple[float | None, int | None, bytes | None] = (None, None, None)
    if isinstance(shows, Nearby):
        of_cars = shows.radius, shows.limit, secrets.token_bytes(SECRET_BYTES)
    driver_id = None if isinstance(shows, Nearby) else shows
    row = await connection.fetchrow(
        SQL.add_share, fleet, driver_id, token_hash(token), label, expires_at, most, *of_cars
    )
    return None if row is None else (token, _share(row))


async def delete_share(connection: asyncpg.Connection, fleet: str, id: UUID, *, among: list[str] | None = None) -> bool:
    """Delete a share; False if there is none of the drivers ``among`` these (None: all)."""
    return await connection.fetchval(SQL.delete_share, fleet, id, among) is not None


async def shared(connection: asyncpg.Connection, token: str) -> Shared | None:
    """What a token shows; None for an unknown, ended or expired share, and for a disabled driver."""
    row = await connection.fetchrow(SQL.shared, token_hash(token))
    if row is None:
        return None
    nearby = None if row["radius"] is None else Nearby(row["radius"], row["most"])
    return Shared(row["fleet"], row["driver_id"], nearby, row["secret"] or b"", row["label"], row["expires_at"])


def _share(row: asyncpg.Record) -> Share:
    known = dict(row)
    return Share(limit=known.pop("most"), **known)
