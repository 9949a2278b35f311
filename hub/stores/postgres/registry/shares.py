"""Public links that show where one driver, several, those of a group, or cars nearby are, until they expire."""

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


class Several(Struct, frozen=True):
    """A link to ``drivers``, or to those of a ``group`` at each moment. ``names``: whether it shows their names."""

    drivers: tuple[str, ...] | None
    group: str | None
    names: bool


Shows = str | Several | Nearby
"""What a link shows: a driver by its id, several, or cars nearby."""


class Share(Struct, rename="camel", omit_defaults=True, gc=False):
    """The visible data of a share; the token itself is not stored. ``label`` is the text that the link shows. ``kind``:
    driver, with a ``driver_id``; drivers, with ``driver_ids``; group, with a ``group``; nearby, with ``radius`` and
    ``limit``. ``names``: whether a link of the kinds drivers and group shows the names of the drivers."""

    id: UUID
    kind: str
    label: str
    created_at: datetime
    expires_at: datetime
    driver_id: str | None = None
    driver_ids: list[str] | None = None
    group: str | None = None
    names: bool = False
    radius: float | None = None
    limit: int | None = None


class Shared(Struct):
    """What a link shows, and until when. ``secret`` is the key of the ids of drivers in a link to several and in one to
    cars nearby."""

    fleet: str
    shows: Shows
    secret: bytes
    label: str
    expires_at: datetime


class Reach(Struct, frozen=True):
    """The drivers and the groups that a user sees."""

    drivers: list[str]
    groups: list[str]


async def shares(
    connection: asyncpg.Connection,
    fleet: str,
    limit: int,
    after: tuple[datetime, UUID] = BEFORE_ALL,
    *,
    among: Reach | None = None,
) -> list[Share]:
    """A fleet's shares that have not expired, oldest first, at most ``limit``: those after an instant and id.
    ``among``: only those of its drivers and groups (None: all, and those of cars nearby)."""
    return await collect(connection, _share, SQL.list_shares, fleet, *after, limit, *_within(among))


async def add_share(
    connection: asyncpg.Connection, fleet: str, shows: Shows, label: str, expires_at: datetime, most: int
) -> tuple[str, Share] | None:
    """The token of a new share and its visible data; None if the fleet has ``most`` already."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    secret = None if isinstance(shows, str) else secrets.token_bytes(SECRET_BYTES)
    several = shows if isinstance(shows, Several) else Several(None, None, False)
    nearby = (shows.radius, shows.limit) if isinstance(shows, Nearby) else (None, None)
    row = await connection.fetchrow(
        SQL.add_share,
        fleet,
        token_hash(token),
        label,
        expires_at,
        most,
        _kind(shows),
        shows if isinstance(shows, str) else None,
        several.drivers,
        several.group,
        several.names,
        *nearby,
        secret,
    )
    return None if row is None else (token, _share(row))


async def delete_share(connection: asyncpg.Connection, fleet: str, id: UUID, *, among: Reach | None = None) -> bool:
    """Delete a share; False if there is none ``among`` these (None: all)."""
    return await connection.fetchval(SQL.delete_share, fleet, id, *_within(among)) is not None


async def shared(connection: asyncpg.Connection, token: str) -> Shared | None:
    """What a token shows; None for an unknown, ended or expired share, and for a disabled driver."""
    row = await connection.fetchrow(SQL.shared, token_hash(token))
    if row is None:
        return None
    shows: Shows
    if row["kind"] == "driver":
        shows = row["driver_id"]
    elif row["kind"] == "nearby":
        shows = Nearby(row["radius"], row["most"])
    else:
        drivers = row["driver_ids"]
        shows = Several(None if drivers is None else tuple(drivers), row["group_name"], row["names"])
    return Shared(row["fleet"], shows, row["secret"] or b"", row["label"], row["expires_at"])


def _within(among: Reach | None) -> tuple[list[str] | None, list[str] | None]:
    return (None, None) if among is None else (among.drivers, among.groups)


def _kind(shows: Shows) -> str:
    if isinstance(shows, str):
        return "driver"
    if isinstance(shows, Nearby):
        return "nearby"
    return "drivers" if shows.group is None else "group"


def _share(row: asyncpg.Record) -> Share:
    known = dict(row)
    return Share(limit=known.pop("most"), group=known.pop("group_name"), **known)
