"""The drivers of vehicles over time; a trigger of the table ``vehicles`` writes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from hub.core.registry.vehicles import KEPT, Assignment, Driven, Key
from hub.stores.postgres.connection import collect, statements

SQL = statements(Path(__file__).with_suffix(".sql"))

BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


async def assignments(
    connection: asyncpg.Connection,
    fleet: str,
    vehicle_id: str,
    since: datetime,
    until: datetime,
    limit: int,
    after: datetime = BEFORE_ALL,
    *,
    among: list[str] | None = None,
) -> list[Assignment]:
    """Assignments of a vehicle that overlap the span from ``since`` to before ``until``, in order of time, at most
    ``limit``: those that begin after ``after``. Only those of the drivers ``among``, where they are given."""
    return await collect(
        connection,
        lambda row: Assignment(**row),
        SQL.assignments,
        fleet,
        vehicle_id,
        since,
        until,
        after,
        limit,
        among,
    )


async def is_known(
    connection: asyncpg.Connection,
    fleet: str,
    vehicle_id: str,
    *,
    among: list[str] | None = None,
    groups: Collection[str] | None = None,
) -> bool:
    """Whether a vehicle is registered, or ever had a driver; where they are given, in one of the ``groups``, or with a
    driver ``among`` these."""
    return bool(await connection.fetchval(SQL.assigned, fleet, vehicle_id, among, groups))


async def all_vehicles(connection: asyncpg.Connection, now: datetime) -> list[tuple[str, Driven]]:
    """Fleet and vehicle of every registered vehicle, with the assignments of ``KEPT`` before ``now``."""
    # One snapshot: an assignment of a vehicle that is read later would be missing.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        vehicles = await collect(connection, dict, SQL.all_vehicles)
        assigned = await collect(connection, dict, SQL.all_assignments, now - KEPT)
    return [(key[0], vehicle) for key, vehicle in _joined(vehicles, assigned).items()]


async def some_vehicles(
    connection: asyncpg.Connection, keys: Collection[Key], now: datetime
) -> dict[Key, Driven | None]:
    """The same for some vehicles; None for one that is not registered."""
    fleets, ids = [fleet for fleet, _ in keys], [vehicle_id for _, vehicle_id in keys]
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        vehicles = await collect(connection, dict, SQL.some_vehicles, fleets, ids)
        assigned = await collect(connection, dict, SQL.some_assignments, fleets, ids, now - KEPT)
    return dict.fromkeys(keys) | _joined(vehicles, assigned)


def _joined(vehicles: list[dict[str, Any]], assigned: list[dict[str, Any]]) -> dict[Key, Driven]:
    of_vehicle: dict[Key, list[Assignment]] = {}
    for row in assigned:
        key = row.pop("fleet"), row.pop("vehicle_id")
        of_vehicle.setdefault(key, []).append(Assignment(**row))
    joined = {}
    for row in vehicles:
        key = row.pop("fleet"), row["vehicle_id"]
        groups = tuple(row.pop("groups"))
        joined[key] = Driven(**row, groups=groups, assignments=tuple(of_vehicle.get(key, ())))
    return joined
