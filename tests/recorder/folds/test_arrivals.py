"""Arrivals in PostgreSQL: in whatever order points arrive the history is the same, and messages tell what changed."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator

import pytest

from hub.core.trips.state import Point
from hub.stores.postgres import connection as postgres
from hub.stores.postgres.history import offsets, positions
from hub.wire.log import LOG_KEY
from tests.support.arrival_books import ArrivalBooks, when
from tests.support.fence_books import at, moved, square


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[ArrivalBooks]:
    connection = await postgres.connect(database_url, role="test", patience=30)
    await positions.prepare(connection)
    await offsets.create(connection, LOG_KEY)
    # Routes of the time of the points, whose days are long past.
    made = ArrivalBooks(connection)
    await made.route()
    yield made
    await connection.close()


def drive(begin: float, start: float, end: float, speed: float = 12.0, every: float = 5.0) -> list[Point]:
    """Driving east from ``start`` to ``end`` metres."""
    count = int(abs(end - start) / (speed * every))
    way = speed * every * (1 if end > start else -1)
    return [at(begin + n * every, start + n * way, speed=speed) for n in range(count + 1)]


def stand(begin: float, end: float, east: float, every: float = 10.0) -> list[Point]:
    return [at(begin + n * every, east, speed=0.0) for n in range(int((end - begin) / every) + 1)]


def visit(east: float = 0.0) -> list[Point]:
    """From 3 km west to a job at nine and 250 s, there for five minutes, and on."""
    return [
        *drive(0, east - 3_000, east - 60),
        *stand(255, 555, east),
        *drive(565, east + 60, east + 3_000),
    ]


def later(seconds: float, point: Point) -> Point:
    return (point[0] + round(seconds * 1e6), *point[1:])


def outline(told: list[dict[str, object]]) -> list[str]:
    return [f"{one['event']}{'-' if one.get('removed') else ''}" for one in told if one["type"] == "job"]


async def test_an_arrival_and_its_messages(books: ArrivalBooks) -> None:
    job = await books.job(0)
    told = await books.arrive(visit())
    assert outline(told) == ["approaching", "arrived", "departed"]
    (_, approaching, near), (_, arrived, there), (_, departed, gone) = await books.facts()
    assert (approaching, arrived, departed) == ("approaching", "arrived", "departed")
    assert near == pytest.approx(160, abs=15) and there == pytest.approx(255, abs=15)
    assert gone == pytest.approx(572, abs=15)
    assert await books.status(job) == "en_route"
    shown = await books.waypoint(job)
    assert (shown["arrival_source"], shown["arrived_at"]) == ("position", when(there))
    assert shown["departed_at"] is not None and shown["approached_at"] is not None
    message = told[1]
    assert (message["jobId"], message["driverId"], message["source"]) == (str(job), "d", "position")
    # The same points again tell nothing.
    assert await books.arrive(visit()) == []


async def test_r5_driving_past_and_stopping_short(books: ArrivalBooks) -> None:
    for east in (0, 2_000):
        await books.job(east)
    # At 50 km/h past the first one; the stop is 150 m before the second one.
    await books.arrive([*drive(0, -1_500, 1_800, speed=14), *stand(250, 900, 1_850)])
    assert [(job, event) for job, event, _ in await books.facts()] == [(0, "approaching"), (1, "approaching")]


async def test_r5_parking_behind_and_jitter_at_the_edge(books: ArrivalBooks) -> None:
    await books.job(0)
    chance = random.Random(2)
    await books.arrive(drive(0, -2_000, -110))
    # 95 m off, with 12 m of noise: now and then outside.
    for n in range(0, 360, 60):
        await books.arrive(
            [at(160 + (n + k) * 10, -95 + chance.gauss(0, 12), chance.gauss(0, 12), accuracy=12) for k in range(60)]
        )
    found = await books.facts()
    assert [event for _, event, _ in found] == ["approaching", "arrived"]
    assert found[1][2] == pytest.approx(160, abs=45)


async def test_r5_out_of_sequence(books: ArrivalBooks) -> None:
    jobs = [await books.job(east) for east in (0, 4_000)]
    await books.arrive([*stand(0, 300, 4_000), *drive(310, 3_900, 100), *stand(640, 900, 0)])
    assert [(job, event) for job, event, _ in await books.facts() if event != "approaching"] == [
        (1, "arrived"), (1, "departed"), (0, "arrived")
    ]  # fmt: skip
    assert [await books.status(job) for job in jobs] == ["arrived", "en_route"]


async def test_r5_points_that_come_late_revise_and_do_not_double(books: ArrivalBooks) -> None:
    job = await books.job(0)
    points = visit()
    late = [point for point in points if 250 <= (point[0] - points[0][0]) / 1e6 < 400]
    await books.arrive([point for point in points if point not in late])
    before = await books.facts()
    assert before[1][1:] == ("arrived", 275.0)
    told = await books.arrive(late, received=when(1_200))
    assert outline(told) == ["arrived"] and told[0]["revised"] and told[0]["late"] > 900
    assert (await books.facts())[1][1:] == ("arrived", 255.0) and len(await books.facts()) == len(before)
    assert await books.status(job) == "en_route"


async def test_any_order_makes_the_same_history(books: ArrivalBooks) -> None:
    for east in (0, 1_500, 3_000):
        await books.job(east)
    points = [later(n * 900, point) for n, east in enumerate((0, 1_500, 3_000)) for point in visit(east)]
    expected = None
    chance = random.Random(7)
    shuffled = chance.sample(points, len(points))
    for order, size in ((points, 40), (points[::-1], 90), (shuffled, 60)):
        await books.connection.execute("DELETE FROM positions")
        await books.connection.execute("DELETE FROM job_events WHERE source = 'position'")
        await books.connection.execute("DELETE FROM arrival_checkpoints")
        await books.connection.execute("UPDATE jobs SET status = 'dispatched'")
        books.restart()
        for n in range(0, len(order), size):
            await books.arrive(order[n : n + size])
            if chance.random() < 0.3:
                books.restart()
        found = await books.facts()
        expected = expected or found
        assert found == expected
    assert expected is not None and [event for _, event, _ in expected].count("arrived") == 3


async def test_the_word_of_a_person_is_not_taken_back(books: ArrivalBooks) -> None:
    said, done = await books.job(0), await books.job(3_000)
    await books.say(said, "arrive", "arrived", 100)
    told = await books.arrive(visit())
    assert sorted(outline(told)) == ["approaching", "approaching", "arrived", "departed"]
    assert await books.status(said) == "arrived"
    # No arrival begins after the end of a job.
    await books.say(done, "complete", "done", 900)
    await books.arrive(stand(1_000, 1_300, 3_000))
    assert [event for job, event, _ in await books.facts() if job == 1] == ["approaching"]
    assert await books.status(done) == "done"


async def test_points_from_before_the_driver_had_the_job_do_not_count(books: ArrivalBooks) -> None:
    await books.job(5_000)
    await books.arrive(stand(0, 300, 0))
    job = await books.job(0, since=305)
    await books.idle()
    assert await books.facts() == []
    await books.arrive(stand(310, 400, 0))
    assert (1, "arrived", 310.0) in await books.facts()
    assert await books.status(job) == "arrived"
    # Moved away by its location: the arrival did not happen.
    await books.connection.execute("UPDATE jobs SET latitude = $2 WHERE id = $1", job, moved(0, 9_000)[0])
    await books.tell(305)
    told = await books.idle()
    assert sorted(outline(told)) == ["approaching-", "arrived-"] and await books.facts() == []
    assert await books.status(job) == "dispatched"


async def test_a_place_with_a_shape(books: ArrivalBooks) -> None:
    await books.job(0, shape=json.dumps(square(400)))
    await books.arrive([*drive(0, -2_000, -350), *stand(150, 300, -350)])
    assert [event for _, event, _ in await books.facts()] == ["approaching", "arrived"]


async def test_an_erasure_deletes_the_facts_of_the_driver(books: ArrivalBooks) -> None:
    job = await books.job(0)
    await books.arrive(visit())
    async with books.connection.transaction():
        await books.fold.erase(books.connection, ("f", "d"), when(2_000))
    assert await books.facts() == [] and await books.status(job) == "dispatched"
    shown = await books.waypoint(job)
    assert shown["arrived_at"] is None and shown["approached_at"] is None
    # Nothing of before it is read again.
    await books.arrive(stand(2_010, 2_100, 5_000))
    assert await books.facts() == []


async def test_a_fold_without_routes_reads_no_positions(books: ArrivalBooks) -> None:
    await books.connection.execute("DELETE FROM routes")
    assert await books.arrive(visit()) == []
    assert await books.connection.fetchval("SELECT count(*) FROM arrival_checkpoints") == 0
