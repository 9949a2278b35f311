"""The versions of a fleet's fences, and which of them points and ways are near: one call for all points of a batch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from hub.core.fences.geometry import Borders, Compiled
from hub.core.fences.shapes import Definition, Place
from hub.core.fences.state import FASTEST, PASSAGE

FOREVER = 1 << 62
"""Later than any instant, in microseconds."""

DEGREE = 111_000.0
"""Metres in a degree of latitude, a little less than anywhere."""


class Version:
    """A fence as it was from ``since`` (included) to ``until`` (not included), in microseconds."""

    __slots__ = ("_compiled", "definition", "drivers", "fence", "groups", "number", "rules", "since", "until")

    def __init__(self, fence: bytes, number: int, since: int, until: int, definition: Definition) -> None:
        self.fence, self.number, self.since, self.until = fence, number, since, until
        self.definition, self.rules = definition, definition.rules
        watch = definition.watch
        self.drivers: frozenset[str] | None = frozenset(watch.drivers) if watch.drivers or watch.groups else None
        self.groups = frozenset(watch.groups)
        self._compiled: Compiled | None = None

    @property
    def compiled(self) -> Compiled:
        if self._compiled is None:
            self._compiled = Compiled(self.definition)
        return self._compiled


class Memberships:
    """The groups of a fleet's drivers over time: for each driver its changes, in the order of time."""

    def __init__(self, changes: Mapping[str, Sequence[tuple[int, frozenset[str]]]]) -> None:
        self._instants = {driver: [at for at, _ in of_driver] for driver, of_driver in changes.items()}
        self._groups = {driver: [groups for _, groups in of_driver] for driver, of_driver in changes.items()}

    def at(self, driver: str, instant: int) -> frozenset[str]:
        """The groups of a driver at an instant (microseconds)."""
        instants = self._instants.get(driver)
        if instants is None or (n := bisect_right(instants, instant)) == 0:
            return frozenset()
        return self._groups[driver][n - 1]

    def between(self, driver: str, after: int, until: int) -> list[int]:
        """Instants of changes after ``after``, up to and including ``until``."""
        instants = self._instants.get(driver)
        return [] if instants is None else instants[bisect_right(instants, after) : bisect_right(instants, until)]


NO_GROUPS = Memberships({})


class Passed(NamedTuple):
    """A version that the straight way to a point leads through, and the shares of the way that are inside."""

    version: Version
    first: float
    last: float


class Points(NamedTuple):
    """Counted points of one or several drivers, each driver's in the order of time. ``start`` are the indices at which
    a
    driver begins; ``before`` the last counted point (instant, latitude, longitude) before each of these, or None."""

    at: Any
    latitude: Any
    longitude: Any
    accuracy: Any
    start: list[int]
    before: list[tuple[int, float, float] | None]


class Surroundings(NamedTuple):
    """By index of the point: the versions nearby with signed metres, and those that the way to it passed through."""

    near: dict[int, list[tuple[Version, float]]]
    passed: dict[int, list[Passed]]


NOTHING = Surroundings({}, {})


