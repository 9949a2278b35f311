"""Registered drivers and their phone tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import UNSET, Struct, UnsetType

from hub.stores.postgres.connection import collect, columns, statements
from hub.stores.tokens import token_hash

SQL = statements(Path(__file__).with_name("drivers.sql"))

MAX_TOKENS = 20
"""Phone tokens of one driver: a few phones, and lost ones whose tokens were not revoked."""

TOKEN_BYTES = 18
"""144 bits: too many to guess, and 24 characters, few enough to type into a phone."""


class Driver(Struct, rename="camel", gc=False):
    """A registered driver. ``stale_after`` and ``offline_after``: its own thresholds of presence in seconds, None for
    those of the hub. ``version`` rises with each change; instants are in UTC."""

    driver_id: str
    name: str
    phone: str
    groups: tuple[str, ...]
    disabled: bool
    stale_after: float | None
    offline_after: float | None
    version: int
    created_at: datetime
    updated_at: datetime


class PhoneToken(Struct, rename="camel"):
    """The visible data of a phone token; the token itself is not stored. ``label`` names the phone."""

    id: UUID
    label: str
    created_at: datetime


class TooManyTokens(Exception):
    """A driver has ``MAX_TOKENS`` already."""


async def drivers(
    connection: asyncpg.Connection,
    fleet: str,
    limit: int,
    *,
    after: str = "",
    text: str = "",
    among: list[str] | None = None,
) -> list[Driver]:
    """Drivers of a fleet by id, at most ``limit``: those after an id, with ``text`` in their id or name in any case,
    and
    ``among`` these ids (None: all)."""
    return await collect(connection, _driver, SQL.list_drivers, fleet, after, text, limit, among)


async def driver_names(
    connection: asyncpg.Connection, drivers: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Fleet and id -> name, of those of the drivers that are registered with a name."""
    rows = await connection.fetch(SQL.driver_names, *columns(list(dict.fromkeys(drivers)))) if drivers else []
    return {(row["fleet"], row["driver_id"]): row["name"] for row in rows}


async def driver(connection: asyncpg.Connection, fleet: str, driver_id: str) -> Driver | None:
    """A registered driver of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.driver, fleet, driver_id)
    return None if row is None else _driver(row)


async def add_driver(
    connection: asyncpg.Connection,
    fleet: str,
    driver_id: str,
    name: str = "",
    phone: str = "",
    stale_after: float | None = None,
    offline_after: float | None = None,
    groups: Sequence[str] = (),
) -> Driver | None:
    """The new driver; None if the id is taken."""
    values = name, phone, stale_after, offline_after, groups
    row = await connection.fetchrow(SQL.add_driver, fleet, driver_id, *values)
    return None if row is None else _driver(row)


async def change_driver(
    connection: asyncpg.Connection,
    fleet: str,
    driver_id: str,
    version: int | None,
    *,
    name: str | None = None,
    phone: str | None = None,
    disabled: bool | None = None,
    stale_after: float | UnsetType | None = UNSET,
    offline_after: float | UnsetType | None = UNSET,
    groups: list[str] | None = None,
) -> Driver | None:
    """Change the fields that are not None, and thresholds that are not UNSET (None removes one); None if no driver has
    this ``version`` (None: any)."""
    thresholds = [
        value
        for threshold in (stale_after, offline_after)
        for value in (threshold is not UNSET, None if threshold is UNSET else threshold)
    ]
    values = name, phone, disabled, *thresholds, groups
    row = await connection.fetchrow(SQL.change_driver, fleet, driver_id, version, *values)
    return None if row is None else _driver(row)


async def delete_driver(connection: asyncpg.Connection, fleet: str, driver_id: str, version: int | None) -> bool:
    """Delete a driver of this ``version`` (None: any) with its tokens and shares; False if there is none.

    Raises ``asyncpg.ForeignKeyViolationError`` for one that drives a vehicle.
    """
    return await connection.fetchval(SQL.delete_driver, fleet, driver_id, version) is not None


async def phone_tokens(connection: asyncpg.Connection, fleet: str, driver_id: str) -> list[PhoneToken]:
    """A driver's tokens, oldest first."""
    return [PhoneToken(**row) for row in await connection.fetch(SQL.list_tokens, fleet, driver_id)]


async def add_token(
    connection: asyncpg.Connection, fleet: str, driver_id: str, label: str = ""
) -> tuple[str, PhoneToken] | None:
    """A new token and its visible data; None for an unknown driver. Needs a transaction.

    Raises ``TooManyTokens``.
    """
    if await connection.fetchval(SQL.lock_driver, fleet, driver_id) is None:
        return None
    if await connection.fetchval(SQL.count_tokens, fleet, driver_id) >= MAX_TOKENS:
        raise TooManyTokens
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = await connection.fetchrow(SQL.add_token, fleet, driver_id, token_hash(token), label)
    return token, PhoneToken(**row)


async def delete_token(connection: asyncpg.Connection, fleet: str, driver_id: str, id: UUID) -> bool:
    """Delete a token; False if there is none."""
    return await connection.fetchval(SQL.delete_token, fleet, driver_id, id) is not None


async def delete_tokens(connection: asyncpg.Connection, fleet: str, driver_id: str) -> list[UUID]:
    """Delete all tokens of a driver. Returns their ids."""
    return [row["id"] for row in await connection.fetch(SQL.delete_tokens, fleet, driver_id)]


def _driver(row: asyncpg.Record) -> Driver:
    """A driver from a row, whose columns are the fields in their order."""
    driver_id, name, phone, groups, *rest = row
    return Driver(driver_id, name, phone, tuple(groups), *rest)
