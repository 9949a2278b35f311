"""Vehicles and their drivers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg
from msgspec import UNSET, Struct, UnsetType

from hub.stores.postgres.connection import collect, statements

SQL = statements(Path(__file__).with_name("vehicles.sql"))


class Vehicle(Struct, rename="camel"):
    """``driver_id`` is None without a driver. ``version`` rises with each change; instants are in UTC."""

    vehicle_id: str
    name: str
    plate: str
    groups: list[str]
    driver_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime


async def vehicles(
    connection: asyncpg.Connection,
    fleet: str,
    limit: int,
    *,
    after: str = "",
    text: str = "",
    groups: Collection[str] | None = None,
    limits: Collection[str] | None = None,
    drivers: list[str] | None = None,
) -> list[Vehicle]:
    """Vehicles of a fleet by id, at most ``limit``: those after an id, with ``text`` in id, name or plate, and in one
    of
    ``groups``. With ``limits`` only those in one of these groups, or with one of the ``drivers``."""
    wanted = (None if groups is None else list(groups), None if limits is None else list(limits), drivers or [])
    return await collect(connection, lambda row: Vehicle(**row), SQL.list_vehicles, fleet, after, text, limit, *wanted)


async def vehicle(connection: asyncpg.Connection, fleet: str, vehicle_id: str) -> Vehicle | None:
    """A vehicle of a fleet; None for an unknown id."""
    return _vehicle(await connection.fetchrow(SQL.vehicle, fleet, vehicle_id))


async def vehicle_of(connection: asyncpg.Connection, fleet: str, driver_id: str) -> str | None:
    """Id of the vehicle that a driver drives."""
    vehicle_id: str | None = await connection.fetchval(SQL.vehicle_of_driver, fleet, driver_id)
    return vehicle_id


async def add_vehicle(
    connection: asyncpg.Connection,
    fleet: str,
    vehicle_id: str,
    name: str,
    plate: str,
    driver_id: str | None,
    groups: Sequence[str] = (),
) -> Vehicle | None:
    """The new vehicle; None if the id is taken.

    Raises ``asyncpg.ForeignKeyViolationError`` for a driver that is not registered, ``asyncpg.UniqueViolationError``
    for the driver of another vehicle.
    """
    return _vehicle(await connection.fetchrow(SQL.add_vehicle, fleet, vehicle_id, name, plate, driver_id, groups))


async def change_vehicle(
    connection: asyncpg.Connection,
    fleet: str,
    vehicle_id: str,
    version: int | None,
    *,
    name: str | None = None,
    plate: str | None = None,
    driver_id: str | UnsetType | None = UNSET,
    groups: list[str] | None = None,
) -> Vehicle | None:
    """Change the given fields; None if no vehicle has this ``version`` (None: any). A driver of None removes the
    driver. Raises the errors of ``add_vehicle``."""
    assigns = driver_id is not UNSET
    row = await connection.fetchrow(
        SQL.change_vehicle,
        fleet,
        vehicle_id,
        version,
        name,
        plate,
        assigns,
        driver_id if assigns else None,
        groups,
    )
    return _vehicle(row)


async def delete_vehicle(connection: asyncpg.Connection, fleet: str, vehicle_id: str, version: int | None) -> bool:
    """Delete a vehicle of this ``version`` (None: any); False if there is none."""
    return await connection.fetchval(SQL.delete_vehicle, fleet, vehicle_id, version) is not None


def _vehicle(row: asyncpg.Record | None) -> Vehicle | None:
    return None if row is None else Vehicle(**row)
