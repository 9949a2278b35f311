"""What the fold of trips changed, as rows of tables and events for subscribers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import msgspec

from hub.core.trips.state import Stop, Trip
from hub.stores.postgres.connection import statements
from hub.wire.events import TripMessage

SQL = statements(Path(__file__).with_name("trips.sql"))

Driver = tuple[str, str]
"""(fleet, driver id)."""

NAMESPACE = UUID("7d1c3f0e-5d0a-4c55-9a53-6f2b8f1d9a10")
"""Of the ids of trips."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
LAST_MICROSECOND = (LAST - EPOCH) // timedelta(microseconds=1)

TripRecord = tuple[Any, ...]
"""id, fleet, driver_id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
moving_time, max_speed, points, path: as ``put_trips`` takes it."""

FLEET, DRIVER_ID, STARTED_AT, ENDED_AT, PATH = 1, 2, 3, 4, 14
"""Places in a ``TripRecord``."""


def microseconds(instant: datetime) -> int:
    """Since 1970, exactly (``timestamp()`` is a float, which is not, from the year 2242 on)."""
    since = instant - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(microseconds: int) -> datetime:
    """The inverse; what is beyond the years 1 to 9999 becomes the first or the last instant."""
    if microseconds >= LAST_MICROSECOND:
        return LAST
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def trip_record(driver: Driver, trip: Trip) -> TripRecord:
    """The row of a trip. Rounded to what is meaningful: 1 cm of place, 10 cm of way, 1 cm/s."""
    fleet, driver_id = driver
    return (
        uuid5(NAMESPACE, f"{fleet}/{driver_id}/{trip.started_at}"),
        fleet,
        driver_id,
        instant(trip.started_at),
        None if trip.ended_at is None else instant(trip.ended_at),
        instant(trip.counted_to),
        round(trip.latitude, 7),
        round(trip.longitude, 7),
        None if trip.end_latitude is None else round(trip.end_latitude, 7),
        None if trip.end_longitude is None else round(trip.end_longitude, 7),
        round(trip.distance, 1),
        trip.moving_time / 1e6,
        round(trip.max_speed, 2),
        trip.points,
        trip.path,
    )


def message(event: str, record: TripRecord) -> TripMessage:
    """What subscribers are told about a trip."""
    id, _, driver_id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude = record[:10]
    distance, moving_time, max_speed, points = record[10:14]
    duration = (counted_to - started_at).total_seconds()
    return TripMessage(
        event=event,
        trip_id=str(id),
        driver_id=driver_id,
        started_at=started_at,
        ended_at=ended_at,
        counted_to=counted_to,
        latitude=latitude,
        longitude=longitude,
        end_latitude=end_latitude,
        end_longitude=end_longitude,
        distance=distance,
        duration=duration,
        moving_time=moving_time,
        idle_time=round(duration - moving_time, 6),
        average_speed=round(distance / duration, 2),
        max_speed=max_speed,
        points=points,
    )


class Changes:
    """Collects what one batch changed; ``write`` stores it. An event names what the rows of before did not say yet."""

    def __init__(self) -> None:
        self._trips: list[TripRecord] = []
        self._gone: list[tuple[str, str, datetime]] = []
        self._stops: list[tuple[Any, ...]] = []
        self._checkpoints: list[tuple[datetime, str, str, bytes]] = []
        self._days: set[tuple[str, str, date]] = set()
        self._events: list[tuple[str, str, str]] = []

    def put_trip(self, record: TripRecord, before: TripRecord | None) -> None:
        """Insert or replace a trip; ``before`` is what is stored of it, None when it is new."""
        if before is not None and before == record[: len(before)]:
            return
        self._trips.append(record)
        self._days.add((record[FLEET], record[DRIVER_ID], record[STARTED_AT].date()))
        if before is None:
            self._announce("started", record)
        if before is not None and before[ENDED_AT] is not None:
            self._announce("revised", record)
        elif record[ENDED_AT] is not None:
            self._announce("ended", record)

    def remove_trip(self, before: TripRecord) -> None:
        """A stored trip is none, as late points show."""
        id, fleet, driver_id, started_at = before[:4]
        self._gone.append((fleet, driver_id, started_at))
        self._days.add((fleet, driver_id, started_at.date()))
        gone = TripMessage(event="revised", trip_id=str(id), driver_id=driver_id, started_at=started_at, removed=True)
        self._events.append((fleet, driver_id, msgspec.json.encode(gone).decode()))

    def put_stop(self, driver: Driver, stop: Stop) -> None:
        """Insert or replace a stop."""
        ended_at = None if stop.ended_at is None else instant(stop.ended_at)
        place = round(stop.latitude, 7), round(stop.longitude, 7)
        self._stops.append((*driver, instant(stop.started_at), ended_at, *place))

    def put_checkpoint(self, driver: Driver, at: int, state: bytes) -> None:
        self._checkpoints.append((instant(at), *driver, state))

    def _announce(self, event: str, record: TripRecord) -> None:
        payload = msgspec.json.encode(message(event, record)).decode()
        self._events.append((record[FLEET], record[DRIVER_ID], payload))

    async def write(self, connection: asyncpg.Connection) -> int:
        """Store everything in the open transaction. Returns the number of events."""
        for statement, rows in (
            (SQL.delete_trips, self._gone),
            (SQL.put_trips, self._trips),
            (SQL.delete_days, self._days if self._gone else ()),
            (SQL.put_days, self._days),
            (SQL.put_stops, self._stops),
            (SQL.put_events, self._events),
        ):
            if rows:
                await connection.execute(statement, *columns(rows))
        if self._checkpoints:
            await connection.copy_records_to_table(
                "trip_checkpoints",
                columns=("recorded_at", "fleet", "driver_id", "state"),
                records=self._checkpoints,
            )
        return len(self._events)


def columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as one list for each column, for ``unnest``."""
    return [list(column) for column in zip(*rows, strict=True)]
