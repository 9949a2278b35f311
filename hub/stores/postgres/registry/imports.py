"""Many drivers or vehicles at once, entered or changed by one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("imports.sql"))


class Stored(NamedTuple):
    """An entry that is ``created`` or changed, and the version it has now."""

    id: str
    version: int
    created: bool


async def enter_drivers(
    connection: Connection, fleet: str, rows: Sequence[dict[str, Any]], fields: Collection[str]
) -> list[Stored]:
    """Enter drivers (columns of the table), and change the ``fields`` of those that exist. Returns those that are new
    or different now."""
    return [Stored(*row) for row in await connection.fetch(SQL.drivers, fleet, _json(rows), list(fields))]


async def enter_vehicles(
    connection: Connection, fleet: str, rows: Sequence[dict[str, Any]], fields: Collection[str]
) -> list[Stored]:
    """The same of vehicles. Raises ``asyncpg.IntegrityConstraintViolationError`` for a driver that is not registered,
    or that drives another vehicle."""
    return [Stored(*row) for row in await connection.fetch(SQL.vehicles, fleet, _json(rows), list(fields))]


async def assignable(connection: Connection, fleet: str, driver_ids: Collection[str]) -> dict[str, str | None]:
    """The registered drivers among some ids, each with the vehicle that it drives or None."""
    return {row[0]: row[1] for row in await connection.fetch(SQL.assignable, fleet, list(driver_ids))}


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()
