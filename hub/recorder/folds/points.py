"""The points of a batch by driver, in the order in which folds take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from hub.core.trips.state import Point, rank
from hub.recorder.batch import Chunk
from hub.recorder.folds.base import EPOCH
from hub.stores.postgres.history.positions import Driver


class Shared(list[Chunk]):
    """Chunks that several folds take in, whose points are made once. The chunks and the points do not change."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        super().__init__(chunks)
        self._points: dict[int, Mapping[Driver, list[Point]]] = {}

    def points(self, horizon: int) -> Mapping[Driver, list[Point]]:
        if (points := self._points.get(horizon)) is None:
            points = self._points[horizon] = _points_of(self, horizon)
        return points


def points_of(inserted: Sequence[Chunk], horizon: int) -> Mapping[Driver, list[Point]]:
    """The points of each driver from ``horizon`` on, in the order of the fold, with coordinates as PostgreSQL has
    them."""
    return inserted.points(horizon) if isinstance(inserted, Shared) else _points_of(inserted, horizon)


def _points_of(inserted: Iterable[Chunk], horizon: int) -> Mapping[Driver, list[Point]]:
    fleets: dict[str, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for _, fleet, positions in inserted:
        points = fleets[fleet]
        for p in positions:
            # As ``microseconds``, without a call for each position.
            since = p.recorded_at - EPOCH
            at = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
            if at >= horizon:
                points[p.driver_id].append(
                    (at, round(p.latitude * 1e7) / 1e7, round(p.longitude * 1e7) / 1e7, p.speed, p.accuracy)
                )
    found = {(fleet, driver_id): points for fleet, drivers in fleets.items() for driver_id, points in drivers.items()}
    for of_driver in found.values():
        if not all(one[0] < other[0] for one, other in pairwise(of_driver)):
            of_driver.sort(key=rank)
    return found
