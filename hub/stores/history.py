"""Questions about the past: where a driver was, who was at a place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import asyncpg

from hub.stores.postgres import statements

SQL = statements(Path(__file__).with_name("history.sql"))

TILE = 200_000
"""Edge of a tile of the index ``positions_tile``: 0.02 degrees in e7."""

MANY_TILES = 20_000
"""A box of more tiles (some 300 by 300 km) has most of the fleet in it, and is quicker to answer from the tracks."""


async def track(
    connection: asyncpg.Connection, fleet: str, driver_id: str, since: datetime, until: datetime, limit: int
) -> list[asyncpg.Record]:
    """Rows of the view ``tracks``, in time order: one driver from ``since`` to before ``until``, at most ``limit``."""
    return await connection.fetch(SQL.track, fleet, driver_id, since, until, limit)


async def who_was_inside(
    connection: asyncpg.Connection,
    fleet: str,
    bbox: tuple[float, float, float, float],
    since: datetime,
    until: datetime,
) -> list[asyncpg.Record]:
    """Drivers that were inside ``bbox`` (west, south, east, north in degrees, borders included; west > east crosses the
    antimeridian) from ``since`` to before ``until``: driver_id, first_at, last_at, positions, ordered by first_at."""
    west, south, east, north = (round(degrees * 1e7) for degrees in bbox)
    width = east - west if west <= east else 3_600_000_000 - (west - east)
    tiles = (width // TILE + 1) * ((north - south) // TILE + 1)
    statement = SQL.who_was_inside if tiles <= MANY_TILES else SQL.who_was_inside_wide
    return await connection.fetch(statement, fleet, west, south, east, north, since, until)
