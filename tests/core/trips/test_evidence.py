"""Teleports below the limits, ghosts, jams, ferries and hung apps: what the tracker makes of them."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from hub.core.geo.paths import decode_polyline
from hub.core.trips.evidence import HELD_POINTS
from hub.core.trips.state import Point, Stop, Trip, TripRules
from hub.core.trips.tracker import Tracker
from tests.support.tracks import Walker


def fold(points: list[Point]) -> tuple[list[Trip], list[Stop]]:
    tracker = Tracker(TripRules())
    for point in points:
        tracker.add(point)
    final = {(type(row), row.started_at): row for row in tracker.rows}
    trips = [row for row in final.values() if isinstance(row, Trip)]
    return trips, [row for row in final.values() if isinstance(row, Stop)]


def excursions(away: float, every: float, fixes: int, home: int, speed: float | None, accuracy: float | None) -> Walker:
    """A day of a phone at rest that reports another place now and then, up to 4 km away."""
    walker = Walker(3).report()
    for _ in range(24):
        for count, east in ((home, 0.0), (fixes, away)):
            walker.shift(east, 0)
            for _ in range(count):
                walker.at += round(every * 1e6)
                walker.report(15, speed, accuracy)
            walker.shift(-east, 0)
    return walker


@pytest.mark.parametrize(
    ("away", "every", "fixes", "home", "speed", "accuracy"),
    [
        (2700, 60, 3, 40, 0.0, 30.0),
        (1100, 60, 4, 20, 0.0, 20.0),
        (2700, 300, 3, 12, 0.0, 30.0),
        (2700, 120, 2, 20, None, 150.0),
        (3900, 60, 1, 1, None, 30.0),
        (1500, 60, 12, 30, None, None),
        (2700, 10, 70, 120, None, None),
    ],
)
def test_a_phone_at_rest_that_reports_another_place_makes_no_trip(
    away: float, every: float, fixes: int, home: int, speed: float | None, accuracy: float | None
) -> None:
    trips, _ = fold(excursions(away, every, fixes, home, speed, accuracy).points)
    assert sum(trip.distance for trip in trips) < 10_000
    assert not trips


@pytest.mark.parametrize("way", [400, 1500, 3000])
@pytest.mark.parametrize("every", [5, pytest.param(10, marks=pytest.mark.thorough), 30])
def test_ghosts_cost_less_than_a_hundredth_of_the_distance(way: float, every: float) -> None:
    """Two fixes elsewhere, in one direction or another, every four minutes of a drive."""
    way = max(way, 60 * every)

    def points(ghosts: bool) -> list[Point]:
        walker, chance = Walker(5).report().stand(600, every), random.Random(5)
        for _ in range(15):
            walker.drive(240, 13, every, turn=3)
            east, north = chance.choice([(way, 0), (-way, 0), (0, way), (0, -way)])
            for _ in range(2):
                walker.drive(every, 13, every)
                if ghosts:
                    driven = walker.points.pop()
                    walker.shift(east, north).report(10).shift(-east, -north)
                    assert walker.points[-1][0] == driven[0]
        return walker.drive(60, 13, every).stand(900, every).points

    ((clean,), _), ((ghostly,), stops) = fold(points(False)), fold(points(True))
    assert ghostly.distance == pytest.approx(clean.distance, rel=0.01)
    assert ghostly.gap_distance == 0 and len(stops) == 2
    assert ghostly.max_speed < 15


@pytest.mark.parametrize("every", [5, 20])
def test_ghosts_do_not_keep_a_trip_open(every: float) -> None:
    walker = Walker().report().drive(900, 13, every)
    arrived = walker.at
    for _ in range(20):
        walker.stand(120, every)
        for _ in range(2):
            walker.shift(900, 0).stand(every, every, noise=10).shift(-900, 0)
    (trip,), (stop,) = fold(walker.points)
    assert trip.ended_at == stop.started_at == pytest.approx(arrived, abs=20_000_000)


def test_a_drive_after_a_teleport_is_a_trip() -> None:
    """The phone was off on the first kilometres."""
    walker = Walker().report().stand(600).silence(60).shift(0, 2500).drive(900, 13).stand(600)
    (trip,), _ = fold(walker.points)
    assert trip.distance + trip.gap_distance == pytest.approx(2500 + 900 * 13, rel=0.02)


@pytest.mark.parametrize(("moves", "speed", "waits"), [(20, 1.6, 60), (10, 3.0, 50), (30, 1.5, 100)])
def test_a_jam_is_not_a_stop(moves: float, speed: float, waits: float) -> None:
    walker = Walker().report().stand(600, noise=4).drive(900, 14, noise=4)
    for _ in range(40):
        walker.drive(moves, speed, noise=4).stand(waits, noise=4)
    walker.drive(900, 14, noise=4)
    driven = walker.driven
    (trip,), stops = fold(walker.stand(900, noise=4).points)
    assert trip.distance == pytest.approx(driven, rel=0.03)
    assert len(stops) == 2


@pytest.mark.parametrize(
    ("queue", "minutes", "speed"), [(1200, 50, 4.7), (0, 50, 4.7), (600, 25, 7.0), (1200, 15, 6.0)]
)
def test_a_ferry_is_a_gap(queue: float, minutes: float, speed: float) -> None:
    walker = Walker().report().stand(600, 10).drive(1200, 18, 10).stand(queue, 10)
    crossing = minutes * 60 * speed
    walker.silence(minutes * 60).shift(0, crossing).drive(1200, 18, 10)
    driven = walker.driven
    trips, _ = fold(walker.stand(900, 10).points)
    assert len(trips) == (2 if queue else 1)
    assert sum(trip.distance for trip in trips) == pytest.approx(driven, rel=0.02)
    assert trips[-1].gap_distance == pytest.approx(crossing, rel=0.03)


@pytest.mark.parametrize(("minutes", "speed"), [(12, 20.0), (5, 25.0), (18, 22.0)])
def test_a_tunnel_is_part_of_the_distance(minutes: float, speed: float) -> None:
    walker = Walker().report().stand(600, 10).drive(900, 20, 10)
    walker.silence(minutes * 60).shift(0, minutes * 60 * speed).drive(900, 20, 10)
    (trip,), _ = fold(walker.stand(900, 10).points)
    assert trip.distance == pytest.approx(1800 * 20 + minutes * 60 * speed, rel=0.02)
    assert trip.gap_distance == 0


def test_a_rare_rhythm_is_not_a_gap() -> None:
    """A tracker that reports every quarter of an hour."""
    walker = Walker().report().drive(7200, 7, every=900)
    ((trip,), _) = fold(walker.drive(60, 7).points)
    assert trip.gap_distance == 0 and trip.distance > 40_000


@pytest.mark.parametrize("silence", [20, 28, 90, 300, 392])
@pytest.mark.parametrize("every", [60, 300])
def test_an_app_that_hung_at_home_makes_one_trip(silence: float, every: float) -> None:
    walker = Walker()
    for place, count in (((0.0, 0.0), 9000 // every), ((0.0, 2900.0), 3600 // every)):
        walker.shift(*place)
        for _ in range(int(count)):
            walker.report(speed=0.0, accuracy=40.0)
            walker.at += round(every * 1e6)
        walker.at += round((silence - every) * 1e6)
    (trip,), stops = fold(walker.points)
    assert trip.distance == pytest.approx(2900, rel=0.02)
    assert trip.max_speed < 40
    assert len(stops) == 2


def test_what_is_held_back_is_bounded() -> None:
    walker = Walker().report().stand(1200, 10).shift(4000, 0)
    tracker = Tracker(TripRules())
    sizes = []
    for point in walker.stand(1100, 1).points:
        tracker.add(point)
        sizes.append(0 if tracker.state.held is None else len(tracker.state.held.points))
    assert max(sizes) == HELD_POINTS
    assert len(tracker.dump()) < 8192


def test_a_path_across_the_antimeridian_has_no_step_of_a_turn() -> None:
    walker = Walker(latitude=-17.0, longitude=179.97)
    walker.report().stand(600).bearing = 80
    walker.drive(600, 12, turn=2)
    walker.bearing += 180
    walker.drive(1200, 12, turn=2)
    (trip,), _ = fold(walker.stand(600).points)
    assert trip.path is not None
    path = decode_polyline(trip.path)
    assert max(abs(after[1] - before[1]) for before, after in pairwise(path)) < 0.1
    assert max(longitude for _, longitude in path) > 180 > min(longitude for _, longitude in path)
