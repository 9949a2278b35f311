from __future__ import annotations

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from hub.core.eta.samples import Pace, samples
from hub.core.geo.geodesy import haversine

SECOND = 1_000_000
NORTH = 1 / haversine(0, 0, 1, 0)  # degrees per metre


def drive(speed: float, seconds: int, every: int = 5) -> list[tuple[int, float, float]]:
    """A driver going north from 0, 0 at a speed in m/s."""
    return [(at * SECOND, at * speed * NORTH, 0.0) for at in range(0, seconds + 1, every)]


def test_a_trip_is_sampled_once_a_minute() -> None:
    found = samples(drive(10, 600))
    assert [round(one.seconds) for one in found] == [540, 480, 420, 360, 300, 240, 180, 120, 60]
    assert all(isclose(one.distance, one.seconds * 10, rel_tol=1e-6) for one in found)
    assert all(isclose(one.speed, 10, rel_tol=1e-6) for one in found)


def test_near_the_end_a_trip_is_not_sampled() -> None:
    assert [round(one.distance) for one in samples(drive(1, 300))] == [240, 180, 120]


def test_no_sample_comes_of_a_trip_without_points_or_of_one_point() -> None:
    assert samples([]) == samples([(0, 1.0, 2.0)]) == []


def test_the_speed_is_that_of_the_last_five_minutes() -> None:
    pace = Pace()
    assert pace.speed is None
    for at in range(0, 600, 10):
        pace.add((at * SECOND, 0.0, 0.0))
    assert pace.speed == 0
    for at in range(0, 310, 10):
        pace.add(((600 + at) * SECOND, at * 7 * NORTH, 0.0))
    assert isclose(pace.speed or 0, 7, rel_tol=0.04)


@given(
    st.lists(st.tuples(st.integers(1, 400), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01)), min_size=1, max_size=40)
)
def test_a_sample_says_what_was_left_of_the_trip(steps: list[tuple[int, float, float]]) -> None:
    way, at, latitude, longitude = [], 0, 10.0, 20.0
    for seconds, north, east in steps:
        at, latitude, longitude = at + seconds * SECOND, latitude + north, longitude + east
        way.append((at, latitude, longitude))
    found = samples(way)
    assert len(found) <= (way[-1][0] - way[0][0]) / 60 / SECOND
    for one in found:
        assert 0 < one.seconds <= (way[-1][0] - way[0][0]) / SECOND - 60
        assert one.distance >= 100
        assert one.speed >= 0
