"""Hypothesis strategies for places and areas, with a liking for where things go wrong: edges of tiles, the antimeridian
and the poles."""

from __future__ import annotations

from math import acos, asin, atan2, cos, degrees, radians, sin, tan

from hypothesis import strategies as st

from hub.core.geo.areas import Area, BBox, Circle
from hub.core.geo.geodesy import EARTH_RADIUS, wrap

Place = tuple[float, float]
"""(latitude, longitude)."""

# Edges of tiles of the coarse and of the finest levels, and what lies just beside them.
_EDGES = [0.0, 45.0, 90.0, -90.0, 22.5, -67.5, 360 / 2**14, 25 * 360 / 2**12, 5.0]
_BESIDE = [0.0, 1e-20, -1e-20, 1e-13, -1e-13, 1e-6, -1e-6]
_near_edges = st.builds(lambda edge, beside: edge + beside, st.sampled_from(_EDGES), st.sampled_from(_BESIDE))
_far_edges = st.sampled_from([180.0, -180.0, 179.9999999, -179.9999999, 135.0, -157.5])

latitudes = st.one_of(st.floats(-90, 90), _near_edges.filter(lambda degrees: abs(degrees) <= 90))
longitudes = st.one_of(st.floats(-180, 180), _near_edges, _far_edges)
places = st.tuples(latitudes, longitudes)
radii = st.one_of(st.floats(1, 100), st.floats(100, 100_000), st.floats(100_000, 20_037_508))


@st.composite
def boxes(draw: st.DrawFn) -> BBox:
    """West may be east of east: across the antimeridian. Also a line, a point, the world."""
    south, north = sorted((draw(latitudes), draw(latitudes)))
    if draw(st.booleans()):
        return BBox(draw(longitudes), south, draw(longitudes), north)
    latitude, longitude = draw(places)
    size = draw(st.floats(0, 1))
    return BBox(
        wrap(longitude - size), max(latitude - size / 2, -90), wrap(longitude + size), min(latitude + size / 2, 90)
    )


circles = st.builds(Circle, latitudes, longitudes, radii)
areas: st.SearchStrategy[Area] = st.one_of(boxes(), circles)


@st.composite
def places_around(draw: st.DrawFn, area: Area) -> Place:
    """A place in an area, on its rim or a little beside it; rarely elsewhere."""
    if draw(st.integers(0, 9)) == 0:
        return draw(places)
    if isinstance(area, Circle):
        part = draw(st.one_of(st.floats(0, 1), st.sampled_from([1.0, 1 - 1e-9, 1 + 1e-6])))
        bearing = draw(st.one_of(st.floats(0, 360), st.sampled_from([0.0, 180.0, *_extremes(area)])))
        return destination(area.latitude, area.longitude, bearing, area.radius * part)
    latitude = area.south + (area.north - area.south) * draw(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0])))
    width = (area.east - area.west) % 360
    longitude = area.west + width * draw(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0])))
    beside = draw(st.sampled_from(_BESIDE))
    return max(-90.0, min(90.0, latitude + beside)), _normal(longitude + beside)


def _extremes(circle: Circle) -> list[float]:
    """The bearings in which a circle reaches farthest east and west: none when it holds a pole."""
    cosine = tan(circle.radius / EARTH_RADIUS) * tan(radians(circle.latitude))
    return [degrees(acos(cosine)), 360 - degrees(acos(cosine))] if abs(cosine) <= 1 else []


def destination(latitude: float, longitude: float, bearing: float, way: float) -> Place:
    """Where one arrives on the sphere."""
    angle, azimuth, phi = way / EARTH_RADIUS, radians(bearing), radians(latitude)
    there = asin(max(-1.0, min(1.0, sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(azimuth))))
    turn = atan2(sin(azimuth) * sin(angle) * cos(phi), cos(angle) - sin(phi) * sin(there))
    return max(-90.0, min(90.0, degrees(there))), _normal(longitude + degrees(turn))


def _normal(longitude: float) -> float:
    return max(-180.0, min(180.0, wrap(longitude)))
