"""Distances to borders against the exact geodesic (F8), and what is near a batch against brute force (F11)."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from hub.core.fences.geometry import Compiled
from hub.core.fences.index import FOREVER, Fences, Points, Version
from hub.core.fences.shapes import Definition, FenceRules, Shape
from tests.support.fence_shapes import circle, moved, square
from tests.support.laws import examples

_shape = msgspec.json.Decoder(Shape)
PLACES = [(0.0, 0.0), (25.2, 55.3), (52.5, 179.999), (78.2, 15.6), (-45.0, -179.999)]
"""Latitude and longitude: the equator, Dubai, both sides of the antimeridian, Svalbard."""


def definition(shape: dict[str, Any], radius: float | None = None, **rules: Any) -> Definition:
    return Definition("fence", _shape.decode(msgspec.json.encode(shape)), radius, FenceRules(**rules))


def geodesic(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(Geodesic.WGS84.Inverse(*a, *b)["s12"])


def along(a: tuple[float, float], azimuth: float, metres: float) -> tuple[float, float]:
    found = Geodesic.WGS84.Direct(*a, azimuth, metres)
    return found["lat2"], found["lon2"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("radius", [50, 1_000, 20_000, 100_000])
def test_f8_circles(place: tuple[float, float], radius: float) -> None:
    fence = Compiled(definition(circle(place), radius))
    for azimuth in range(0, 360, 40):
        for metres in (-7.0, 7.0):
            assert fence.distance(along(place, azimuth, radius + metres)) == pytest.approx(metres, abs=0.02)


@pytest.mark.parametrize("place", PLACES)
def test_f8_corridors(place: tuple[float, float]) -> None:
    """30 km to the north-east, 100 m to each side."""
    way = [along(place, 40, metres) for metres in range(0, 30_001, 300)]
    fence = Compiled(definition({"type": "LineString", "coordinates": [[lon, lat] for lat, lon in way]}, 100))
    for n in range(2, len(way) - 2, 14):
        ahead = Geodesic.WGS84.Inverse(*way[n], *way[n + 1])["azi1"]
        for side in (-90, 90):
            for metres in (20.0, 99.0, 101.0, 130.0):
                assert fence.distance(along(way[n], ahead + side, metres)) == pytest.approx(metres - 100, abs=1)


@pytest.mark.parametrize("place", PLACES)
def test_f8_areas_with_holes(place: tuple[float, float]) -> None:
    ring, hole = (square(half, place)["coordinates"][0] for half in (4_000, 500))
    fence = Compiled(definition({"type": "Polygon", "coordinates": [ring, hole]}))
    assert fence.distance(place) > 0
    for metres in (10.0, 300.0):
        for east, north in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            for half, sign in ((4_000, 1), (500, -1)):
                border, inner = (
                    moved(east * half, north * half, place),
                    moved(east * (half - metres), north * (half - metres), place),
                )
                assert fence.distance(inner) == pytest.approx(-sign * geodesic(border, inner), abs=1)


@pytest.mark.parametrize("place", PLACES)
def test_f8_areas_of_several_parts(place: tuple[float, float]) -> None:
    """Two squares of 2 km, 6 km apart, one on each side of the antimeridian where the place is next to it."""
    centres = [moved(east, 0, place) for east in (-4_000, 4_000)]
    fence = Compiled(definition({"type": "MultiPolygon", "coordinates": [
        square(1_000, centre)["coordinates"] for centre in centres
    ]}))  # fmt: skip
    assert fence.distance(place) == pytest.approx(3_000, abs=1)
    for centre in centres:
        for metres in (-700.0, -10.0, 10.0, 300.0):
            for east, north in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                border = moved(east * 1_000, north * 1_000, centre)
                there = moved(east * (1_000 + metres), north * (1_000 + metres), centre)
                sign = 1 if metres > 0 else -1
                assert fence.distance(there) == pytest.approx(sign * geodesic(border, there), abs=1)


@pytest.mark.parametrize("latitude", [0.0, 78.0])
def test_f8_two_halves_at_the_antimeridian_are_one_area(latitude: float) -> None:
    def box(west: float, east: float) -> list[Any]:
        south, north = latitude, latitude + 0.5
        return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]

    halves = Compiled(definition({"type": "MultiPolygon", "coordinates": [box(179.5, 180), box(-180, -179.5)]}))
    whole = Compiled(definition({"type": "Polygon", "coordinates": box(179.5, -179.5)}))
    for longitude in (179.6, 179.999, 180.0, -180.0, -179.999, -179.6, 179.4, -179.4):
        place = latitude + 0.2, longitude
        assert halves.distance(place) == pytest.approx(whole.distance(place), abs=0.01)
        assert (halves.distance(place) < 0) == (abs(longitude) > 179.5)
        assert halves.distance((latitude + 0.25, 180.0)) < -5_000  # no border in the middle
    assert halves.cut((latitude + 0.2, 179.0), (latitude + 0.2, -179.0)) == pytest.approx((0.25, 0.75))


def test_a_circle_about_a_pole() -> None:
    fence = Compiled(definition(circle((90.0, 0.0)), 10_000))
    assert [fence.distance((89.95, longitude)) < 0 for longitude in (0, 90, 179, -90)] == [True] * 4


@examples(100)
@given(st.integers(0, 2**32))
@example(93_103)  # an inexact point beside the antimeridian, and a fence on the other side
def test_f11_a_batch_is_what_brute_force_finds(seed: int) -> None:
    """Against shapely, point by point and fence by fence, in metres about each fence."""
    chance = random.Random(seed)
    place = chance.choice(PLACES)
    kinds = [
        lambda p: definition(circle(p), chance.uniform(20, 900)),
        lambda p: definition(square(chance.uniform(20, 900), p)),
        lambda p: definition(
            {"type": "LineString", "coordinates": [list(reversed(p)), list(reversed(moved(700, 300, p)))]}, 60
        ),
    ]
    near = lambda spread: moved(chance.gauss(0, spread), chance.gauss(0, spread), place)  # noqa: E731
    versions = [Version(bytes([n]) * 16, 1, -FOREVER, FOREVER, chance.choice(kinds)(near(3_000))) for n in range(12)]
    fences = Fences(versions)
    points = [(*near(3_000), chance.choice([0.0, 5.0, 150.0])) for _ in range(25)]
    latitude, longitude, accuracy = np.array(points).T
    found = fences.surroundings(
        Points(np.arange(25, dtype=np.int64) * 10**9, latitude, longitude, accuracy, [0], [None])
    ).near
    for n, (lat, lon, acc) in enumerate(points):
        expected = {}
        for version in versions:
            d = brute(version.definition, (lat, lon))
            if d < max(20.0, 2 * acc):
                expected[version.fence] = d
        got = {version.fence: d for version, d in found.get(n, ())}
        for fence in expected.keys() ^ got.keys():  # within a metre of the margin
            assert min(abs(expected.get(fence, got.get(fence, 0.0)) - max(20.0, 2 * acc)), 1e9) < 1
        for fence in expected.keys() & got.keys():
            assert got[fence] == pytest.approx(expected[fence], abs=1)


def brute(fence: Definition, place: tuple[float, float]) -> float:
    """Signed metres, in a plane about the place itself."""
    from hub.core.fences.shapes import Point, is_area, unrolled
    from hub.core.geo.geodesy import scale

    if isinstance(fence.shape, Point):
        lon, lat = fence.shape.coordinates[:2]
        return geodesic(place, (lat, lon)) - (fence.radius or 0)
    kx, ky = scale(place[0])
    (ring,) = unrolled(fence.shape)[0]
    flat = [(((lon - place[1] + 180) % 360 - 180) * kx, (lat - place[0]) * ky) for lat, lon in ring]
    here = shapely.Point(0, 0)
    if is_area(fence.shape):
        area = shapely.Polygon(flat)
        return float(area.exterior.distance(here)) * (-1 if area.covers(here) else 1)
    return float(shapely.LineString(flat).distance(here)) - (fence.radius or 0)
