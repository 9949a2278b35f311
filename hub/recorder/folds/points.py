"""The points of a batch by driver, in the order in which folds take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from hub.core.trips.state import Point, rank
from hub.recorder.batch import Chunk
from hub.recorder.folds.base import microseconds
from hub.stores.postgres.history.positions import Driver


def points_of(inserted: Iterable[Chunk], horizon: int) -> dict[Driver, list[Point]]:
    """The points of each driver in the order of the fold, with coordinates as PostgreSQL has them."""
    points: dict[Driver, list[Point]] = defaultdict(list)
    for _, fleet, positions in inserted:
        for p in positions:
            at = microseconds(p.recorded_at)
            if at >= horizon:
                place = round(p.latitude * 1e7) / 1e7, round(p.longitude * 1e7) / 1e7
                points[fleet, p.driver_id].append((at, *place, p.speed, p.accuracy))
    for of_driver in points.values():
        if len(of_driver) > 1:
            of_driver.sort(key=rank)
    return points
