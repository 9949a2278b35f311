"""The history of a vehicle: that of its drivers, of each in the time that it had the vehicle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import asyncpg

from hub.core.registry.vehicles import Assignment
from hub.stores.postgres.history.reads import PLACE_BEFORE_ALL, track, trips
from hub.wire.stored import StoredPosition, Trip


async def vehicle_track(
    connection: asyncpg.Connection,
    fleet: str,
    assigned: Sequence[Assignment],
    since: datetime,
    until: datetime,
    limit: int,
    after: tuple[int, int] = PLACE_BEFORE_ALL,
) -> list[StoredPosition]:
    """Positions of the assigned drivers, as ``track`` returns those of one. ``assigned`` is in order of time."""
    found: list[StoredPosition] = []
    for driver_id, begin, end in _spans(assigned, since, until):
        place = after if begin == since else PLACE_BEFORE_ALL
        found += await track(connection, fleet, driver_id, begin, end, limit - len(found), place)
        if len(found) == limit:
            break
    return found


async def vehicle_trips(
    connection: asyncpg.Connection,
    fleet: str,
    assigned: Sequence[Assignment],
    since: datetime,
    until: datetime,
    limit: int,
) -> list[Trip]:
    """Trips of the assigned drivers that began while they had the vehicle, as ``trips`` returns those of one."""
    found: list[Trip] = []
    for driver_id, begin, end in _spans(assigned, since, until):
        found += await trips(connection, fleet, driver_id, begin, end, limit - len(found))
        if len(found) == limit:
            break
    return found


def _spans(
    assigned: Sequence[Assignment], since: datetime, until: datetime
) -> Iterator[tuple[str, datetime, datetime]]:
    """Driver, begin and end of each assignment, as far as it is inside the span."""
    for assignment in assigned:
        begin = max(assignment.since, since)
        end = until if assignment.until is None else min(assignment.until, until)
        if begin < end:
            yield assignment.driver_id, begin, end
