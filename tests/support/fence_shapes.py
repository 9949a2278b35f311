"""Shapes of fences for tests, in metres about a place."""

from __future__ import annotations

from typing import Any

from hub.core.geo.geodesy import scale, wrap

PLACE = (25.2, 55.3)
"""Latitude and longitude of the middle of most fences."""


def moved(east: float, north: float, place: tuple[float, float] = PLACE) -> tuple[float, float]:
    """A place so many metres away."""
    kx, ky = scale(place[0])
    return place[0] + north / ky, wrap(place[1] + east / kx)


def circle(place: tuple[float, float] = PLACE) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [place[1], place[0]]}


def square(half: float, place: tuple[float, float] = PLACE) -> dict[str, Any]:
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return {"type": "Polygon", "coordinates": [[list(reversed(moved(*corner, place))) for corner in corners]]}