class Fences:
    """The fences of one fleet."""

    def __init__(self, versions: Iterable[Version], memberships: Memberships = NO_GROUPS) -> None:
        self.memberships = memberships
        self._versions = sorted(versions, key=lambda version: (version.fence, version.since))
        self._of: dict[bytes, list[Version]] = {}
        for version in self._versions:
            self._of.setdefault(version.fence, []).append(version)
        self.first = min((version.since for version in self._versions), default=FOREVER)
        """When the first version begins."""
        self._changes = sorted(
            {version.since for version in self._versions} | {version.until for version in self._versions}
        )
        self.watches_groups = any(version.groups for version in self._versions)
        boxes = [(box, n) for n, version in enumerate(self._versions) for box in version.compiled.boxes]
        edges = np.array([box for box, _ in boxes], dtype=float).reshape(-1, 4)
        self._box_of = np.array([n for _, n in boxes], dtype=int)
        self._tree = shapely.STRtree(shapely.box(*edges.T)) if boxes else None
        self._since = np.array([version.since for version in self._versions], dtype=np.int64)
        self._until = np.array([version.until for version in self._versions], dtype=np.int64)
        self._margin = np.array([version.rules.exit_margin for version in self._versions])
        self._bridge = np.array([version.rules.bridge for version in self._versions]) * 1e6
        self._borders = Borders([version.compiled for version in self._versions])

    def __len__(self) -> int:
        return len(self._versions)

    def versions_of(self, fence: bytes) -> list[Version]:
        """The versions of a fence, in the order of time."""
        return self._of.get(fence, [])

    def version(self, fence: bytes, instant: int) -> Version | None:
        """The version of a fence that is valid at an instant."""
        for version in self._of.get(fence, ()):
            if version.since <= instant < version.until:
                return version
        return None

    def watches(self, version: Version, driver: str, instant: int) -> bool:
        """Whether a version watches a driver at an instant."""
        return (
            version.drivers is None
            or driver in version.drivers
            or (bool(version.groups) and not version.groups.isdisjoint(self.memberships.at(driver, instant)))
        )

    def changed(self, driver: str, after: int, until: int) -> bool:
        """Whether a version begins or ends, or the groups of a driver change, after an instant up to another."""
        return bisect_right(self._changes, after) < bisect_right(self._changes, until) or (
            self.watches_groups and bool(self.memberships.between(driver, after, until))
        )

    def changes(self, fence: bytes, driver: str, after: int, until: int) -> list[int]:
        """The instants at which a fence, or whether it watches a driver, may change."""
        found = {
            instant
            for version in self._of.get(fence, ())
            for instant in (version.since, version.until)
            if after < instant <= until
        }
        if any(version.groups for version in self._of.get(fence, ())):
            found.update(self.memberships.between(driver, after, until))
        return sorted(found)

    def around(self, place: Place) -> set[bytes]:
        """Fences with a version whose box holds a place."""
        if self._tree is None:
            return set()
        found = self._tree.query(shapely.Point(place[1], place[0]))
        return {self._versions[self._box_of[n]].fence for n in found}

    def surroundings(self, points: Points) -> Surroundings:
        """What is near each point, and what the ways between them pass."""
        if self._tree is None or not len(points.at):
            return NOTHING
        kept, some = self._of_drivers_nearby(points)
        if not len(kept):
            return NOTHING
        near = self._near(some)
        passed = self._passed(some, near)
        if len(kept) == len(points.at):
            return Surroundings(near, passed)
        numbers = kept.tolist()
        return Surroundings(
            {numbers[n]: found for n, found in near.items()}, {numbers[n]: found for n, found in passed.items()}
        )

    def _of_drivers_nearby(self, points: Points) -> tuple[Any, Points]:
        """The points of the drivers whose whole way comes near the box of a fence, and their indices: one question for
        each driver instead of one for each point, which answers most of them."""
        start = np.array(points.start)
        before = np.array([(np.nan, np.nan) if b is None else b[1:] for b in points.before])
        tall, wide = _doubt(points)
        south = np.fmin(np.minimum.reduceat(points.latitude - tall, start), before[:, 0])
        north = np.fmax(np.maximum.reduceat(points.latitude + tall, start), before[:, 0])
        west = np.fmin(np.minimum.reduceat(points.longitude - wide, start), before[:, 1])
        east = np.fmax(np.maximum.reduceat(points.longitude + wide, start), before[:, 1])
        around = (east - west > 180) | (west < -180) | (east > 180)  # across the antimeridian
        west[around], east[around] = -540.0, 540.0
        found, _ = self._tree.query(shapely.box(west, south, east, north))  # type: ignore[union-attr]
        drivers = np.unique(found)
        if len(drivers) == len(start):
            return np.arange(len(points.at)), points
        sizes = np.diff(np.append(start, len(points.at)))
        chosen = np.zeros(len(start), dtype=bool)
        chosen[drivers] = True
        kept = np.flatnonzero(np.repeat(chosen, sizes))
        ends = np.cumsum(sizes[drivers])
        return kept, Points(
            points.at[kept], points.latitude[kept], points.longitude[kept], points.accuracy[kept],
            [0, *ends[:-1].tolist()], [points.before[driver] for driver in drivers.tolist()],
        )  # fmt: skip

    def _near(self, points: Points) -> dict[int, list[tuple[Version, float]]]:
        doubt = 2 * points.accuracy
        tall, wide = _doubt(points)
        exact = doubt == 0
        boxes = np.stack((points.longitude, points.latitude, points.longitude, points.latitude), axis=1)
        boxes += np.stack((-wide, -tall, wide, tall), axis=1)
        places = np.empty(len(doubt), dtype=object)
        places[exact] = shapely.points(boxes[exact, :2])
        places[~exact] = shapely.box(*boxes[~exact].T)
        number = np.arange(len(doubt))
        over = np.flatnonzero((boxes[:, 0] < -180) | (boxes[:, 2] > 180))
        if len(over):  # fences across the antimeridian
            turns = [boxes[over] + (shift, 0, shift, 0) for shift in (-360.0, 360.0)]
            places = np.concatenate((places, *(shapely.box(*turn.T) for turn in turns)))
            number = np.concatenate((number, over, over))
        n, box = self._tree.query(places)  # type: ignore[union-attr]
        at, which = number[n], self._box_of[box]
        valid = (self._since[which] <= points.at[at]) & (points.at[at] < self._until[which])
        # A circle about a pole or the antimeridian has several boxes.
        pairs = np.unique(np.stack((at[valid], which[valid]), axis=1), axis=0)
        if not len(pairs):
            return {}
        at, which = pairs.T
        metres = self._borders.distances(which, points.latitude[at], points.longitude[at])
        close = metres < np.maximum(np.maximum(self._margin[which], doubt[at]), 1e-9)
        near: dict[int, list[tuple[Version, float]]] = {}
        for point, n, d in zip(at[close].tolist(), which[close].tolist(), metres[close].tolist(), strict=True):
            near.setdefault(point, []).append((self._versions[n], d))
        return near

    def _passed(self, points: Points, near: dict[int, list[tuple[Version, float]]]) -> dict[int, list[Passed]]:
        """Ways of at least ``PASSAGE`` that lead through a fence with both ends outside."""
        before_at, before_lat = np.roll(points.at, 1), np.roll(points.latitude, 1)
        before_lon = np.roll(points.longitude, 1)
        known = np.ones(len(points.at), dtype=bool)
        for index, before in zip(points.start, points.before, strict=True):
            if before is None:
                known[index] = False
            else:
                before_at[index], before_lat[index], before_lon[index] = before
        took = points.at - before_at
        east = (points.longitude - before_lon + 180.0) % 360.0 - 180.0
        north = points.latitude - before_lat
        length = np.hypot(east * np.cos(np.radians(points.latitude)), north) * DEGREE
        straight = known & (length <= FASTEST * 1e-6 * took)
        long = np.flatnonzero(straight & (length >= np.maximum(PASSAGE, 4 * points.accuracy)))
        if not len(long):
            return {}
        start_lon, start_lat = before_lon[long], before_lat[long]
        ways = [np.stack((start_lon, start_lat, start_lon + east[long], start_lat + north[long]), axis=1)]
        number = [long]
        for shift in (-360.0, 360.0):  # ways across the antimeridian are looked for on both sides
            over = np.abs(start_lon + east[long]) > 180
            if over.any():
                ways.append(ways[0][over] + (shift, 0, shift, 0))
                number.append(long[over])
        way = np.concatenate(ways)
        boxes = shapely.box(
            np.minimum(way[:, 0], way[:, 2]), np.minimum(way[:, 1], way[:, 3]),
            np.maximum(way[:, 0], way[:, 2]), np.maximum(way[:, 1], way[:, 3]),
        )  # fmt: skip
        n, box = self._tree.query(boxes)  # type: ignore[union-attr]
        at, which = np.concatenate(number)[n], self._box_of[box]
        valid = (
            (self._since[which] <= before_at[at])
            & (points.at[at] < self._until[which])
            & (took[at] <= self._bridge[which])
        )
        passed: dict[int, list[Passed]] = {}
        for point, v in np.unique(np.stack((at[valid], which[valid]), axis=1), axis=0).tolist():
            version = self._versions[v]
            if any(other is version and d <= 0 for other, d in near.get(point, ())):
                continue
            start = (float(before_lat[point]), float(before_lon[point]))
            cut = version.compiled.cut(start, (float(points.latitude[point]), float(points.longitude[point])))
            if cut is not None and version.compiled.distance(start) > 0:
                passed.setdefault(point, []).append(Passed(version, *cut))
        return passed


def _doubt(points: Points) -> tuple[Any, Any]:
    """Twice the accuracy of each point in degrees of latitude, and at least as much in degrees of longitude."""
    tall = 2 * points.accuracy / DEGREE
    return tall, tall / np.maximum(np.cos(np.radians(np.abs(points.latitude) + tall)), 1e-4)
