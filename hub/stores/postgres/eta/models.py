"""Trips as samples of travel, and the models that were learned from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from hub.core.eta.model import DEFAULT, Model
from hub.core.eta.samples import Driven, Place, samples
from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_suffix(".sql"))

DAYS = 28
"""Days whose trips teach: four weeks have each day of the week four times, and forget a season."""

MOST_TRIPS = 2_000
"""The newest trips that teach. More change the third digit of the model, and take longer than a minute to read."""

APART = timedelta(seconds=10)
"""Time between two places that are read of a trip. Speeds are means of five minutes."""


async def due(connection: Connection, now: datetime, every: timedelta) -> list[str]:
    """Fleets with ended trips and without a model that is younger than ``every``."""
    rows = await connection.fetch(SQL.due, now - timedelta(days=DAYS), now - every)
    return [row["fleet"] for row in rows]


async def trips(connection: Connection, fleet: str, since: datetime, most: int = MOST_TRIPS) -> list[Driven]:
    """The newest ``most`` ended trips since an instant as samples, in the order of their ends."""
    found: list[Driven] = []
    for row in await connection.fetch(SQL.trips, fleet, since, most):
        way = await places(connection, fleet, row["driver_id"], row["started_at"], row["ended_at"])
        ended_at = int(row["ended_at"].replace(tzinfo=UTC).timestamp() * 1e6)
        found.append(Driven(ended_at, samples(way), row["vehicle_type"]))
    return found


async def places(connection: Connection, fleet: str, driver_id: str, since: datetime, until: datetime) -> list[Place]:
    """Where a driver was, in the order of time, no two within ``APART``."""
    rows = await connection.fetch(SQL.places, fleet, driver_id, since, until, APART)
    return [(at, latitude, longitude) for at, latitude, longitude in rows]


async def put(connection: Connection, fleet: str, models: Mapping[str, Model], now: datetime) -> None:
    """Replace the models of a fleet: by type of vehicle, and "" for all."""
    async with connection.transaction():
        await connection.execute(SQL.delete, fleet)
        await connection.executemany(
            SQL.put, [(fleet, kind, now, msgspec.json.encode(model).decode()) for kind, model in models.items()]
        )


async def model_of(connection: Connection, fleet: str) -> Model:
    """The model of a whole fleet, else the default one."""
    found = await connection.fetchval(SQL.model, fleet)
    return DEFAULT if found is None else msgspec.json.decode(found, type=Model)


async def model_for(connection: Connection, fleet: str, driver_id: str) -> Model:
    """The model of the type of the vehicle that a driver has, else that of its fleet, else the default one."""
    models = {row["vehicle_type"]: row["model"] for row in await connection.fetch(SQL.models, fleet)}
    kind = await connection.fetchval(SQL.vehicle_type, fleet, driver_id) if models else None
    found = models.get(kind or "", models.get(""))
    return DEFAULT if found is None else msgspec.json.decode(found, type=Model)
