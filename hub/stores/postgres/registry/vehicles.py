"""Vehicles and their drivers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg
from msgspec import UNSET, Struct, UnsetType

from hub.stores.postgres.connection import collect, statements

SQL = statements(Path(__file__).with_name("vehicles.sql"))


class Held(Struct):
    """The assignment of a locked vehicle: its driver, since when, and when the last assignment before that ended."""

    driver_id: str | None
    assigned_at: datetime
    ended_at: datetime | None


class Vehicle(Struct, rename="camel", gc=False):
    """``type`` is in the words of the fleet. ``driver_id`` is None without a driver; ``assigned_at``: since when it has
    that driver, or none. ``version`` rises with each change; instants are in UTC."""

    vehicle_id: str
    name: str
    plate: str
    type: str
    groups: tuple[str, ...]
    driver_id: str | None
    assigned_at: datetime
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
    return await collect(connection, _vehicle, SQL.list_vehicles, fleet, after, text, limit, *wanted)


async def vehicle(connection: asyncpg.Connection, fleet: str, vehicle_id: str) -> Vehicle | None:
    """A vehicle of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.vehicle, fleet, vehicle_id)
    return None if row is None else _vehicle(row)


async def vehicle_of(connection: asyncpg.Connection, fleet: str, driver_id: str) -> str | None:
    """Id of the vehicle that a driver drives."""
    vehicle_id: str | None = await connection.fetchval(SQL.vehicle_of_driver, fleet, driver_id)
    return vehicle_id


async def add_vehicle(
    connection: asyncpg.Connection,
    fleet: str,
    vehicle_id: str,
    name: str = "",
    plate: str = "",
    type: str = "",
    driver_id: str | None = None,
    assigned_at: datetime | None = None,
    groups: Sequence[str] = (),
) -> Vehicle | None:
    """The new vehicle, with its driver since ``assigned_at`` (None: now); None if the id is taken.

    Raises ``asyncpg.ForeignKeyViolationError`` for a driver that is not registered, ``asyncpg.UniqueViolationError``
    for the driver of another vehicle.
    """
    values = name, plate, type, driver_id, assigned_at, groups
    row = await connection.fetchrow(SQL.add_vehicle, fleet, vehicle_id, *values)
    return None if row is None else _vehicle(row)


async def change_vehicle(
    connection: asyncpg.Connection,
    fleet: str,
    vehicle_id: str,
    version: int | None,
    *,
    name: str | None = None,
    plate: str | None = None,
    type: str | None = None,
    driver_id: str | UnsetType | None = UNSET,
    assigned_at: datetime | None = None,
    groups: list[str] | None = None,
) -> Vehicle | None:
    """Change the given fields; None if no vehicle has this ``version`` (None: any). A driver of None removes the
    driver. ``assigned_at`` as in ``add_vehicle``. Raises the errors of ``add_vehicle``."""
    assigns = driver_id is not UNSET
    row = await connection.fetchrow(
        SQL.change_vehicle,
        fleet,
        vehicle_id,
        version,
        name,
        plate,
        type,
        assigns,
        driver_id if assigns else None,
        assigned_at,
        groups,
    )
    return None if row is None else _vehicle(row)


async def lock_vehicle(connection: asyncpg.Connection, fleet: str, vehicle_id: str) -> Held | None:
    """Lock a vehicle until the end of the transaction; None for an unknown id."""
    row = await connection.fetchrow(SQL.lock_vehicle, fleet, vehicle_id)
    return None if row is None else Held(**row)


async def last_assignment(connection: asyncpg.Connection, fleet: str, vehicle_id: str) -> datetime | None:
    """When the last assignment of a vehicle ended; None where none did."""
    ended_at: datetime | None = await connection.fetchval(SQL.last_assignment, fleet, vehicle_id)
    return ended_at


async def delete_vehicle(connection: asyncpg.Connection, fleet: str, vehicle_id: str, version: int | None) -> bool:
    """Delete a vehicle of this ``version`` (None: any); False if there is none."""
    return await connection.fetchval(SQL.delete_vehicle, fleet, vehicle_id, version) is not None


def _vehicle(row: asyncpg.Record) -> Vehicle:
    """A vehicle from a row, whose columns are the fields in their order."""
    vehicle_id, name, plate, type, groups, *rest = row
    return Vehicle(vehicle_id, name, plate, type, tuple(groups), *rest)
