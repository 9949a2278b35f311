"""Trips in PostgreSQL: in whatever order points arrive, the tables are the same, and subscribers hear what changed."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import asyncpg
import msgspec
import pytest

from hub.core.nouns import Position
from hub.core.time_zones import TimeZones
from hub.core.trips.state import Point, Trip, TripRules
from hub.recorder.batch import Batch
from hub.recorder.folds.base import instant, microseconds
from hub.recorder.folds.trip_rows import Changes, trip_row
from hub.recorder.folds.trips import Trips, trip_rules
from hub.recorder.store import store
from hub.settings import Settings
from hub.stores.postgres import connection as postgres
from hub.stores.postgres.history import offsets, positions
from hub.stores.postgres.history.partitions import horizon
from hub.wire.log import LOG_KEY, encode_entry
from tests.support.tracks import NINE, Walker

RULES = TripRules()
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


class Books:
    """A recorder without its log: what arrives is stored and folded in one transaction."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.settings = Settings()
        self.trips = Trips(self.settings)
        self.entries = 0

    async def arrive(
        self, points: Iterable[tuple[str, Point]], fleet: str = "f", horizon: datetime = ALWAYS
    ) -> list[dict[str, Any]]:
        """Store (driver, point)s; the messages of the events."""
        arrived = [
            Position(driver, lat, lon, instant(at), instant(at), 1, speed, accuracy=accuracy)
            for driver, (at, lat, lon, speed, accuracy) in points
        ]
        batch = Batch()
        fields: Any = encode_entry("n", {fleet: [msgspec.json.encode(p) for p in arrived]}, 0)
        previous, self.entries = self.entries, self.entries + 1
        batch.add([(f"{self.entries}-0", {name.encode(): value for name, value in fields.items()})])
        before = await self.connection.fetchval("SELECT coalesce(max(id), 0) FROM events")
        async with self.connection.transaction():
            inserted = await store(self.connection, batch, f"{previous}-0")
            count = await self.trips.apply(self.connection, inserted, horizon)
        told = await self.connection.fetch("SELECT payload FROM events WHERE id > $1 ORDER BY id", before)
        assert len(told) == count
        return [msgspec.json.decode(row["payload"]) for row in told]

    def restart(self, settings: Settings | None = None) -> None:
        self.settings = settings or self.settings
        self.trips = Trips(self.settings)

    async def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that the fold keeps."""
        return {
            table: [tuple(row) for row in await self.connection.fetch(f"SELECT * FROM {table} ORDER BY {order}")]
            for table, order in {
                "trips": "fleet, driver_id, started_at",
                "stops": "fleet, driver_id, started_at",
                "trip_checkpoints": "fleet, driver_id, recorded_at",
                "daily": "fleet, driver_id, day",
                "daily_fleet": "fleet, day",
            }.items()
        }

    async def forget_everything(self) -> None:
        self.restart()
        await self.connection.execute(
            "TRUNCATE positions, trips, stops, daily, day_zones, trip_checkpoints, events RESTART IDENTITY"
        )
        await self.connection.execute("UPDATE log_offsets SET last_id = $1", "0-0")
        self.entries = 0


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    connection = await postgres.connect(database_url, role="test", patience=30)
    await positions.prepare(connection)
    await offsets.create(connection, LOG_KEY)
    yield Books(connection)
    await connection.close()


def of(driver: str, points: Iterable[Point]) -> list[tuple[str, Point]]:
    return [(driver, point) for point in points]


def outline(events: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """(event, minutes from the beginning of the track to that of the trip), removals as such."""
    return [
        (
            "removed" if event.get("removed") else event["event"],
            round((microseconds(datetime.fromisoformat(event["startedAt"])) - NINE) / 60e6),
        )
        for event in events
    ]


def week() -> list[tuple[str, Point]]:
    """Three drivers, some days of errands each."""
    points = [p for seed, driver in enumerate("abc") for p in of(driver, Walker(seed).report().errands(3).points)]
    return sorted(points, key=lambda of_driver: of_driver[1])


async def test_any_order_makes_the_same_tables(books: Books) -> None:
    points = week()
    chance = random.Random(3)
    day = timedelta(days=1) // timedelta(microseconds=1)
    shuffled = chance.sample(points, len(points))
    doubled = sorted(points + chance.sample(points, len(points) // 5), key=lambda of_driver: of_driver[1])
    days = [list(group) for _, group in groupby(points, key=lambda of_driver: (of_driver[1][0] - NINE) // day)]
    assert len(days) > 1
    orders = {
        "in order": (points, 50),
        "one by one": (points[:300], 1),
        "the rest": (points, 1000),
        "at once": (points, len(points)),
        "reversed": (points[::-1], 200),
        "shuffled": (shuffled, 300),
        "doubled": (doubled, 100),
        "a day late": ([p for i in (1, 0, *range(2, len(days))) for p in days[i]], 100),
    }
    expected = None
    for name, (order, size) in orders.items():
        for i in range(0, len(order), size):
            await books.arrive(order[i : i + size])
            if name != "one by one" and chance.random() < 0.2:
                books.restart()
        if name == "one by one":
            continue
        tables = await books.tables()
        expected = expected or tables
        assert tables == expected, name
        await books.forget_everything()
    assert expected is not None
    assert len(expected["trips"]) > 20 and len(expected["stops"]) > 10 and len(expected["daily"]) > 4


async def test_figures(books: Books) -> None:
    walker = Walker().report().stand(600).drive(900, 10).stand(60).drive(900, 20)
    await books.arrive(of("d", walker.stand(600).points))
    trip = await books.connection.fetchrow("SELECT * FROM trips")
    assert trip["distance"] == pytest.approx(27_000, rel=0.005)
    assert trip["duration"] == pytest.approx(1860, abs=20)
    assert trip["moving_time"] == pytest.approx(1800, abs=20)
    assert trip["max_speed"] == pytest.approx(20, rel=0.02)
    assert trip["points"] == pytest.approx(372, abs=5)
    assert trip["ended_at"] == trip["counted_to"]
    first, second = await books.connection.fetch("SELECT * FROM stops ORDER BY started_at")
    assert (first["ended_at"], trip["ended_at"]) == (trip["started_at"], second["started_at"])
    assert first["duration"] == pytest.approx(600, abs=15) and second["duration"] is None
    daily = await books.connection.fetchrow("SELECT * FROM daily")
    assert (daily["fleet"], daily["driver_id"], daily["day"]) == ("f", "d", datetime(2023, 11, 14).date())
    assert (daily["trips"], daily["distance"], daily["moving_time"]) == (1, trip["distance"], trip["moving_time"])
    assert daily["average_speed"] == pytest.approx(trip["distance"] / trip["duration"])


async def test_events_of_a_day(books: Books) -> None:
    walker = Walker().report().stand(600).drive(600).stand(600).drive(600)
    points = of("d", walker.points)
    told = []
    for i in range(0, len(points), 10):
        told += await books.arrive(points[i : i + 10])
    assert outline(told) == [("started", 10), ("ended", 10), ("started", 30)]
    ended = told[1]
    row = await books.connection.fetchrow("SELECT * FROM trips ORDER BY started_at")
    assert ended["tripId"] == str(row["id"]) == told[0]["tripId"]
    assert {
        "type": "trip",
        "driverId": "d",
        "distance": row["distance"],
        "points": row["points"],
    }.items() <= ended.items()
    assert ended["duration"] == row["duration"] == pytest.approx(ended["movingTime"] + ended["idleTime"])
    assert datetime.fromisoformat(ended["endedAt"]) == row["ended_at"]
    assert "endedAt" not in told[2]


async def test_events_of_late_points(books: Books) -> None:
    walker = Walker().report().stand(600).drive(600).stand(600).drive(600).stand(600)
    points = of("d", walker.points)
    middle = [p for p in points if NINE + 13 * 60e6 < p[1][0] < NINE + 14 * 60e6]
    assert outline(await books.arrive(p for p in points if p not in middle)) == [
        ("started", 10),
        ("ended", 10),
        ("started", 30),
        ("ended", 30),
    ]
    told = await books.arrive(middle)
    assert outline(told)[0] == ("revised", 10) and told[0]["points"] > 100
    assert {event["event"] for event in told} == {"revised"}
    assert await books.arrive(middle) == []
    # It stood there already an hour before: the first stop is longer, and all else as it was.
    told = await books.arrive(of("d", Walker(at=NINE - 3_600_000_000).stand(3590, every=10).points))
    assert ("removed", 10) not in outline(told) and ("started", 10) not in outline(told)
    assert await books.connection.fetchval("SELECT min(started_at) FROM stops") < instant(NINE - 3_500_000_000)
    # An hour before that a whole trip, of which nothing was known.
    told = await books.arrive(of("d", Walker(latitude=25.4, at=NINE - 9_000_000_000).drive(600).points))
    assert outline(told) == [("started", -150), ("ended", -150)]


async def test_a_trip_that_was_none(books: Books) -> None:
    """Two points of a silent tracker make a trip; the points in between show that it was elsewhere."""
    walker = Walker().report().stand(600).drive(300, 10)
    (started,) = await books.arrive(of("d", walker.points))
    before = [(at - 4_000_000, lat, lon, None, None) for at, lat, lon, _, _ in walker.points[120:]]
    back = [(at, 25.2, 55.3, speed, accuracy) for at, _, _, speed, accuracy in before]
    told = await books.arrive(of("d", back))
    assert await books.connection.fetchval("SELECT count(*) FROM trips") == len(told) - 1
    assert told[0] == {
        "type": "trip",
        "event": "revised",
        "tripId": started["tripId"],
        "driverId": "d",
        "startedAt": started["startedAt"],
        "removed": True,
    }


async def test_a_day_without_trips_is_gone(books: Books) -> None:
    day = 86_400_000_000

    def trip(start: int, distance: float) -> Any:
        row = Trip(start, 25.0, 55.0, start + 60_000_000, None, None, None, distance, 60_000_000, 20.0, 9, None, 0.0)
        return trip_row(("f", "d"), row)

    changes = Changes(TimeZones("UTC"))
    for start, distance in ((NINE, 1000.0), (NINE + 3_600_000_000, 2000.0), (NINE + day, 4000.0)):
        changes.put_trip(trip(start, distance), None)
    await changes.write(books.connection)
    days = "SELECT trips, distance FROM daily ORDER BY day"
    assert [tuple(row) for row in await books.connection.fetch(days)] == [(2, 3000.0), (1, 4000.0)]
    changes = Changes(TimeZones("UTC"))
    changes.remove_trip(trip(NINE, 1000.0))
    changes.remove_trip(trip(NINE + day, 4000.0))
    await changes.write(books.connection)
    assert [tuple(row) for row in await books.connection.fetch(days)] == [(1, 2000.0)]


async def test_a_failed_transaction_leaves_nothing(books: Books) -> None:
    points = of("d", Walker().report().drive(1200).points)
    await books.arrive(points[:100])
    before = await books.tables()
    with pytest.raises(RuntimeError):
        async with books.connection.transaction():
            await books.arrive(points[100:])
            raise RuntimeError
    assert await books.tables() == before
    books.restart()
    books.entries -= 1
    await books.arrive(points[100:])
    after = await books.tables()
    await books.forget_everything()
    await books.arrive(points)
    assert after == await books.tables()


async def test_drivers_of_two_fleets_are_strangers(books: Books) -> None:
    await books.arrive(of("d", Walker().report().drive(900).points), fleet="red")
    await books.arrive(of("d", Walker().report().stand(900).points), fleet="blue")
    assert [row["fleet"] for row in await books.connection.fetch("SELECT fleet FROM trips")] == ["red"]
    assert [row["fleet"] for row in await books.connection.fetch("SELECT fleet FROM stops")] == ["blue"]


async def test_before_the_horizon_nothing_changes(books: Books) -> None:
    """Where retention has removed the positions around late ones, the trips that were made of them stay."""
    walker = Walker().report().drive(900).stand(600).drive(900)
    points = of("d", walker.points)
    await books.arrive(points[:100] + points[110:])
    before = await books.tables()
    assert await books.arrive(points[100:110], horizon=instant(points[-1][1][0])) == []
    assert await books.tables() == before


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=UTC), ALWAYS, datetime(9999, 12, 31, 23, 59, 59, 999998, UTC)])
async def test_clocks_far_off(books: Books, at: datetime) -> None:
    far = microseconds(at)
    assert instant(far) == at
    points = of("d", Walker().report().drive(900).points)
    await books.arrive([*points[:50], ("d", (far, 25.0, 55.0, None, None))], horizon=datetime.min.replace(tzinfo=UTC))
    await books.arrive(points[50:])
    (trip,) = await books.connection.fetch("SELECT * FROM trips")
    assert trip["distance"] == pytest.approx(900 * 12, rel=0.1)


async def test_memory_is_bounded(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.recorder.folds.trips.DRIVERS_KEPT", 2)
    points = week()
    for i in range(0, len(points), 200):
        await books.arrive(points[i : i + 200])
    tables = await books.tables()
    await books.forget_everything()
    monkeypatch.undo()
    await books.arrive(points)
    assert await books.tables() == tables


def test_thresholds_are_settings() -> None:
    assert trip_rules(Settings()) == TripRules()
    other = Settings(trip_distance=1, trip_duration=2, stop_duration=3, trip_gap=4)
    assert trip_rules(other) == TripRules(trip_distance=1, trip_duration=2, stop_duration=3, gap=4)


def test_horizon_is_where_retention_ends() -> None:
    now = datetime(2026, 3, 15, 12, tzinfo=UTC)
    assert horizon(1, now) == datetime(2026, 2, 1, tzinfo=UTC)
    assert horizon(0, now) == datetime.min.replace(tzinfo=UTC)


async def days(books: Books) -> list[tuple[str, int]]:
    rows = await books.connection.fetch("SELECT day, trips FROM daily ORDER BY day")
    return [(str(row["day"]), row["trips"]) for row in rows]


async def test_days_are_those_of_the_time_zone_of_the_fleet(books: Books) -> None:
    """Two trips, before and after midnight UTC, which are one evening in Chicago."""
    evening = microseconds(datetime(2026, 11, 19, 23, 15, tzinfo=UTC))
    walker = Walker(at=evening).report().stand(600).drive(900).stand(2_400).drive(900).stand(600)
    await books.arrive(of("d", walker.points))
    assert await days(books) == [("2026-11-19", 1), ("2026-11-20", 1)]
    for setting in ("America/Chicago", "Asia/Tokyo,f=America/Chicago"):
        books.restart(Settings(time_zone="UTC"))
        await books.arrive(of("d", walker.silence(60).report().points[-1:]))
        assert await days(books) == [("2026-11-19", 1), ("2026-11-20", 1)]
        books.restart(Settings(time_zone=setting))
        await books.arrive(of("d", walker.silence(60).report().points[-1:]))
        assert await days(books) == [("2026-11-19", 2)]


async def test_trips_from_before_the_first_stored_position_stay(books: Books) -> None:
    """Retention has dropped their positions, and an upgrade the checkpoints."""
    walker = Walker().report().stand(600).drive(900).stand(600).drive(900).stand(600)
    await books.arrive(of("d", walker.points))
    trips = await books.connection.fetch("SELECT id, started_at FROM trips ORDER BY started_at")
    assert len(trips) == 2
    middle = instant(NINE + 1_800_000_000)
    await books.connection.execute("DELETE FROM positions WHERE recorded_at < $1", middle)
    await books.connection.execute("DELETE FROM trip_checkpoints")
    books.restart()
    await books.arrive(of("d", walker.stand(60).points[-12:]), horizon=middle)
    assert await books.connection.fetch("SELECT id, started_at FROM trips ORDER BY started_at") == trips


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("north", [-900, 900])
async def test_the_most_exact_of_one_instant_counts(books: Books, north: float, order: int) -> None:
    points = Walker().report().stand(600, every=10).drive(1200, 12, every=10).stand(600, every=10).points
    exact = [(at, latitude, longitude, None, 5.0) for at, latitude, longitude, _, _ in points]
    await books.arrive(of("d", exact))
    distance = await books.connection.fetchval("SELECT distance FROM trips")
    twins = [(at, latitude + north / 111_000, longitude, None, 1000.0) for at, latitude, longitude, _, _ in points]
    for driver, first, second in (("e", exact, twins), ("g", twins, exact)):
        await books.arrive(of(driver, first[::order]))
        await books.arrive(of(driver, second))
        found = await books.connection.fetch("SELECT distance FROM trips WHERE driver_id = $1", driver)
        assert [row["distance"] for row in found] == [distance]
