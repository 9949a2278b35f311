"""The rows of reports. Trips, stops, days and visits are those that the API lists, by the same queries."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import asyncpg
from msgspec import Meta, Struct
from msgspec.structs import fields

from hub.core.reports.asked import ONE_DAY, Asked
from hub.core.reports.tables import REPORTS, Row
from hub.core.time_zones import zone
from hub.stores.postgres.alerts.alerts import alert_of
from hub.stores.postgres.connection import collect, statements
from hub.stores.postgres.fences import reads as fences
from hub.stores.postgres.history import reads as history
from hub.stores.postgres.places.names import Name, PlaceNames
from hub.wire.notices.alerts import Alert
from hub.wire.stored import Day, PlaceName, Stop, Trip, Visit

SQL = statements(Path(__file__).with_name("reads.sql"))

SEARCHED = 20
"""Trips or visits in which stretches above a limit are looked for at a time: 20 trips of two hours at 1 Hz are 144,000
positions, a quarter of a second."""

SUMMED = 100
"""Drivers whose trips are summed up at a time: those of a year, 300 a month, take half a second on a free core."""

LONGEST = 1.0
"""Seconds after which a search ends with what it has found: the API answers within ``HUB_HISTORY_TIMEOUT``, and files
go on from there."""

NO_FENCE = UUID(int=0)

Instant = Annotated[datetime, Meta(tz=True)]
Place = tuple[Any, ...]


class Piece(NamedTuple):
    """What becomes rows by ``make``, and the place after which the next ones begin; None at the end. A piece may have
    fewer rows than were wanted, or none, and still not be the last one. ``name`` names the places of a thing, before it
    is made a row. To make a thousand rows takes several
    milliseconds, so the loop that sends positions makes them in smaller pieces."""

    things: list[Any]
    make: Callable[[Any], Row]
    after: Place | None
    name: Name

    @property
    def rows(self) -> list[Row]:
        """All of them, made at once."""
        return list(map(self.make, self.things))


class Sums(Struct, rename="camel"):
    """What a driver drove on all days."""

    driver_id: str
    days: int
    trips: int
    distance: float
    gap_distance: float
    duration: float
    moving_time: float
    average_speed: float
    max_speed: float


class Stretch(Struct, rename="camel"):
    """A stretch above a limit. ``began``: the begin of its trip, whose day it belongs to."""

    driver_id: str
    began: datetime
    started_at: datetime
    ended_at: datetime
    duration: float
    max_speed: float
    average_speed: float
    points: int
    latitude: float
    longitude: float
    speed_limit: float
    fence_name: str | None
    place: PlaceName | None = None


LOCATED = (Trip, Stop, Stretch)
"""Things that have places."""

Read = Callable[[asyncpg.Connection, Asked, int, Any], Awaitable[tuple[Sequence[Any], Place | None]]]


async def rows_of(
    connection: asyncpg.Connection, asked: Asked, limit: int, after: Place | None = None, *, places: PlaceNames
) -> Piece:
    """What becomes the rows of a report after a place, at most ``limit``, in the order of time and driver."""
    found, following = await READERS[asked.kind].read(connection, asked, limit, after)
    names = await _driver_names(connection, asked.fleet, found)
    fenced = await _fence_names(connection, asked.fleet, found)
    located = READERS[asked.kind].things in LOCATED
    name: Name = await places.naming(connection, found) if located else (lambda thing: thing)
    return Piece(list(found), _maker(asked, names, fenced), following, name)


def place_names(kind: str) -> Callable[[Any], dict[str, PlaceName]]:
    """What makes the named places of a thing of a report, by the names of their columns; those without a name are
    absent. The rows have only their texts."""
    columns = {column.name for column in REPORTS[kind].columns}
    named = [field for field in fields(READERS[kind].things) if field.name.endswith("place")]
    attributes = [(field.encode_name, field.name) for field in named if field.encode_name in columns]

    def places(thing: Any) -> dict[str, PlaceName]:
        found = {name: getattr(thing, attribute) for name, attribute in attributes}
        return {name: place for name, place in found.items() if place is not None}

    return places


def place_of(kind: str) -> Any:
    """The type of the places of a report, for decoding."""
    return READERS[kind].place


def _maker(asked: Asked, names: Mapping[str, str], fenced: Mapping[UUID, str]) -> Callable[[Any], Row]:
    reader, here = READERS[asked.kind], zone(asked.time_zone)
    of = {field.encode_name: field.name for field in fields(reader.things)}
    columns = [(column.name, of.get(column.name)) for column in REPORTS[asked.kind].columns]

    def value(thing: Any, name: str, attribute: str | None) -> Any:
        if attribute is not None:
            return _plain(getattr(thing, attribute))
        if name == "driverName":
            return names.get(thing.driver_id) or thing.driver_id
        if name == "day":
            return _day(getattr(thing, reader.dated), here)
        return fenced.get(thing.fence_id)

    def made(thing: Any) -> Row:
        return [value(thing, name, attribute) for name, attribute in columns]

    return made


def _plain(value: Any) -> Any:
    if isinstance(value, PlaceName):
        return value.text
    return str(value) if isinstance(value, UUID) else value


def _day(at: datetime, here: tzinfo) -> date:
    return at.astimezone(here).date()


async def _driver_names(connection: asyncpg.Connection, fleet: str, things: Sequence[Any]) -> dict[str, str]:
    ids = list({thing.driver_id for thing in things})
    return dict(await connection.fetch(SQL.names, fleet, ids)) if ids else {}


async def _fence_names(connection: asyncpg.Connection, fleet: str, things: Sequence[Any]) -> dict[UUID, str]:
    ids = {thing.fence_id for thing in things if isinstance(thing, Visit)}
    return await fences.names(connection, fleet, ids) if ids else {}


def _since(asked: Asked, after: Place | None) -> tuple[datetime, datetime]:
    """The span, from the instant of a place on."""
    since, until = asked.span
    return (since if after is None else max(since, after[0].astimezone(UTC))), until


async def _trips(connection: asyncpg.Connection, asked: Asked, limit: int, after: Place | None) -> Any:
    since, until = _since(asked, after)
    found = await history.fleet_trips(
        connection, asked.fleet, since, until, limit, after=after[1] if after else "", drivers=asked.drivers
    )
    return found, (found[-1].started_at, found[-1].driver_id) if len(found) == limit else None


async def _stops(connection: asyncpg.Connection, asked: Asked, limit: int, after: Place | None) -> Any:
    since, until = _since(asked, after)
    found = await history.fleet_stops(
        connection, asked.fleet, since, until, limit, after=after[1] if after else "", drivers=asked.drivers
    )
    return found, (found[-1].started_at, found[-1].driver_id) if len(found) == limit else None


async def _daily(connection: asyncpg.Connection, asked: Asked, limit: int, after: Place | None) -> Any:
    first, last = (max(asked.since, after[0]), after[1]) if after else (asked.since, "")
    common = (connection, asked.fleet, first, asked.until + ONE_DAY, limit)
    if asked.time_zone == await history.day_zone(connection, asked.fleet):
        found = await history.days(*common, after=last, drivers=asked.drivers)
    else:  # until the recorder has summed up the days again after a change of the zone
        found = await history.days_in_zone(*common, asked.time_zone, by_driver=True, after=last, drivers=asked.drivers)
    return found, (found[-1].day, found[-1].driver_id) if len(found) == limit else None


async def _visits(connection: asyncpg.Connection, asked: Asked, limit: int, after: Place | None) -> Any:
    since, until = _since(asked, after)
    wanted = fences.Wanted(drivers=asked.drivers)
    last = after[1:] if after else fences.BEFORE_ALL
    found = await fences.visits(connection, asked.fleet, wanted, since, until, limit, last)
    if len(found) < limit:
        return found, None
    return found, (found[-1].entered_at, found[-1].driver_id, found[-1].fence_id)


async def _events(connection: asyncpg.Connection, asked: Asked, limit: int, after: Place | None) -> Any:
    since, until = _since(asked, after)
    number = after[1] if after else -1
    rows = await collect(
        connection, lambda row: row, SQL.events, asked.fleet, since, until, limit, number, asked.drivers
    )
    following = (rows[-1]["at"], rows[-1]["number"]) if len(rows) == limit else None
    return [alert_of(row) for row in rows], following


async def _mileage(connection: asyncpg.Connection, asked: Asked, limit: int, after: Place | None) -> Any:
    last, limit = after[0] if after else "", min(limit, SUMMED)
    found = await collect(
        connection, lambda row: Sums(**row), SQL.mileage, asked.fleet, *asked.span, limit, last, asked.drivers,
        asked.time_zone,
    )  # fmt: skip
    return found, (found[-1].driver_id,) if len(found) == limit else None


async def _speeding(connection: asyncpg.Connection, asked: Asked, limit: int, after: Place | None) -> Any:
    """Looks for stretches in the next trips, or visits of fences with a limit, of which the top speed is above it. A
    place is one of these, and the begin of a stretch in it; those after it are wanted."""
    since, until = _since(asked, after)
    driver_id, fence_id, seen = after[1:] if after else ("", NO_FENCE, None)
    # The first may be that of the place, which was searched before.
    common = (asked.fleet, since, until, SEARCHED + 1, driver_id, asked.drivers)
    if asked.speed_limit is None:
        searched = await connection.fetch(SQL.fast_visits, *common, fence_id)
    else:
        searched = await connection.fetch(SQL.fast_trips, *common, asked.speed_limit)
    found: list[Stretch] = []
    place: Place | None = None
    before = None if after is None else (since, driver_id, fence_id)
    began = time.perf_counter()
    for one in searched:
        of = (one["since"], one["driver_id"], one["fence_id"])
        rows = await connection.fetch(
            SQL.stretches, asked.fleet, one["driver_id"], one["since"], one["until"], one["speed_limit"],
            one["max_speed"], asked.speed_for,
        )  # fmt: skip
        for row in rows:
            if of == before and row["started_at"] <= seen:
                continue
            if len(found) == limit:
                return found, place
            found.append(Stretch(one["driver_id"], one["since"], **row, speed_limit=one["speed_limit"],
                                 fence_name=one["fence_name"]))  # fmt: skip
            place = (*of, row["started_at"])
        place = (*of, one["until"])
        if of != before and time.perf_counter() - began > LONGEST:
            return found, place
    return found, place if len(searched) > SEARCHED else None


class Reader(NamedTuple):
    """How a report is read: ``things`` that become its rows, the attribute that dates them, and the type of the places
    between them."""

    read: Read
    things: type[Struct]
    dated: str
    place: Any


READERS = {
    "trips": Reader(_trips, Trip, "started_at", tuple[Instant, str]),
    "stops": Reader(_stops, Stop, "started_at", tuple[Instant, str]),
    "daily": Reader(_daily, Day, "day", tuple[date, str]),
    "visits": Reader(_visits, Visit, "entered_at", tuple[Instant, str, UUID]),
    "events": Reader(_events, Alert, "at", tuple[Instant, Annotated[int, Meta(ge=0, le=2**63 - 1)]]),
    "speeding": Reader(_speeding, Stretch, "began", tuple[Instant, str, UUID, Instant]),
    "mileage": Reader(_mileage, Sums, "", tuple[str]),
}
