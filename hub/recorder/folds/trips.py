"""The fold of trips: new points continue a driver's state, late points make it fold stored points again.

The states of drivers are in memory. The database has checkpoints, from which a state is folded again after a restart,
after an error (which discards the memory with the session), and where points arrive late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import ClassVar

from hub.core.time_zones import TimeZones
from hub.core.trips.refold import NEVER, Refold
from hub.core.trips.state import Point, Trip, TripRules
from hub.core.trips.tracker import Tracker
from hub.recorder.batch import Chunk
from hub.recorder.folds.base import Mine, instant, microseconds
from hub.recorder.folds.points import points_of
from hub.recorder.folds.trip_rows import Changes, trip_row
from hub.settings import Settings
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history import trips as tables
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.trips import Checkpoint, Span, StoredPoint

DRIVERS_KEPT = 50_000
"""States in memory, of the drivers heard last; 2 kB for one at a stop, 10 kB in the middle of a trip."""

DRIVERS_AT_ONCE = 256
"""Drivers that are folded again together: bounds one answer of PostgreSQL, with ``PAGE``, to some 10 MB."""

PAGE = 512
"""Positions of a driver that are read at once; a restart needs 128 at most."""


class Trips:
    """The fold of all drivers for one session. After an error of the database it is stale: make a new one."""

    name: ClassVar[str] = "trips"

    def __init__(self, settings: Settings, mine: Mine = None) -> None:
        self._rules = trip_rules(settings)
        self._zones, self._mine = TimeZones(settings.time_zone), mine
        self._trackers: dict[Driver, Tracker] = {}

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        """See ``Fold``."""
        for fleet, time_zone in (await tables.zones_of_days(connection)).items():
            if time_zone != self._zones.of(fleet) and (self._mine is None or self._mine(fleet)):
                await tables.set_zone(connection, fleet, self._zones.of(fleet))
        changes = Changes(self._zones)
        late: dict[Driver, list[Point]] = {}
        for driver, points in points_of(inserted, microseconds(horizon)).items():
            tracker = self._trackers.get(driver)
            if tracker is not None and tracker.follows(points[0]):
                self._go_on(driver, tracker, points, changes)
            else:
                late[driver] = points
        for part in _parts(late, DRIVERS_AT_ONCE):
            await self._again(connection, part, changes)
        for driver in list(islice(self._trackers, max(0, len(self._trackers) - DRIVERS_KEPT))):
            del self._trackers[driver]
        return await changes.write(connection)

    async def idle(self, connection: Connection) -> int:
        """See ``Fold``: trips follow from positions alone."""
        return 0

    async def forget(self, connection: Connection, since: Mapping[Driver, datetime]) -> None:
        """See ``Fold``. Without its checkpoints from then on, a driver is folded from the one before."""
        for driver in since:
            self._trackers.pop(driver, None)
        ends = [Span(*driver, instant(microseconds(begin) - 1), instant(NEVER)) for driver, begin in since.items()]
        await tables.delete_checkpoints(connection, ends)

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None:
        """See ``Fold``. An empty checkpoint at ``until`` keeps the fold from reading what comes before it."""
        self._trackers.pop(driver, None)
        await tables.erase(connection, driver, Checkpoint(until, *driver, Tracker(self._rules).dump()))

    def _go_on(self, driver: Driver, tracker: Tracker, points: list[Point], changes: Changes) -> None:
        """Points in order: the usual case."""
        shown = tracker.state.shown
        for point in points:
            if tracker.add(point):
                changes.put_checkpoint(driver, tracker.state.at, tracker.dump())
        self._keep(driver, tracker)
        if tracker.rows:
            final = {(type(row), row.started_at): row for row in tracker.rows}
            tracker.rows.clear()
            for row in final.values():
                if isinstance(row, Trip):
                    before = shown if shown is not None and shown.started_at == row.started_at else None
                    changes.put_trip(trip_row(driver, row), None if before is None else trip_row(driver, before))
                else:
                    changes.put_stop(driver, row)

    def _keep(self, driver: Driver, tracker: Tracker) -> None:
        """Remember a state; the dictionary's order is that of use."""
        self._trackers.pop(driver, None)
        self._trackers[driver] = tracker

    async def _again(self, connection: Connection, new: dict[Driver, list[Point]], changes: Changes) -> None:
        """Points of drivers whose state is not known, or is beyond them."""
        late = {}
        for driver, points in new.items():
            tracker = self._trackers.get(driver)
            late[driver] = points if tracker is None else [p for p in points if p[0] <= tracker.state.at]
        folds = await self._fold(connection, late, changes)
        await self._replace(connection, folds, changes)
        for driver, fold in folds.items():
            if not fold.done:  # all that is stored, the new points included
                fold.tracker.rows.clear()
                self._keep(driver, fold.tracker)
            elif points := new[driver][len(late[driver]) :]:
                self._go_on(driver, self._trackers[driver], points, changes)

    async def _fold(
        self, connection: Connection, late: dict[Driver, list[Point]], changes: Changes
    ) -> dict[Driver, Refold]:
        """Fold the stored points again, from before the late ones to where they make no difference any more."""
        first = {driver: instant(points[0][0]) for driver, points in late.items()}
        checkpoints = await tables.checkpoints_before(connection, first)
        folds: dict[Driver, Refold] = {}
        start: dict[Driver, datetime] = {}
        for driver, (recorded_at, state) in checkpoints.items():
            folds[driver] = Refold(self._rules, state, late[driver][-1][0])
            start[driver] = recorded_at or instant(-NEVER)
        after = dict(start)
        while after:
            pages = await tables.positions_after(connection, after, PAGE)
            known = await self._known(connection, pages)
            for driver, page in pages.items():
                points = [
                    (microseconds(at), latitude / 1e7, longitude / 1e7, speed, accuracy)
                    for at, latitude, longitude, speed, accuracy in page
                ]
                if folds[driver].feed(points, known[driver]) or len(page) < PAGE:
                    del after[driver]
                else:
                    after[driver] = page[-1].recorded_at
        ends = [Span(*driver, start[driver], instant(fold.done_at)) for driver, fold in folds.items()]
        await tables.delete_checkpoints(connection, ends)
        for driver, fold in folds.items():
            for at, state in fold.checkpoints:
                changes.put_checkpoint(driver, at, state)
        return folds

    async def _known(
        self, connection: Connection, pages: dict[Driver, list[StoredPoint]]
    ) -> dict[Driver, dict[int, bytes]]:
        """The stored checkpoints in the time of each page."""
        spans = [
            Span(*driver, *((page[0].recorded_at, page[-1].recorded_at) if page else (instant(NEVER),) * 2))
            for driver, page in pages.items()
        ]
        stored = await tables.checkpoints_between(connection, spans)
        return {
            driver: {microseconds(checkpoint.recorded_at): checkpoint.state for checkpoint in checkpoints}
            for driver, checkpoints in stored.items()
        }

    async def _replace(self, connection: Connection, folds: dict[Driver, Refold], changes: Changes) -> None:
        """Write the rows of the time that was folded again where they differ, and remove those that are no longer
        true."""
        spans = [Span(*driver, instant(fold.first), instant(fold.until)) for driver, fold in folds.items()]
        stored = await tables.stored_trips(connection, spans)
        await tables.delete_stops(connection, spans)
        for driver, fold in folds.items():
            trips, stops = fold.rows()
            before = {row.started_at: row for row in stored[driver]}
            after = {instant(start): trip_row(driver, trip) for start, trip in trips.items()}
            for start in sorted(before.keys() | after.keys()):
                if start in after:
                    changes.put_trip(after[start], before.get(start))
                else:
                    changes.remove_trip(before[start])
            for stop in stops.values():
                changes.put_stop(driver, stop)


def _parts(late: dict[Driver, list[Point]], size: int) -> Iterator[dict[Driver, list[Point]]]:
    items = iter(late.items())
    while part := dict(islice(items, size)):
        yield part


def trip_rules(settings: Settings) -> TripRules:
    return TripRules(
        trip_distance=settings.trip_distance,
        trip_duration=settings.trip_duration,
        stop_duration=settings.stop_duration,
        gap=settings.trip_gap,
    )
