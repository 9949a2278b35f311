"""Queries of the history: tracks, positions and drivers inside a box, trips, stops, days."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import UNSET, Raw

from hub.stores.postgres.connection import collect, statements
from hub.wire.stored import Day, Stop, StoredPosition, Trip

SQL = statements(Path(__file__).with_name("reads.sql"))

INSIDE, INSIDE_WIDE = (
    SQL.inside_in_pieces.replace("($who_was_inside)", f"({statement.rstrip(';')})")
    for statement in (SQL.who_was_inside, SQL.who_was_inside_wide)
)

TILE = 200_000
"""Edge of a tile of the index ``positions_tile``: 0.02 degrees in e7."""

MANY_TILES = 20_000
"""A box of more tiles (some 300 by 300 km) has most of the fleet in it, and is answered faster from the tracks."""

AT_ONCE = 100
"""Rows of a track that are read without a cursor, which takes two round trips more: a piece of a file."""

PLACE_BEFORE_ALL = (-(2**31), -(2**31))
"""Latitude and longitude in e7 that come before any."""

BBox = tuple[float, float, float, float]


async def known(connection: asyncpg.Connection, fleet: str, driver_id: str) -> bool:
    """Whether a fleet has a stored position of a driver."""
    return bool(await connection.fetchval(SQL.known, fleet, driver_id))


async def track(
    connection: asyncpg.Connection,
    fleet: str,
    driver_id: str,
    since: datetime,
    until: datetime,
    limit: int,
    after: tuple[int, int] = PLACE_BEFORE_ALL,
) -> list[StoredPosition]:
    """Positions of one driver from ``since`` to before ``until`` in time order, at most ``limit``; of those at
    ``since`` the ones after a place (latitude, longitude in e7)."""
    arguments = (fleet, driver_id, since, until, limit, *after)
    if limit <= AT_ONCE:
        return [_position(row) for row in await connection.fetch(SQL.track, *arguments)]
    return await collect(connection, _position, SQL.track, *arguments)


async def positions_inside(
    connection: asyncpg.Connection,
    fleet: str,
    bbox: BBox,
    since: datetime,
    until: datetime,
    limit: int,
    after: tuple[str, int, int] = ("", *PLACE_BEFORE_ALL),
    *,
    drivers: list[str] | None = None,
) -> list[StoredPosition]:
    """Positions inside ``bbox`` (as in ``who_was_inside``; at most ``MANY_TILES``) in order of time, driver and place,
    at most ``limit``; of those at ``since`` the ones after a driver and place (latitude, longitude in e7). Only of
    these ``drivers``, where they are given."""
    arguments = (fleet, *_e7(bbox), since, until, *after, limit, drivers)
    return await collect(connection, _position, SQL.positions_inside, *arguments)


async def who_was_inside(
    connection: asyncpg.Connection,
    fleet: str,
    bbox: BBox,
    since: datetime,
    until: datetime,
    *,
    drivers: list[str] | None = None,
) -> list[bytes]:
    """Drivers that were inside ``bbox`` (west, south, east, north in degrees, borders included; west > east crosses the
    antimeridian) from ``since`` to before ``until``, ordered by the first instant. Each piece is JSON of up to 500
    ``Inside``, separated by commas."""
    statement = INSIDE if count_tiles(bbox) <= MANY_TILES else INSIDE_WIDE
    # A cursor would keep PostgreSQL from answering in parallel. Reading a piece takes a few microseconds.
    return [piece for (piece,) in await connection.fetch(statement, fleet, *_e7(bbox), since, until, drivers)]


def count_tiles(bbox: BBox) -> int:
    """How many tiles of the index a box touches."""
    west, south, east, north = _e7(bbox)
    width = east - west if west <= east else 3_600_000_000 - (west - east)
    return (width // TILE + 1) * ((north - south) // TILE + 1)


async def trips(
    connection: asyncpg.Connection, fleet: str, driver_id: str, since: datetime, until: datetime, limit: int
) -> list[Trip]:
    """Trips of one driver that began from ``since`` to before ``until``, in time order, at most ``limit``, without
    their paths."""
    return await collect(connection, _trip, SQL.trips, fleet, driver_id, since, until, limit)


async def fleet_trips(
    connection: asyncpg.Connection,
    fleet: str,
    since: datetime,
    until: datetime,
    limit: int,
    *,
    driver_id: str | None = None,
    after: str = "",
    drivers: list[str] | None = None,
) -> list[Trip]:
    """Trips of a fleet, or of one of its drivers, that began from ``since`` to before ``until``, by time and driver, at
    most ``limit``, without their paths; of those at ``since`` the ones of drivers after ``after``.
    Only those of ``drivers``, where they are given."""
    return await collect(connection, _trip, SQL.fleet_trips, fleet, since, until, driver_id, after, limit, drivers)


async def fleet_stops(
    connection: asyncpg.Connection,
    fleet: str,
    since: datetime,
    until: datetime,
    limit: int,
    *,
    driver_id: str | None = None,
    after: str = "",
    drivers: list[str] | None = None,
) -> list[Stop]:
    """Stops, in the same way."""
    return await collect(connection, _stop, SQL.fleet_stops, fleet, since, until, driver_id, after, limit, drivers)


async def trip(connection: asyncpg.Connection, fleet: str, id: UUID) -> Trip | None:
    """One trip of a fleet with its path."""
    row = await connection.fetchrow(SQL.trip, fleet, id)
    return None if row is None else _trip(row)


async def days(
    connection: asyncpg.Connection,
    fleet: str,
    since: date,
    until: date,
    limit: int,
    *,
    driver_id: str | None = None,
    after: str = "",
    drivers: list[str] | None = None,
) -> list[Day]:
    """Sums of each driver, of one or of ``drivers``, for each day from ``since`` to before ``until``, by day and
    driver, at most
    ``limit``; on the day ``since`` only drivers after ``after``."""
    return await collect(connection, _day, SQL.days, fleet, since, until, driver_id, after, limit, drivers)


async def fleet_days(connection: asyncpg.Connection, fleet: str, since: date, until: date, limit: int) -> list[Day]:
    """Sums of a fleet for each day from ``since`` to before ``until``, at most ``limit``."""
    return await collect(connection, _day, SQL.fleet_days, fleet, since, until, limit)


async def day_zone(connection: asyncpg.Connection, fleet: str) -> str:
    """The time zone by which the days of a fleet are summed up."""
    return await connection.fetchval(SQL.day_zone, fleet) or "UTC"


async def days_in_zone(
    connection: asyncpg.Connection,
    fleet: str,
    since: date,
    until: date,
    limit: int,
    time_zone: str,
    *,
    by_driver: bool,
    driver_id: str | None = None,
    after: str = "",
    drivers: list[str] | None = None,
) -> list[Day]:
    """The same as ``days`` or, without ``by_driver``, ``fleet_days``, for the days of any time zone."""
    if by_driver:
        return await collect(
            connection, _day, SQL.days_in_zone, fleet, since, until, driver_id, after, limit, time_zone, drivers
        )
    return await collect(connection, _day, SQL.fleet_days_in_zone, fleet, since, until, limit, time_zone, drivers)


def e7(position: StoredPosition) -> tuple[int, int]:
    """The place of a stored position as integers, as its identity has it."""
    return round(position.latitude * 1e7), round(position.longitude * 1e7)


def _e7(bbox: BBox) -> tuple[int, int, int, int]:
    west, south, east, north = (round(degrees * 1e7) for degrees in bbox)
    return west, south, east, north


def _position(row: Any) -> StoredPosition:
    """A position from a row, whose columns are the fields in their order."""
    fields = list(row)
    fields[-1] = UNSET if fields[-1] is None else Raw(fields[-1].encode())
    return StoredPosition(*fields)


def _day(row: Any) -> Day:
    return Day(**row)


def _stop(row: Any) -> Stop:
    return Stop(**row)


def _trip(row: Any) -> Trip:
    """A trip from a row, whose columns are the fields in their order, up to the path."""
    trip_id, *fields = row
    return Trip(str(trip_id), *fields)
