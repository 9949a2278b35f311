"""Distances against the geodesic of the WGS 84 ellipsoid (Karney's algorithm, GeographicLib)."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from hub.core.geo.geodesy import haversine, metres, scale, wrap


@given(
    st.floats(-75, 75),
    st.floats(-180, 180),
    st.floats(0, 360),
    st.sampled_from([1.0, 20.0, 500.0, 5_000.0, 50_000.0, 900_000.0]),
)
@example(60.0, 180.0, 90.0, 1.0)
def test_metres(latitude: float, longitude: float, azimuth: float, way: float) -> None:
    end = Geodesic.WGS84.Direct(latitude, longitude, azimuth, way)
    measured = metres(latitude, longitude, end["lat2"], end["lon2"], *scale(end["lat2"]))
    # Across the antimeridian, as over long ways, it is the sphere that is measured.
    local = way <= 5_000 and abs(end["lon2"] - longitude) < 180
    assert measured == pytest.approx(way, rel=1e-3 if local else 6e-3)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 179.9), (0, -179.9), 22_239),  # across the antimeridian, not around the world
        ((90, 0), (-90, 0), 20_015_115),
        ((25.2048, 55.2708), (24.4539, 54.3773), 122_900),  # Dubai to Abu Dhabi
    ],
)
def test_haversine(a: tuple[float, float], b: tuple[float, float], expected: float) -> None:
    assert haversine(*a, *b) == pytest.approx(expected, rel=2e-3)


def test_metres_across_the_antimeridian() -> None:
    assert metres(0, 179.9999, 0, -179.9999, *scale(0)) == pytest.approx(22.24, rel=1e-2)


@pytest.mark.parametrize(
    ("longitude", "expected"), [(180.5, -179.5), (-180.5, 179.5), (180, 180), (-180, -180), (7, 7)]
)
def test_wrap(longitude: float, expected: float) -> None:
    assert wrap(longitude) == expected
