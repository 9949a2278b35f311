"""Positions for the preview of a fence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.core.geo.geodesy import UNKNOWN_ACCURACY
from hub.core.trips.state import Point
from hub.stores.postgres.connection import Connection, statements
from hub.stores.postgres.fences.facts import Box, edges_of, is_wide

SQL = statements(Path(__file__).with_name("preview.sql"))

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def candidates(
    connection: Connection,
    fleet: str,
    boxes: Sequence[Box],
    since: datetime,
    until: datetime,
    drivers: list[str] | None,
) -> list[tuple[str, datetime, datetime]]:
    """Drivers that were inside one of the boxes from ``since`` to before ``until``, and the first and last instant."""
    statement = SQL.candidates_wide if is_wide(boxes) else SQL.candidates
    rows = await connection.fetch(statement, fleet, edges_of(boxes), since, until, drivers)
    return [(row["driver_id"], row["first_at"], row["last_at"]) for row in rows]


async def positions(
    connection: Connection, fleet: str, driver_id: str, since: datetime, until: datetime, limit: int
) -> list[Point]:
    """Positions of a driver from ``since`` to before ``until`` as folds take them, at most ``limit``."""
    rows = await connection.fetch(SQL.positions, fleet, driver_id, since, until, limit, UNKNOWN_ACCURACY)
    return [
        ((at - EPOCH) // timedelta(microseconds=1), latitude / 1e7, longitude / 1e7, speed, accuracy)
        for at, latitude, longitude, speed, accuracy in rows
    ]
