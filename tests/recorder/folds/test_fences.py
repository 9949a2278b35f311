"""Visits and crossings in PostgreSQL: in whatever order points arrive the tables are the same, and events tell what
changed. The names F1 to F11 are those of the issue that asked for them."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest

from hub.core.trips.state import Point
from hub.recorder.folds.base import instant
from tests.support.fence_books import ALWAYS, NINE, FenceBooks, at, outline
from tests.support.fence_shapes import PLACE, circle, moved, square
from tests.support.tracks import Walker


def after(seconds: float) -> Any:
    """An instant so long after nine."""
    return instant(NINE + round(seconds * 1e6))


def seconds_of(instant: Any) -> float:
    return float(instant.timestamp() - NINE / 1e6)


def through(start: float, end: float, begin: float, step: float = 10.0, every: float = 1.0) -> list[Point]:
    """Driving east from ``start`` to ``end`` metres."""
    count = round((end - start) / step)
    return [at(begin + n * every, start + n * step) for n in range(count + 1)]


async def test_a_visit_and_its_events(fences: FenceBooks) -> None:
    fence = await fences.fence(circle(), 100, rules={"dwell": 120}, name="Depot")
    told = await fences.arrive([*through(-300, 0, 0), *(at(30 + n, 0) for n in range(1, 200)), *through(0, 1_000, 230)])
    # At 10 m/s the border is passed 20 s after the start, and on the way out 10 s after the start of that.
    assert outline(told) == [("entered", 20), ("dwelled", 140), ("exited", 240)]
    (row,) = await fences.visits()
    assert [seconds_of(row[name]) for name in ("entered_at", "exited_at", "dwelled_at")] == [
        pytest.approx(20, abs=0.01), pytest.approx(240, abs=0.01), pytest.approx(140, abs=0.01)
    ]  # fmt: skip
    assert (row["fence_id"], row["driver_id"], row["cause"], row["exit_cause"]) == (fence, "d", "crossed", "crossed")
    entered, dwelled, exited = told
    assert {event["visitId"] for event in told} == {str(row["id"])}
    assert {event["fenceName"] for event in told} == {"Depot"}
    assert len({event["id"] for event in told}) == 3
    assert "exitedAt" not in entered and "duration" not in entered
    assert dwelled["duration"] == 120
    assert exited["duration"] == pytest.approx(220, abs=0.1) and exited["points"] == row["points"]


async def test_f1_parked_on_the_border_for_eight_hours(fences: FenceBooks) -> None:
    await fences.fence(circle(), 50)
    chance = random.Random(1)
    told = []
    points = [at(n * 10, 50 + chance.gauss(0, 12), chance.gauss(0, 12), accuracy=12) for n in range(2_880)]
    for i in range(0, len(points), 100):
        told += await fences.arrive(points[i : i + 100])
    assert [event["event"] for event in told] == ["entered"]
    (row,) = await fences.visits()
    assert row["exited_at"] is None and row["distance"] < 200


async def test_f2_three_confident_spikes(fences: FenceBooks) -> None:
    await fences.fence(circle(), 50)
    still = [at(n * 10, 0, accuracy=8) for n in range(100)]
    for n in (20, 50, 80):
        still[n] = at(n * 10, 250, accuracy=1.9)
    assert outline(await fences.arrive(still)) == [("entered", 0)]


def days() -> list[tuple[str, Point]]:
    """Three drivers, some days of errands each, with the accuracy that phones report."""
    chance = random.Random(5)
    found = []
    for seed, driver in enumerate("abc"):
        for point in Walker(seed).report().errands(2).points:
            accuracy = chance.choice([None, 5.0, 12.0, 40.0, 150.0, 900.0])
            found.append((driver, (*point[:4], accuracy)))
    return sorted(found, key=lambda of_driver: of_driver[1][0])


async def some_fences(fences: FenceBooks, points: list[tuple[str, Point]]) -> None:
    """Circles, squares and a corridor on the tracks, some of them edited, and one deleted, meanwhile."""
    chance = random.Random(6)
    middle = instant(points[len(points) // 2][1][0])
    for n in range(12):
        _, point = chance.choice(points)
        place = point[1], point[2]
        rules = [{}, {"enterAfter": 60, "dwell": 300}, {"exitAfter": 0, "exitMargin": 0}, {"maxAccuracy": 50}][n % 4]
        if n % 3 == 2:
            id = await fences.fence(square(chance.uniform(50, 600), place), rules=rules)
        else:
            id = await fences.fence(circle(place), chance.uniform(30, 500), rules=rules)
        if n % 5 == 0:
            await fences.fence(square(300, place), id=id, since=middle, rules=rules)
        if n == 4:
            await fences.end(id, middle)
    line = [[p[2], p[1]] for _, p in points[:2_000:100] if _ == "a"]
    await fences.fence({"type": "LineString", "coordinates": line}, 40)


@pytest.mark.thorough
async def test_f3_any_order_makes_the_same_tables(fences: FenceBooks) -> None:
    points = days()
    await some_fences(fences, points)
    chance = random.Random(3)
    begin, end = len(points) // 3, len(points) // 2
    orders = {
        "in order": (points, 50),
        "at once": (points, len(points)),
        "reversed": (points[::-1], 200),
        "shuffled": (chance.sample(points, len(points)), 300),
        "doubled": (sorted(points + chance.sample(points, len(points) // 5), key=lambda p: p[1][0]), 100),
        "halves swapped": (points[len(points) // 2 :] + points[: len(points) // 2], 150),
        "a part late": (points[:begin] + points[end:] + points[begin:end], 100),
    }
    expected = None
    for name, (order, size) in orders.items():
        for i in range(0, len(order), size):
            await fences.arrive(order[i : i + size])
            if chance.random() < 0.2:
                fences.restart()
        tables = await fences.tables()
        expected = expected or tables
        for table, rows in expected.items():
            assert tables[table] == rows, (name, table)
        await fences.forget_points()
    assert expected is not None
    assert len(expected["visits"]) > 30 and len(expected["crossings"]) > 3 and len(expected["fence_checkpoints"]) > 30


async def test_f4_points_inside_arrive_ten_minutes_late(fences: FenceBooks) -> None:
    await fences.fence(circle(), 100)
    track = [at(n * 10, -2_000 + n * 40) for n in range(100)]
    inside = [point for point in track if abs(point[0] - NINE - 500_000_000) < 60_000_000]
    # The silence is short enough for the way to count as straight: the driver has crossed the fence.
    assert outline(await fences.arrive([point for point in track if point not in inside])) == [("crossed", 525)]
    told = await fences.arrive(inside, received=after(2_000))
    assert outline(told) == [("entered", 475), ("exited", 525), ("removed", 475)]
    assert [round(event["late"]) for event in told] == [1_525, 1_475, 1_525]
    assert await fences.crossings() == []
    # The rest again tells nothing.
    assert await fences.arrive(track) == []


async def test_late_points_revise(fences: FenceBooks) -> None:
    await fences.fence(circle(), 100)
    track = [at(n * 10, 0 if 5 < n < 60 else 3_000) for n in range(100)]
    await fences.arrive(track[:8] + track[50:])
    (before,) = await fences.visits()
    assert before["entered_slack"] == 10  # 3 km in 10 s are not a straight way
    (told,) = await fences.arrive(track)
    assert told["event"] == "revised" and told["visitId"] == str(before["id"])
    assert told["points"] == before["points"] + 42


async def test_a_visit_that_was_two(fences: FenceBooks) -> None:
    await fences.fence(circle(), 100)
    await fences.arrive([at(n * 10, 0 if n < 90 else 3_000) for n in range(100) if not 20 < n < 60])
    (before,) = await fences.visits()
    # It was away in the silence.
    told = await fences.arrive([at(n * 10, 3_000) for n in range(21, 60)])
    assert [event["event"] for event in told] == ["revised", "entered", "exited"]
    first, second = await fences.visits()
    assert first["entered_at"] == before["entered_at"] and first["exited_at"] < second["entered_at"]


async def test_a_visit_whose_start_moves_names_what_it_replaces(fences: FenceBooks) -> None:
    await fences.fence(circle(), 100)
    await fences.arrive([at(n * 10, 0) for n in range(30, 60)])
    (before,) = await fences.visits()
    told = await fences.arrive([at(n * 10, 0) for n in range(30)])
    assert outline(told) == [("entered", 0), ("removed", 300)]
    assert told[0]["replaces"] == [str(before["id"])]
    assert told[1]["visitId"] == str(before["id"])


async def test_f5_a_fence_that_was_jumped_over(fences: FenceBooks) -> None:
    await fences.fence(circle(), 50)
    (told,) = await fences.arrive([at(0, -500), at(20, 500)])
    assert told["event"] == "crossed"
    (row,) = await fences.crossings()
    assert seconds_of(row["entered_at"]) == pytest.approx(9, abs=0.01)
    assert seconds_of(row["exited_at"]) == pytest.approx(11, abs=0.01)
    # Nothing is known of a way through a long silence, or of one that no car can drive.
    assert await fences.arrive([at(400, -500), at(401, 500)]) == []


async def test_f6_a_fence_drawn_round_a_parked_car(fences: FenceBooks) -> None:
    await fences.arrive([at(n * 10, 0) for n in range(10)])
    await fences.fence(circle(), 50, since=after(95))
    (told,) = await fences.arrive([at(100, 0)])
    assert (told["event"], told["cause"], outline([told])) == ("entered", "fence_changed", [("entered", 95)])
    # The next point was there before the recorder heard of the fence.
    await fences.arrive([at(110, 0)])
    await fences.fence(square(40), since=after(105))
    told = (await fences.arrive([]))[0]
    assert (told["event"], told["cause"], outline([told])) == ("entered", "fence_changed", [("entered", 105)])


async def test_f7_the_dwell_counts_from_the_second_entry(fences: FenceBooks) -> None:
    await fences.fence(circle(), 50, rules={"dwell": 300})
    told = await fences.arrive(
        [
            *(at(n, 0) for n in range(0, 200, 5)),
            *(at(n, 500) for n in range(200, 300, 5)),
            *(at(n, 0) for n in range(300, 700, 5)),
        ]
    )
    assert [event["event"] for event in told] == ["entered", "exited", "entered", "dwelled"]
    assert seconds_of((await fences.visits())[1]["dwelled_at"]) == pytest.approx(600, abs=6)


@pytest.mark.parametrize("count", [200, pytest.param(1_000, marks=pytest.mark.slow)])
async def test_f10_an_edit_while_many_drivers_move(fences: FenceBooks, count: int) -> None:
    """Each visit belongs to the version that was valid when it began, whenever the edit is heard of."""
    fence = await fences.fence(circle(), 200)
    drivers = [f"d{n}" for n in range(count)]
    edit, new = 95.0, moved(-400, 0)
    for second in range(0, 300, 10):
        if second == 100:
            await fences.fence(circle(new), 200, id=fence, since=after(edit))
        await fences.arrive(
            [
                (driver, at(second + n / count, (second - 150) * 10 + n * 1_000 / count))
                for n, driver in enumerate(drivers)
            ]
        )
    rows = await fences.visits()
    assert {row["fence_version"] for row in rows} == {1, 2}
    for row in rows:
        assert (row["fence_version"] == 2) == (row["entered_at"] >= after(edit))
        if row["exit_cause"] == "fence_changed":
            assert row["fence_version"] == 1 and row["exited_at"] == after(edit)
    assert {row["cause"] for row in rows} == {"crossed", "fence_changed"}
    # The same without the delay.
    fast = await fences.tables()
    await fences.forget_points()
    await fences.arrive(
        [
            (driver, at(second + n / count, (second - 150) * 10 + n * 1_000 / count))
            for second in range(0, 300, 10)
            for n, driver in enumerate(drivers)
        ]
    )
    assert (await fences.tables()) == fast


async def test_a_fence_opened_earlier_finds_the_visits_of_the_past(fences: FenceBooks) -> None:
    tracks = [(driver, point) for driver in "ab" for point in through(-3_000, 3_000, 0)]
    other = [("far", at(n, 60_000)) for n in range(100)]
    await fences.arrive([*tracks, *other])
    fence = await fences.fence(circle(), 500, since=after(10_000))
    assert await fences.idle() == []
    await fences.connection.execute("UPDATE fence_versions SET valid_from = $1", ALWAYS)
    await fences.change(fence, ALWAYS)
    told = await fences.idle()
    assert sorted((event["driverId"], event["event"]) for event in told) == [
        ("a", "entered"), ("a", "exited"), ("b", "entered"), ("b", "exited")
    ]  # fmt: skip
    assert all(event["late"] > 1_000 for event in told)
    checkpoints = "SELECT DISTINCT driver_id FROM fence_checkpoints"
    assert {row["driver_id"] for row in await fences.connection.fetch(checkpoints)} == {"a", "b"}
    assert await fences.idle() == []


async def test_a_long_past_is_folded_in_pieces(fences: FenceBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.recorder.folds import fence_visits

    monkeypatch.setattr(fence_visits, "PIECE", 500)
    points = [(d, p) for d, p in days() if d == "a"]
    await fences.arrive(points)
    places = [point for _, point in points[::400]]
    for place in places:
        await fences.fence(circle((place[1], place[2])), 300)
    pieces = 0
    while await fences.idle() or await fences.connection.fetchval("SELECT count(*) FROM fence_refolds"):
        pieces += 1
    assert pieces > 1
    found = await fences.tables()
    await fences.forget_points()
    await fences.arrive(points)
    assert (await fences.tables()) == found and len(found["visits"]) > 10


async def test_a_deleted_fence_ends_its_visits(fences: FenceBooks) -> None:
    fence = await fences.fence(circle(), 50)
    await fences.arrive([at(0, 0), at(10, 0)])
    await fences.end(fence, after(15))
    (told,) = await fences.arrive([at(20, 0)])
    assert (told["event"], told["cause"], outline([told])) == ("exited", "fence_changed", [("exited", 15)])
    assert (await fences.visits())[0]["exit_cause"] == "fence_changed"


async def test_a_silence_leaves_slack(fences: FenceBooks) -> None:
    await fences.fence(circle(), 50)
    await fences.arrive([at(0, 9_000), at(3_600, 0), at(3_610, 0), at(9_000, 9_000)])
    (row,) = await fences.visits()
    assert (row["entered_slack"], row["exited_slack"]) == (3_600, 5_390)
    assert (seconds_of(row["entered_at"]), seconds_of(row["exited_at"])) == (3_600, 3_610)


async def test_watched_drivers_and_groups(fences: FenceBooks) -> None:
    await fences.fence(circle(), 50, watch={"drivers": ["a"], "groups": ["north"]})
    for driver, groups in {"b": ["north", "vans"], "c": ["south"]}.items():
        await fences.connection.execute(
            "INSERT INTO drivers (fleet, driver_id, groups) VALUES ('f', $1, $2)", driver, groups
        )
    await fences.connection.execute("UPDATE driver_groups SET since = $1", after(-100))
    await fences.arrive([(driver, at(n, 0)) for n in range(20) for driver in "abc"])
    assert [row["driver_id"] for row in await fences.visits()] == ["a", "b"]
    # A driver joins a group and leaves it, standing still.
    for groups, seconds in ((["north"], 30), ([], 60)):
        await fences.connection.execute(
            "INSERT INTO driver_groups (fleet, driver_id, since, groups) VALUES ('f', 'c', $1, $2)",
            after(seconds), groups,
        )  # fmt: skip
        await fences.connection.execute(
            "INSERT INTO fence_changes (fleet, driver_id, since) VALUES ('f', 'c', $1)", after(seconds)
        )
    told = await fences.arrive([("c", at(n, 0)) for n in range(20, 100)])
    assert [(event["event"], event["cause"]) for event in told] == [
        ("entered", "fence_changed"), ("exited", "fence_changed")
    ]  # fmt: skip
    assert outline(told) == [("entered", 30), ("exited", 60)]


async def test_groups_follow_the_vehicle(fences: FenceBooks) -> None:
    sql = fences.connection.execute
    await sql("INSERT INTO drivers (fleet, driver_id, groups) VALUES ('f', 'a', '{north}'), ('f', 'b', '{}')")
    await sql("INSERT INTO vehicles (fleet, vehicle_id, groups, driver_id) VALUES ('f', 'v', '{vans}', 'a')")
    await sql("UPDATE vehicles SET driver_id = 'b'")
    await sql("UPDATE vehicles SET groups = '{vans,cold}'")
    await sql("DELETE FROM vehicles")
    found: dict[str, list[list[str]]] = {}
    for row in await fences.connection.fetch("SELECT * FROM driver_groups ORDER BY since, driver_id"):
        found.setdefault(row["driver_id"], []).append(row["groups"])
    assert found == {
        "a": [["north"], ["north", "vans"], ["north"]],
        "b": [["vans"], ["cold", "vans"], []],
    }


async def test_other_fleets_see_nothing(fences: FenceBooks) -> None:
    await fences.fence(circle(), 50, fleet="g")
    assert await fences.arrive([at(0, 0), at(10, 0)]) == []
    assert [event["event"] for event in await fences.arrive([at(0, 0), at(10, 0)], fleet="g")] == ["entered"]


async def test_a_fold_without_fences_imports_no_geometry() -> None:
    import subprocess
    import sys

    code = "import sys, hub.recorder.loop, hub.serve; print(sorted({'numpy', 'shapely'} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: ASYNC221
    assert run.stdout == "[]\n"


def test_the_ids_of_rows_are_made_of_what_identifies_them() -> None:
    from hub.core.fences.state import Cause, Visit
    from hub.recorder.folds.fence_rows import visit_row

    fence = UUID(int=7)
    visit = Visit(fence.bytes, NINE, None, NINE, None, 0.0, 0.0, Cause.CROSSED, None, 1, 0.0, None, 1)
    row = visit_row(("f", "d"), visit)
    assert row.id == visit_row(("f", "d"), visit).id != visit_row(("g", "d"), visit).id
    assert PLACE == (25.2, 55.3)
