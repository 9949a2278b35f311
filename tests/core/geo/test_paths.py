from __future__ import annotations

from itertools import pairwise
from math import cos, hypot, pi, sin
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.geo.geodesy import scale
from hub.core.geo.paths import MAX_VERTICES, Place, Sleeve, Thinned, decode_polyline, douglas_peucker, encode_polyline

KX, KY = scale(25)


def place(x: float, y: float) -> Place:
    """A place so many metres east and north of (25, 55)."""
    return 25 + y / KY, 55 + x / KX


def off(path: list[Place], point: Place) -> float:
    """Metres from a point to the nearest piece of a path."""

    def to_piece(a: Place, b: Place) -> float:
        ax, ay, bx, by = (a[1] - point[1]) * KX, (a[0] - point[0]) * KY, (b[1] - a[1]) * KX, (b[0] - a[0]) * KY
        length2 = bx * bx + by * by
        t = min(1.0, max(0.0, -(ax * bx + ay * by) / length2)) if length2 else 0.0
        return hypot(ax + t * bx, ay + t * by)

    return min(to_piece(a, b) for a, b in pairwise(path))


def thinned(track: list[Place], tolerance: float = 10.0) -> list[Place]:
    sleeve = Sleeve([track[0]], tolerance)
    for before, (latitude, longitude) in pairwise(track):
        sleeve.extend(before, latitude, longitude, KX, KY)
    return [*sleeve.vertices, track[-1]]


class At(NamedTuple):
    latitude: float
    longitude: float
    number: int


def kept(track: list[Place], tolerance: float, piece: int = 7) -> list[At]:
    positions = [At(*place, number) for number, place in enumerate(track)]
    thinned: Thinned[At] = Thinned(tolerance)
    for start in range(0, len(positions), piece):
        thinned.extend(positions[start : start + piece])
    return thinned.whole()


turns = st.lists(st.tuples(st.floats(15, 300), st.floats(-pi, pi)), min_size=2, max_size=80)


@given(turns)
def test_no_point_is_far_from_the_path(steps: list[tuple[float, float]]) -> None:
    x = y = heading = 0.0
    track = [place(x, y)]
    for length, turn in steps:
        heading += turn
        x, y = x + length * sin(heading), y + length * cos(heading)
        track.append(place(x, y))
    for path in (thinned(track), douglas_peucker(track, 10.0), [at[:2] for at in kept(track, 10.0)]):
        assert path[0] == track[0] and path[-1] == track[-1]
        assert set(path) <= set(track)
        assert max(off(path, point) for point in track) <= 10.1


def test_a_street_needs_its_corners_only() -> None:
    track = [place(0, y) for y in range(0, 1000, 20)] + [place(x, 980) for x in range(20, 1000, 20)]
    assert thinned(track) == [track[0], place(0, 980), track[-1]]


def test_there_and_back_keeps_the_far_end() -> None:
    track = [place(0, y) for y in [*range(0, 1000, 50), *range(1000, 200, -50)]]
    assert thinned(track) == [track[0], place(0, 1000), track[-1]]


def test_positions_are_kept_whole_and_in_order() -> None:
    track = [place(0, y) for y in range(0, 1000, 20)] + [place(x, 980) for x in range(20, 1000, 20)]
    assert [at.number for at in kept(track, 10.0)] == [0, 49, 98]
    assert [at.number for at in kept(track, 10.0, piece=1)] == [0, 49, 98]


def test_little_is_kept_of_little() -> None:
    assert kept([], 10.0) == []
    assert [at.number for at in kept([place(0, 0)], 10.0)] == [0]
    # Who stands has a first and a last position.
    assert [at.number for at in kept([place(0, 0)] * 100, 10.0)] == [0, 99]


def test_a_line_across_the_antimeridian_is_a_line() -> None:
    track = [(0.0, (179.5 + k / 100 + 180) % 360 - 180) for k in range(100)]
    assert track[-1][1] < -179
    assert [at.number for at in kept(track, 10.0)] == [0, 99]


def test_a_long_path_is_bounded() -> None:
    sleeve = Sleeve([place(0, 0)], 10.0)
    before = place(0, 0)
    track = [place(100 * (i // 2), 200 * (i % 2)) for i in range(5000)]
    for point in track:
        sleeve.extend(before, *point, KX, KY)
        sleeve.bound()
        before = point
        assert len(sleeve.vertices) <= MAX_VERTICES
    assert sleeve.tolerance > 10
    assert max(off([*sleeve.vertices, before], point) for point in track[::50]) <= 2 * sleeve.tolerance


def test_polyline() -> None:
    """The example of the format's description."""
    path = [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]
    assert encode_polyline(path) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    assert decode_polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@") == path


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=20))
def test_polyline_both_ways(path: list[Place]) -> None:
    decoded = decode_polyline(encode_polyline(path))
    assert len(decoded) == len(path)
    for (a, b), (c, d) in zip(path, decoded, strict=True):
        assert (a, b) == pytest.approx((c, d), abs=1e-5)
