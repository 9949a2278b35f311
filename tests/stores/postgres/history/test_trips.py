"""Tables of trips. tests/recorder/folds/test_trips.py has the fold that writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from hub.core.time_zones import TimeZones
from hub.stores.postgres.history import positions, trips
from hub.stores.postgres.history.positions import PositionRow
from hub.stores.postgres.history.trips import Checkpoint, Span, StopRow, StoredPoint, TripKey, TripRow

AT = datetime(2024, 5, 1, 23, 30, tzinfo=UTC)
A, B = ("f", "a"), ("f", "b")
EVER = datetime(9999, 1, 1, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return AT + timedelta(minutes=count)


def trip(driver: str, start: float, distance: float = 1_000.0, path: str | None = None) -> TripRow:
    return TripRow(
        UUID(int=int(start * 60) + ord(driver)), "f", driver, minutes(start), minutes(start + 10), minutes(start + 10),
        25.0, 55.0, 25.1, 55.1, distance, 300.0, 20.0, 60, 0.0, path,
    )  # fmt: skip


async def write(connection: asyncpg.Connection, **rows: object) -> None:
    nothing: dict[str, object] = {"gone": [], "trips": [], "stops": [], "checkpoints": [], "zones": TimeZones("UTC")}
    await trips.write(connection, **(nothing | rows))  # type: ignore[arg-type]


async def test_trips_are_replaced_and_days_follow(connection: asyncpg.Connection) -> None:
    await write(connection, trips=[trip("a", 0, path="_p~iF"), trip("a", 60), trip("b", 0)])
    await write(connection, trips=[trip("a", 0, distance=3_000.0)], gone=[TripKey("f", "b", minutes(0))])
    days = await connection.fetch("SELECT driver_id, day, trips, distance FROM daily ORDER BY driver_id, day")
    assert [tuple(day) for day in days] == [("a", AT.date(), 1, 3_000.0), ("a", minutes(60).date(), 1, 1_000.0)]
    spans = [Span(*A, minutes(0), minutes(60)), Span(*B, minutes(0), EVER)]
    assert await trips.stored_trips(connection, spans) == {A: [trip("a", 0, distance=3_000.0)], B: []}


async def test_stored_trips_are_without_their_paths(connection: asyncpg.Connection) -> None:
    await write(connection, trips=[trip("a", 0, path="_p~iF")])
    assert await trips.stored_trips(connection, [Span(*A, AT, EVER)]) == {A: [trip("a", 0)]}
    assert await connection.fetchval("SELECT path FROM trips") == "_p~iF"


async def test_stops_of_a_span_are_deleted(connection: asyncpg.Connection) -> None:
    stops = [StopRow("f", name, minutes(n), None, 25.0, 55.0) for name in "ab" for n in range(3)]
    await write(connection, stops=stops)
    await write(connection, stops=[stops[0]._replace(ended_at=minutes(9))])
    await trips.delete_stops(connection, [Span(*A, minutes(1), minutes(2))])
    left = await connection.fetch(
        "SELECT fleet, driver_id, started_at, ended_at, latitude, longitude FROM stops ORDER BY driver_id, started_at"
    )
    assert [StopRow(*row) for row in left] == [stops[0]._replace(ended_at=minutes(9)), stops[2], *stops[3:]]


async def test_checkpoints(connection: asyncpg.Connection) -> None:
    stored = [Checkpoint(minutes(n), "f", "a", bytes([n])) for n in range(4)]
    await write(connection, checkpoints=stored)
    before = await trips.checkpoints_before(connection, {A: minutes(2), B: minutes(2)})
    assert before == {A: (minutes(1), b"\x01"), B: (None, None)}
    spans = [Span(*B, AT, EVER), Span(*A, minutes(1), minutes(2))]
    assert await trips.checkpoints_between(connection, spans) == {A: stored[1:3], B: []}
    await trips.delete_checkpoints(connection, spans)  # after `since`, up to `until`
    between = await trips.checkpoints_between(connection, [Span(*A, AT, EVER)])
    assert between == {A: [stored[0], stored[1], stored[3]]}


async def test_positions_after_an_instant(connection: asyncpg.Connection) -> None:
    """The most exact of each instant; of equal ones the one with the smallest place."""
    await positions.prepare(connection)
    rows = [
        PositionRow(at, AT, latitude, 0, 1.0, None, accuracy, None, None, "f", "a", None)
        for at, latitude, accuracy in (
            (minutes(0), 1, 5.0), (minutes(1), 1, 9.0), (minutes(1), 3, 5.0), (minutes(1), 2, 5.0),
            (minutes(2), 1, 201.0), (minutes(2), 2, None), (minutes(2), 3, 0.0), (minutes(3), 1, None),
        )
    ]  # fmt: skip
    async with connection.transaction():
        await positions.insert(connection, rows)
    one, two = StoredPoint(minutes(1), 2, 0, 1.0, 5.0), StoredPoint(minutes(2), 2, 0, 1.0, None)
    assert await trips.positions_after(connection, {B: AT, A: minutes(0)}, 2) == {A: [one, two], B: []}
    assert await trips.positions_after(connection, {A: minutes(0)}, 1) == {A: [one]}
