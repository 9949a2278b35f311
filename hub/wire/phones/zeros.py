"""A coordinate that is exactly zero because the device did not know it: 52.52, 0 and 0, 13.405 on the way of a van in
Berlin. Where the driver is near the equator or the Greenwich meridian, 0 is a coordinate like any other."""

from __future__ import annotations

from collections.abc import Callable

from hub.core.geo.geodesy import haversine
from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode

NEAR = 3_000.0
"""Metres from the known place within which a coordinate of exactly 0 is believed: 180 km/h for a minute, the longest
usual interval of phones that move."""

Place = tuple[float, float]


def refuse_zeros(fixes: list[Fix | BadMessage], latest: Callable[[str | None], Place | None]) -> None:
    """Replace fixes with one coordinate of exactly 0 by a ``BadMessage`` where the driver is elsewhere: at the place
    before it in ``fixes``, else at the ``latest`` place of the driver, else at the next place in ``fixes``."""
    if not any(isinstance(fix, Fix) and _half_zero(fix) for fix in fixes):
        return
    following: dict[str | None, Place] = {}
    for fix in reversed(fixes):
        if isinstance(fix, Fix) and not _half_zero(fix):
            following[fix.driver_id] = fix.latitude, fix.longitude
    before: dict[str | None, Place] = {}
    for index, fix in enumerate(fixes):
        if not isinstance(fix, Fix):
            continue
        if not _half_zero(fix):
            before[fix.driver_id] = fix.latitude, fix.longitude
            continue
        known = before.get(fix.driver_id) or latest(fix.driver_id) or following.get(fix.driver_id)
        if known is not None and haversine(fix.latitude, fix.longitude, *known) > NEAR:
            field = "latitude" if fix.latitude == 0 else "longitude"
            fixes[index] = BadMessage(ErrorCode.INVALID, "exactly 0, and the driver is elsewhere", field)


def _half_zero(fix: Fix) -> bool:
    return (fix.latitude == 0) != (fix.longitude == 0)
