from __future__ import annotations

from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from hub.core.geo.geodesy import metres, scale
from hub.core.trips.odometer import Odometer, finish
from hub.core.trips.state import Point
from tests.support.tracks import Walker


def measure(points: list[Point]) -> Odometer:
    at, latitude, longitude, _, _ = points[0]
    odometer = Odometer.start(at, latitude, longitude, 1)
    follow(odometer, points)
    return odometer


def follow(odometer: Odometer, points: list[Point]) -> None:
    """Feed all but the first point."""
    for before, (at, latitude, longitude, speed, accuracy) in pairwise(points):
        kx, ky = scale(latitude)
        way = metres(before[1], before[2], latitude, longitude, kx, ky)
        odometer.step(at, latitude, longitude, speed, accuracy or 0.0, way, kx, ky)


def distance(points: list[Point]) -> float:
    return finish(measure(points).read(), *points[-1][:3])[0]


def steps(points: list[Point]) -> float:
    """The sum of the geodesics from point to point."""
    return sum(Geodesic.WGS84.Inverse(a[1], a[2], b[1], b[2])["s12"] for a, b in pairwise(points))


@given(
    st.floats(-70, 70),
    st.floats(-180, 180),
    st.lists(
        st.tuples(st.sampled_from([1.0, 5.0, 30.0]), st.floats(2, 35), st.floats(-30, 30)), min_size=1, max_size=12
    ),
)
def test_distance_of_clean_tracks(latitude: float, longitude: float, legs: list[tuple[float, float, float]]) -> None:
    """Within 1 % of the sum of the geodesics; legs of (seconds between points, metres a second, degrees a 100 m)."""
    walker = Walker(latitude=latitude, longitude=longitude).report()
    for every, speed, turn in legs:
        walker.drive(120, speed, every, turn)
    assert distance(walker.points) == pytest.approx(steps(walker.points), rel=0.01)


def test_noise_at_a_light_hardly_counts() -> None:
    """Three minutes at a light with 6 m of noise each second: adding up steps makes almost two kilometres of it."""
    points = Walker().report().stand(180, every=1, noise=6).points
    assert distance(points) < 30
    assert steps(points) > 1500


def test_noise_counts_nothing_when_the_device_says_that_it_stands() -> None:
    walker = Walker().report()
    for _ in range(600):
        walker.at += 1_000_000
        walker.report(noise=10, speed=0.1)
    assert measure(walker.points).distance == 0


def test_noise_while_moving_adds_little() -> None:
    walker = Walker().report().drive(1200, 12, every=1, noise=4)
    assert distance(walker.points) == pytest.approx(walker.driven, rel=0.06)
    assert steps(walker.points) > 1.1 * walker.driven


def test_corners_are_not_cut() -> None:
    walker = Walker().report()
    for turn in (90, -90, 90, 90, -90, -90, 90, -90):
        walker.drive(20, 10, every=1)
        walker.bearing += turn
    assert distance(walker.points) == pytest.approx(walker.driven, rel=0.01)


def test_idle_time() -> None:
    points = Walker().report().drive(100, 10).stand(90).drive(100, 10).points
    odometer = measure(points)
    assert odometer.moving == pytest.approx(200e6, abs=11e6)


@pytest.mark.parametrize(
    ("speed", "reported", "expected"),
    [
        (10.0, None, 10.0),
        (10.0, 11.5, 11.5),  # finer than ours
        (10.0, 80.0, 10.0),  # nonsense
        (0.0, 80.0, 0.0),
    ],
)
def test_max_speed(speed: float, reported: float | None, expected: float) -> None:
    walker = Walker().report()
    for _ in range(60):
        walker.shift(0, speed)
        walker.at += 1_000_000
        walker.report(speed=reported)
    assert measure(walker.points).max_speed == pytest.approx(expected, rel=0.01)


def test_one_wrong_place_does_not_make_a_speed() -> None:
    points = Walker().report().drive(60, 10, every=10).points
    at, latitude, longitude, _, _ = points[3]
    points[3] = (at, latitude + 0.003, longitude, None, None)  # 330 m off: 38 m/s there and 23 back
    assert measure(points).max_speed < 30


def test_jump() -> None:
    odometer = measure(Walker().report().drive(100, 10).points)
    before = odometer.read()
    odometer.jump(before.at + 1_000_000, 26.0, 56.0, 100_000.0)
    after = odometer.read()
    assert (after.distance, after.moving, after.points) == (before.distance, before.moving, before.points + 1)
    assert after.gap == 100_000.0


def test_path_to_earlier_figures() -> None:
    points = Walker().report().drive(300, 10, turn=20).points
    odometer = measure(points[:30])
    figures, end = odometer.read(), points[29][1:3]
    path = odometer.path_to(figures, end)
    follow(odometer, points[29:])
    assert odometer.path_to(figures, end) == path
    assert len(odometer.path_to(odometer.read(), points[-1][1:3])) > len(path)
