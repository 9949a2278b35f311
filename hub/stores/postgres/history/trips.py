"""Tables of the fold of trips: trips, stops, days, and the checkpoints that the fold continues from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from hub.core.geo.geodesy import UNKNOWN_ACCURACY
from hub.core.time_zones import TimeZones, day
from hub.stores.postgres.connection import Connection, columns, statements
from hub.stores.postgres.history.positions import Driver

SQL = statements(Path(__file__).with_name("trips.sql"))


class TripRow(NamedTuple):
    """A row of ``trips``. Rows of ``stored_trips`` are without ``path``."""

    id: UUID
    fleet: str
    driver_id: str
    started_at: datetime
    ended_at: datetime | None
    counted_to: datetime
    latitude: float
    longitude: float
    end_latitude: float | None
    end_longitude: float | None
    distance: float
    moving_time: float
    max_speed: float
    points: int
    gap_distance: float
    path: str | None = None


class TripKey(NamedTuple):
    """The primary key of ``trips``."""

    fleet: str
    driver_id: str
    started_at: datetime


class StopRow(NamedTuple):
    """A row of ``stops``."""

    fleet: str
    driver_id: str
    started_at: datetime
    ended_at: datetime | None
    latitude: float
    longitude: float


class DayKey(NamedTuple):
    """The primary key of ``daily``, and the time zone of the day."""

    fleet: str
    driver_id: str
    day: date
    time_zone: str


class Checkpoint(NamedTuple):
    """A row of ``trip_checkpoints``."""

    recorded_at: datetime
    fleet: str
    driver_id: str
    state: bytes


class Span(NamedTuple):
    """A time range of one driver. Each function documents which of its ends are included."""

    fleet: str
    driver_id: str
    since: datetime
    until: datetime


class StoredPoint(NamedTuple):
    """The part of a stored position that the fold reads."""

    recorded_at: datetime
    latitude_e7: int
    longitude_e7: int
    speed: float | None
    accuracy: float | None


async def checkpoints_before(
    connection: Connection, instants: dict[Driver, datetime]
) -> dict[Driver, tuple[datetime | None, bytes | None]]:
    """Instant and state of each driver's newest checkpoint before an instant; (None, None) without one."""
    asked = columns((*driver, instant) for driver, instant in instants.items())
    rows = await connection.fetch(SQL.checkpoints_before, *asked)
    return {driver: (row["recorded_at"], row["state"]) for driver, row in zip(instants, rows, strict=True)}


async def positions_after(
    connection: Connection, instants: dict[Driver, datetime], limit: int
) -> dict[Driver, list[StoredPoint]]:
    """The next positions of each driver after an instant, the most exact one of each instant, at most ``limit``."""
    asked = columns((*driver, instant) for driver, instant in instants.items())
    rows = await connection.fetch(SQL.positions_after, *asked, limit, UNKNOWN_ACCURACY)
    return _by_driver(instants, ((row["n"], StoredPoint(*row[1:])) for row in rows))


async def checkpoints_between(connection: Connection, spans: Collection[Span]) -> dict[Driver, list[Checkpoint]]:
    """The checkpoints of each driver in its span, both ends included."""
    rows = await connection.fetch(SQL.checkpoints_between, *columns(spans))
    drivers = [(span.fleet, span.driver_id) for span in spans]
    found = (
        (n, Checkpoint(recorded_at, fleet=drivers[n - 1][0], driver_id=drivers[n - 1][1], state=state))
        for n, recorded_at, state in rows
    )
    return _by_driver(drivers, found)


async def stored_trips(connection: Connection, spans: Collection[Span]) -> dict[Driver, list[TripRow]]:
    """Trips of each driver that began from ``since`` to before ``until``, without their paths."""
    rows = await connection.fetch(SQL.stored_trips, *columns(spans))
    return _by_driver([(span.fleet, span.driver_id) for span in spans], ((row["n"], TripRow(*row[1:])) for row in rows))


async def delete_stops(connection: Connection, spans: Collection[Span]) -> None:
    """Delete stops of each driver that began from ``since`` to before ``until``."""
    await connection.execute(SQL.delete_stops, *columns(spans))


async def delete_checkpoints(connection: Connection, spans: Collection[Span]) -> None:
    """Delete checkpoints of each driver after ``since``, up to and including ``until``."""
    await connection.execute(SQL.delete_checkpoints, *columns(spans))


async def write(
    connection: Connection,
    *,
    gone: Collection[TripKey],
    trips: Collection[TripRow],
    stops: Collection[StopRow],
    checkpoints: Collection[Checkpoint],
    zones: TimeZones,
) -> None:
    """Delete the trips ``gone``, insert or replace the others and the stops, add the checkpoints, and sum up the days
    that changed; in the open transaction. A fleet whose time zone is no longer that of its days gets all days again."""
    changed = [*gone, *(TripKey(trip.fleet, trip.driver_id, trip.started_at) for trip in trips)]
    wanted = {key.fleet: zones.of(key.fleet) for key in changed}
    days = {
        DayKey(key.fleet, key.driver_id, day(key.started_at, wanted[key.fleet]), wanted[key.fleet]) for key in changed
    }
    for statement, rows in (
        (SQL.delete_trips, gone),
        (SQL.put_trips, trips),
        (SQL.delete_days, days if gone else ()),
        (SQL.put_days, days),
        (SQL.put_stops, stops),
    ):
        if rows:
            await connection.execute(statement, *columns(rows))
    if wanted:
        for row in await connection.fetch(SQL.put_zones, *columns(wanted.items())):
            await rezone(connection, row["fleet"], row["time_zone"])
    if checkpoints:
        await connection.copy_records_to_table("trip_checkpoints", columns=Checkpoint._fields, records=checkpoints)


async def rezone(connection: Connection, fleet: str, time_zone: str) -> None:
    """Sum up all days of a fleet again, as days of a time zone."""
    await connection.execute(SQL.delete_fleet_days, fleet)
    await connection.execute(SQL.put_fleet_days, fleet, time_zone)


async def zones_of_days(connection: Connection) -> dict[str, str]:
    """Fleet -> the time zone of its days in ``daily``."""
    return {row["fleet"]: row["time_zone"] for row in await connection.fetch(SQL.zones_of_days)}


async def set_zone(connection: Connection, fleet: str, time_zone: str) -> None:
    """Change the time zone of a fleet's days."""
    await connection.fetch(SQL.put_zones, [fleet], [time_zone])
    await rezone(connection, fleet, time_zone)


async def erase(connection: Connection, driver: Driver, checkpoint: Checkpoint) -> None:
    """Delete all trips, stops, days and checkpoints of a driver but the given one."""
    for statement in (SQL.erase_trips, SQL.erase_stops, SQL.erase_days, SQL.erase_checkpoints):
        await connection.execute(statement, *driver)
    await connection.copy_records_to_table("trip_checkpoints", columns=Checkpoint._fields, records=[checkpoint])


def _by_driver(drivers: Iterable[Driver], rows: Iterable[tuple[int, Any]]) -> dict[Driver, list[Any]]:
    """(n, value) pairs by driver; ``n`` numbers the drivers from 1."""
    numbered = list(drivers)
    lists: dict[Driver, list[Any]] = {driver: [] for driver in numbered}
    for n, value in rows:
        lists[numbered[n - 1]].append(value)
    return lists
