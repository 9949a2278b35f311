"""What a day looks like to the tracker, one situation at a time."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from hub.core.geo.paths import decode_polyline
from hub.core.trips.state import Moving, Point, Stop, Trip, TripRules
from hub.core.trips.tracker import Tracker
from tests.support.laws import examples
from tests.support.tracks import NINE, Walker

RULES = TripRules()
SECOND, MINUTE = 1_000_000, 60_000_000


def rows(points: list[Point], rules: TripRules = RULES) -> list[Trip | Stop]:
    """What is left in the end, in the order of time. The last point, of which nothing is known yet, is let go."""
    tracker = Tracker(rules)
    for point in points:
        tracker.add(point)
    final = {(type(row).__name__, row.started_at): row for row in tracker.rows}
    return sorted(final.values(), key=lambda row: (row.started_at, row.ended_at or NINE * 2))


def outline(points: list[Point]) -> list[tuple[str, float, float | None]]:
    """(what, begin, end) in minutes after the beginning of the track."""
    return [
        (
            type(row).__name__.lower(),
            round((row.started_at - NINE) / MINUTE),
            None if row.ended_at is None else round((row.ended_at - NINE) / MINUTE),
        )
        for row in rows(points)
    ]


def test_stand_drive_stand() -> None:
    walker = Walker().report().stand(600, noise=4).drive(1200, 12, noise=4)
    driven = walker.driven
    before, trip, after = rows(walker.stand(600, noise=4).points)
    assert isinstance(before, Stop) and isinstance(trip, Trip) and isinstance(after, Stop)
    assert before.started_at == NINE and before.ended_at == trip.started_at
    assert trip.started_at == pytest.approx(NINE + 10 * MINUTE, abs=10 * SECOND)
    assert trip.ended_at == after.started_at == pytest.approx(NINE + 30 * MINUTE, abs=15 * SECOND)
    assert after.ended_at is None
    assert trip.distance == pytest.approx(driven, rel=0.005)
    assert trip.moving_time == pytest.approx(20 * MINUTE, rel=0.02)
    assert trip.max_speed == pytest.approx(12, rel=0.1)
    assert (trip.end_latitude, trip.end_longitude) == (after.latitude, after.longitude)
    assert (trip.latitude, trip.longitude) == pytest.approx((25.2, 55.3), abs=2e-5)


OUTLINES: list[tuple[Walker, list[tuple[str, float, float | None]]]] = [
    (Walker().report().drive(900), [("trip", 0, None)]),
    (Walker().report().stand(900, noise=5), [("stop", 0, None)]),
    (Walker().report().drive(600).stand(400).drive(600), [("trip", 0, 10), ("stop", 10, 17), ("trip", 17, None)]),
    # Too short for anything; a long light; on foot; creeping.
    (Walker().report().stand(290).drive(20, 10), []),
    (Walker().report().drive(60, 10).stand(270).drive(600, 10), [("trip", 0, None)]),
    (Walker().report().drive(600, 1.4).drive(600, 1.4, turn=10), [("trip", 0, None)]),
    (Walker().report().drive(900, 0.2), [("stop", 0, None)]),
    # To another parking place, near and not so near.
    (Walker().report().stand(600).drive(10, 10).stand(600), [("stop", 0, None)]),
    (Walker().report().stand(600).drive(30, 10).stand(600), [("stop", 0, 10), ("stop", 10, None)]),
    # Silence in a tunnel, while parked and then seen on the way, where it was, and elsewhere.
    (Walker().report().drive(600).silence(1200).shift(9000, 0).drive(600), [("trip", 0, None)]),
    (
        Walker().report().drive(600).silence(3000).shift(900, 0).drive(600),
        [("trip", 0, 10), ("stop", 10, 58), ("trip", 58, None)],
    ),
    (Walker().report().drive(600).silence(3600).stand(600), [("trip", 0, 10), ("stop", 10, None)]),
    (Walker().report().drive(600).silence(3600).shift(9000, 0).drive(600), [("trip", 0, 10), ("trip", 70, None)]),
    (
        Walker().report().drive(600).stand(600).silence(3600).shift(9000, 0).drive(600),
        [("trip", 0, 10), ("stop", 10, 20), ("trip", 80, None)],
    ),
]


@pytest.mark.parametrize(("walker", "expected"), OUTLINES)
def test_outline(walker: Walker, expected: list[tuple[str, float, float | None]]) -> None:
    assert outline(walker.points) == expected


@pytest.mark.parametrize(("noise", "drift"), [(3, 0), (10, 0), (25, 0), (3, 0.98), (10, 0.98), (25, 0.98), (40, 0.98)])
@pytest.mark.parametrize(
    "every", [pytest.param(1, marks=pytest.mark.slow), pytest.param(10, marks=pytest.mark.thorough), 30]
)
def test_a_parked_phone_makes_no_trip(noise: float, drift: float, every: int) -> None:
    """A night; noise is white, or wanders and forgets within 50 fixes as under a roof."""
    chance = random.Random(7)
    walker = Walker().report().drive(600, 12)
    driven, place = walker.driven, (walker.latitude, walker.longitude)
    east = north = 0.0
    for _ in range(8 * 3600 // every):
        east = drift * east + chance.gauss(0, noise * (1 - drift**2) ** 0.5)
        north = drift * north + chance.gauss(0, noise * (1 - drift**2) ** 0.5)
        walker.at += every * SECOND
        walker.shift(east, north).report().shift(-east, -north)
    (trip, stop) = rows(walker.points)
    assert isinstance(trip, Trip) and isinstance(stop, Stop)
    assert trip.distance == pytest.approx(driven, rel=0.02)
    assert Geodesic.WGS84.Inverse(*place, stop.latitude, stop.longitude)["s12"] < 10 + noise


@pytest.mark.parametrize("way", [200, 2_000, 200_000])
def test_a_spike_adds_nothing(way: float) -> None:
    def points(spikes: bool) -> list[Point]:
        walker = Walker().report()
        for _ in range(20):
            walker.drive(60, 12)
            if spikes:
                at, latitude, longitude, _, _ = walker.points[-1]
                walker.points[-1] = (at, latitude + way / 111_000, longitude, None, None)
        return walker.points

    (clean,), (spiky,) = rows(points(False)), rows(points(True))
    assert isinstance(clean, Trip) and isinstance(spiky, Trip)
    assert spiky.distance == pytest.approx(clean.distance, rel=0.01)
    assert spiky.max_speed == pytest.approx(clean.max_speed, rel=0.01)


def test_a_jump_adds_nothing() -> None:
    """A phone that was elsewhere in its mind for half a minute."""
    walker = Walker().report().drive(600, 12).shift(5000, 0).drive(30, 12).shift(-5000, 0).drive(600, 12)
    driven = walker.driven
    (trip, _) = rows(walker.stand(400).points)
    assert isinstance(trip, Trip)
    assert driven - 3 * 12 * 5 < trip.distance <= driven
    assert trip.max_speed < 13


def test_a_first_fix_from_memory_starts_nothing() -> None:
    """A phone that wakes up where it was yesterday, and then finds itself."""
    walker = Walker().report().shift(5000, 0).stand(60)
    assert outline(walker.stand(600).points) == [("stop", 0, None)]


@pytest.mark.parametrize("accuracy", [500.0, 3000.0])
def test_cell_towers_are_no_evidence(accuracy: float) -> None:
    walker = Walker().report()
    for i in range(200):
        walker.at += 10 * SECOND
        if i % 3:
            walker.report(noise=accuracy, accuracy=accuracy)
        else:
            walker.report()
    assert outline(walker.points) == [("stop", 0, None)]


def test_a_night_without_a_fix_is_no_way_to_zero() -> None:
    points = Walker().report().stand(3 * 3600, every=300).points
    end = points[-1][0]
    nowhere = [(end + n * 26 * MINUTE, 0.0, 0.0, None, 10.0) for n in range(1, 17)]
    back = [(end + (430 + 5 * n) * MINUTE, *points[-1][1:]) for n in range(24)]
    assert outline(points + nowhere + back) == [("stop", 0, None)]


def test_the_smallest_of_one_instant_counts() -> None:
    points = Walker().report().drive(900).points
    twins = [(at, latitude + 0.01, longitude, None, None) for at, latitude, longitude, _, _ in points]
    assert rows(sorted(points + twins)) == rows(points)


def test_late_points_are_refused() -> None:
    tracker = Tracker(RULES)
    tracker.add((NINE, 25.0, 55.0, None, None))
    assert tracker.follows((NINE, 25.0, 55.0, None, None)) and not tracker.follows((NINE, 24.0, 55.0, None, None))
    assert not tracker.follows((NINE - 1, 26.0, 55.0, None, None))
    with pytest.raises(ValueError, match="late"):
        tracker.add((NINE - 1, 26.0, 55.0, None, None))


def test_figures_of_an_open_trip_are_refreshed_by_the_minute() -> None:
    tracker = Tracker(RULES)
    for point in Walker().report().drive(1200, 12).points:
        tracker.add(point)
    open_rows = [row for row in tracker.rows if isinstance(row, Trip)]
    assert len({row.started_at for row in open_rows}) == 1
    assert all(row.ended_at is None for row in open_rows)
    steps = [b.counted_to - a.counted_to for a, b in pairwise(open_rows)]
    assert steps == [MINUTE] * len(steps) and len(steps) > 10
    for row in open_rows:
        assert row.distance == pytest.approx((row.counted_to - row.started_at) / SECOND * 12, rel=0.01)


def test_path_stays_near_the_track() -> None:
    walker = Walker().report().drive(1200, 12, turn=15, every=2)
    end = walker.points[-1]
    (trip, _) = rows(walker.stand(600).points)
    assert isinstance(trip, Trip) and trip.path is not None
    path = decode_polyline(trip.path)
    assert 80 < len(path) < 110  # chords of a curve of 382 m that are 10 m off: 175 m
    assert path[0] == pytest.approx((trip.latitude, trip.longitude), abs=1e-5)
    assert path[-1] == pytest.approx(end[1:3], abs=1e-3)
    length = sum(Geodesic.WGS84.Inverse(*a, *b)["s12"] for a, b in pairwise(path))
    assert length == pytest.approx(trip.distance, rel=0.02)


def test_across_the_antimeridian() -> None:
    walker = Walker(latitude=-17.0, longitude=179.97)
    walker.report().stand(600).bearing = 90
    walker.drive(900, 12)
    _, trip, _ = rows(walker.stand(600).points)
    assert isinstance(trip, Trip)
    assert trip.distance == pytest.approx(900 * 12, rel=0.01)
    assert trip.end_longitude is not None and trip.end_longitude < -179.9


def test_a_day_without_a_stop_has_a_small_state() -> None:
    tracker = Tracker(RULES)
    chance = random.Random(1)
    walker = Walker().report()
    for _ in range(600):
        walker.bearing = chance.uniform(0, 360)
        walker.drive(120, 12, every=15)
    for point in walker.points:
        tracker.add(point)
    assert isinstance(tracker.state.phase, Moving)
    assert len(tracker.dump()) < 8192


@given(st.lists(st.integers(0, 240), max_size=20))
@examples(50)
def test_a_state_can_be_put_away_at_any_time(cuts: list[int]) -> None:
    points = Walker().report().stand(330, noise=20).drive(330, noise=5).stand(330, noise=20).drive(200).points
    through = Tracker(RULES)
    for point in points:
        through.add(point)
    tracker, collected = Tracker(RULES), []
    for i, point in enumerate(points):
        if i in cuts:
            collected += tracker.rows
            tracker = Tracker(RULES, tracker.dump())
        tracker.add(point)
    assert collected + tracker.rows == through.rows
    assert tracker.dump() == through.dump()
