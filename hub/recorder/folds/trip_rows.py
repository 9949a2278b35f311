"""The changes of trips by one batch, as rows of tables and events for subscribers."""

from __future__ import annotations

from uuid import UUID, uuid5

import msgspec

from hub.core.time_zones import TimeZones
from hub.core.trips.state import Stop, Trip
from hub.recorder.folds.base import instant
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history import events, trips
from hub.stores.postgres.history.events import NewEvent
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.trips import Checkpoint, StopRow, TripKey, TripRow
from hub.wire.events import TripMessage

NAMESPACE = UUID("7d1c3f0e-5d0a-4c55-9a53-6f2b8f1d9a10")
"""UUIDv5 namespace of trip ids."""


def trip_row(driver: Driver, trip: Trip) -> TripRow:
    """The row of a trip, rounded to what is meaningful: places to 1 cm, distance to 10 cm, speed to 1 cm/s."""
    fleet, driver_id = driver
    return TripRow(
        id=uuid5(NAMESPACE, f"{fleet}/{driver_id}/{trip.started_at}"),
        fleet=fleet,
        driver_id=driver_id,
        started_at=instant(trip.started_at),
        ended_at=None if trip.ended_at is None else instant(trip.ended_at),
        counted_to=instant(trip.counted_to),
        latitude=round(trip.latitude, 7),
        longitude=round(trip.longitude, 7),
        end_latitude=None if trip.end_latitude is None else round(trip.end_latitude, 7),
        end_longitude=None if trip.end_longitude is None else round(trip.end_longitude, 7),
        distance=round(trip.distance, 1),
        moving_time=trip.moving_time / 1e6,
        max_speed=round(trip.max_speed, 2),
        points=trip.points,
        gap_distance=round(trip.gap_distance, 1),
        path=trip.path,
    )


def message(event: str, row: TripRow) -> TripMessage:
    """The message of subscribers about a trip."""
    duration = (row.counted_to - row.started_at).total_seconds()
    return TripMessage(
        event=event,
        trip_id=str(row.id),
        driver_id=row.driver_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        counted_to=row.counted_to,
        latitude=row.latitude,
        longitude=row.longitude,
        end_latitude=row.end_latitude,
        end_longitude=row.end_longitude,
        distance=row.distance,
        duration=duration,
        moving_time=row.moving_time,
        idle_time=round(duration - row.moving_time, 6),
        average_speed=round(row.distance / duration, 2),
        max_speed=row.max_speed,
        points=row.points,
        gap_distance=row.gap_distance,
    )


class Changes:
    """Collects what one batch changes; ``write`` stores it. Events tell what differs from the rows before."""

    def __init__(self, zones: TimeZones) -> None:
        self._zones = zones
        self._trips: list[TripRow] = []
        self._gone: list[TripKey] = []
        self._stops: list[StopRow] = []
        self._checkpoints: list[Checkpoint] = []
        self._events: list[NewEvent] = []

    def put_trip(self, row: TripRow, before: TripRow | None) -> None:
        """Insert or replace a trip. ``before`` is the stored row, with or without its path; None if the trip is new."""
        if before is not None and before._replace(path=row.path) == row:
            return
        self._trips.append(row)
        if before is None:
            self._announce(row.fleet, message("started", row))
        if before is not None and before.ended_at is not None:
            self._announce(row.fleet, message("revised", row))
        elif row.ended_at is not None:
            self._announce(row.fleet, message("ended", row))

    def remove_trip(self, before: TripRow) -> None:
        """Remove a stored trip that late points disprove."""
        self._gone.append(TripKey(before.fleet, before.driver_id, before.started_at))
        gone = TripMessage(
            event="revised",
            trip_id=str(before.id),
            driver_id=before.driver_id,
            started_at=before.started_at,
            removed=True,
        )
        self._announce(before.fleet, gone)

    def put_stop(self, driver: Driver, stop: Stop) -> None:
        """Insert or replace a stop."""
        ended_at = None if stop.ended_at is None else instant(stop.ended_at)
        place = round(stop.latitude, 7), round(stop.longitude, 7)
        self._stops.append(StopRow(*driver, instant(stop.started_at), ended_at, *place))

    def put_checkpoint(self, driver: Driver, at: int, state: bytes) -> None:
        self._checkpoints.append(Checkpoint(instant(at), *driver, state))

    def _announce(self, fleet: str, message: TripMessage) -> None:
        self._events.append(NewEvent(fleet, message.driver_id, msgspec.json.encode(message).decode()))

    async def write(self, connection: Connection) -> int:
        """Store everything in the open transaction. Returns the number of events."""
        await trips.write(
            connection,
            gone=self._gone,
            trips=self._trips,
            stops=self._stops,
            checkpoints=self._checkpoints,
            zones=self._zones,
        )
        return await events.put(connection, self._events)
