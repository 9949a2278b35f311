"""Distances on the Earth: exact enough for mileage, cheap enough for every point.

Degrees WGS 84 in, metres out. Mileage is summed on the ellipsoid's local plane (``scale``), because a sphere is wrong
by up to 0.6 %, too much for drivers paid by the kilometre.
"""

from __future__ import annotations

from collections.abc import Callable
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS = 6_371_008.8
"""Mean radius in metres (IUGG, R1)."""

LOCAL = 20_000.0
"""Metres within which the local plane is good to 0.21 % up to 75 degrees of latitude; beyond, ``haversine``."""

UNKNOWN_ACCURACY = 200.0
"""Metres that an unknown accuracy (absent or 0) is taken for where fixes of one instant are compared: worse than what
satellites give, better than cell towers."""


def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres on the sphere; within 0.6 % of the ellipsoid, at any distance."""
    phi1, phi2 = radians(lat1), radians(lat2)
    h = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(h)))


def haversine_from(latitude: float, longitude: float) -> Callable[[float, float], float]:
    """``haversine`` from one place to others, in two thirds of the time."""
    phi1, lambda1 = radians(latitude), radians(longitude)
    across = cos(phi1)

    def distance(latitude: float, longitude: float) -> float:
        phi2 = radians(latitude)
        h = sin((phi2 - phi1) / 2) ** 2 + across * cos(phi2) * sin((radians(longitude) - lambda1) / 2) ** 2
        return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(h)))

    return distance


def scale(latitude: float) -> tuple[float, float]:
    """Metres per degree of longitude and of latitude around a latitude (series of the WGS 84 ellipsoid)."""
    c = cos(radians(latitude))
    c2 = c * c
    return c * (111_693.93 - 376.36 * c2 + 1.89 * c2 * c2), 111_693.97 - 1_129.04 * c2 + 9.4 * c2 * c2


def metres(lat1: float, lon1: float, lat2: float, lon2: float, kx: float, ky: float) -> float:
    """Distance in metres with the scale of one of the two places (or near them)."""
    x, y = (lon2 - lon1) * kx, (lat2 - lat1) * ky
    d = sqrt(x * x + y * y)
    if d < LOCAL:
        return d
    x = wrap(lon2 - lon1) * kx
    d = sqrt(x * x + y * y)
    return d if d < LOCAL else haversine(lat1, lon1, lat2, lon2)


def wrap(longitude: float) -> float:
    """A longitude brought back into [-180, 180] after adding an offset."""
    return longitude - 360.0 if longitude > 180.0 else longitude + 360.0 if longitude < -180.0 else longitude
