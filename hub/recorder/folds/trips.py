"""Trips of what was just stored: fold new points on, fold late ones again, in the transaction that stored them.

The states of drivers are kept in memory; what is stored are checkpoints, from which a state is folded again after a
restart, after an error (then all of memory is given up with the session) and where points arrive late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from operator import itemgetter

import asyncpg

from hub.core.trips.refold import NEVER, Refold
from hub.core.trips.state import Point, Trip, TripRules
from hub.core.trips.tracker import Tracker
from hub.recorder.batch import Chunk
from hub.recorder.folds.trip_rows import SQL, Changes, Driver, columns, instant, microseconds, trip_record

DRIVERS_KEPT = 50_000
"""States in memory, of the drivers heard last; 2 kB for one that stands, 10 kB in the middle of a trip."""

DRIVERS_AT_ONCE = 256
"""Drivers that are folded again together: bounds one answer of PostgreSQL, with ``PAGE``, to some 10 MB."""

PAGE = 512
"""Positions of a driver that are read at once; a restart needs 128 at most."""

BEYOND = 2**31 - 1
"""More than any coordinate in e7: a position after all others of its instant."""

After = tuple[datetime, int, int]
"""recorded_at, latitude_e7, longitude_e7 of a position."""


class Trips:
    """The fold of all drivers, on one connection. After an error it is stale: make a new one."""

    def __init__(self, rules: TripRules) -> None:
        self._rules = rules
        self._trackers: dict[Driver, Tracker] = {}

    async def apply(self, connection: asyncpg.Connection, inserted: Iterable[Chunk], horizon: datetime) -> int:
        """Take in positions that this transaction inserted; rows and events go into the same transaction.

        Positions before ``horizon`` (where retention has removed what lay around them) are left alone. Returns the
        number of events.
        """
        changes = Changes()
        late: dict[Driver, list[Point]] = {}
        for driver, points in _points(inserted, microseconds(horizon)).items():
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
                    changes.put_trip(trip_record(driver, row), None if before is None else trip_record(driver, before))
                else:
                    changes.put_stop(driver, row)

    def _keep(self, driver: Driver, tracker: Tracker) -> None:
        """Remember a state; the dictionary's order is that of use."""
        self._trackers.pop(driver, None)
        self._trackers[driver] = tracker

    async def _again(self, connection: asyncpg.Connection, new: dict[Driver, list[Point]], changes: Changes) -> None:
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
        self, connection: asyncpg.Connection, late: dict[Driver, list[Point]], changes: Changes
    ) -> dict[Driver, Refold]:
        """Fold the stored points again, from before the late ones to where they make no difference any more."""
        firsts = [(*driver, instant(points[0][0])) for driver, points in late.items()]
        found = await connection.fetch(SQL.checkpoints_before, *columns(firsts))
        folds: dict[Driver, Refold] = {}
        start: dict[Driver, datetime] = {}
        after: dict[Driver, After] = {}
        for driver, row in zip(late, found, strict=True):
            folds[driver] = Refold(self._rules, row["state"], late[driver][-1][0])
            start[driver] = row["recorded_at"] or instant(-NEVER)
            after[driver] = (start[driver], BEYOND, BEYOND)
        while after:
            pages = await self._pages(connection, after)
            known = await self._known(connection, pages)
            for driver, page in pages.items():
                points = [(microseconds(at), lat / 1e7, lon / 1e7, *rest) for _, at, lat, lon, *rest in page]
                if folds[driver].feed(points, known[driver]) or len(page) < PAGE:
                    del after[driver]
                else:
                    last = page[-1]
                    after[driver] = (last["recorded_at"], last["latitude_e7"], last["longitude_e7"])
        ends = [(*driver, start[driver], instant(fold.done_at)) for driver, fold in folds.items()]
        await connection.execute(SQL.delete_checkpoints, *columns(ends))
        for driver, fold in folds.items():
            for at, state in fold.checkpoints:
                changes.put_checkpoint(driver, at, state)
        return folds

    async def _pages(
        self, connection: asyncpg.Connection, after: dict[Driver, After]
    ) -> dict[Driver, list[asyncpg.Record]]:
        """The next stored positions of each driver."""
        asked = columns((*driver, *position) for driver, position in after.items())
        return _by_driver(after, await connection.fetch(SQL.positions_after, *asked, PAGE))

    async def _known(
        self, connection: asyncpg.Connection, pages: dict[Driver, list[asyncpg.Record]]
    ) -> dict[Driver, dict[int, bytes]]:
        """The stored checkpoints in the time of each page."""
        times = [
            (*driver, *((page[0]["recorded_at"], page[-1]["recorded_at"]) if page else (instant(NEVER),) * 2))
            for driver, page in pages.items()
        ]
        rows = _by_driver(pages, await connection.fetch(SQL.checkpoints_between, *columns(times)))
        return {
            driver: {microseconds(row["recorded_at"]): row["state"] for row in of_driver}
            for driver, of_driver in rows.items()
        }

    async def _replace(self, connection: asyncpg.Connection, folds: dict[Driver, Refold], changes: Changes) -> None:
        """Rows of the time that was folded again: what differs is written, what is no longer true is removed."""
        times = columns((*driver, instant(fold.first), instant(fold.until)) for driver, fold in folds.items())
        stored = _by_driver(folds, await connection.fetch(SQL.stored_trips, *times))
        await connection.execute(SQL.delete_stops, *times)
        for driver, fold in folds.items():
            trips, stops = fold.rows()
            before = {row["started_at"]: tuple(row)[1:] for row in stored[driver]}
            after = {instant(start): trip_record(driver, trip) for start, trip in trips.items()}
            for start in sorted(before.keys() | after.keys()):
                if start in after:
                    changes.put_trip(after[start], before.get(start))
                else:
                    changes.remove_trip(before[start])
            for stop in stops.values():
                changes.put_stop(driver, stop)


def _points(inserted: Iterable[Chunk], horizon: int) -> dict[Driver, list[Point]]:
    """The points of each driver in the order of the fold, with coordinates as PostgreSQL has them."""
    points: dict[Driver, list[Point]] = defaultdict(list)
    for _, fleet, positions in inserted:
        for p in positions:
            at = microseconds(p.recorded_at)
            if at >= horizon:
                place = round(p.latitude * 1e7) / 1e7, round(p.longitude * 1e7) / 1e7
                points[fleet, p.driver_id].append((at, *place, p.speed, p.accuracy))
    for of_driver in points.values():
        of_driver.sort(key=itemgetter(0, 1, 2))
    return points


def _parts(late: dict[Driver, list[Point]], size: int) -> Iterator[dict[Driver, list[Point]]]:
    items = iter(late.items())
    while part := dict(islice(items, size)):
        yield part


def _by_driver(drivers: Iterable[Driver], rows: list[asyncpg.Record]) -> dict[Driver, list[asyncpg.Record]]:
    """Rows sorted by the drivers that their ``n`` counts from 1."""
    numbered = {n: driver for n, driver in enumerate(drivers, 1)}
    sorted_rows: dict[Driver, list[asyncpg.Record]] = {driver: [] for driver in numbered.values()}
    for row in rows:
        sorted_rows[numbered[row["n"]]].append(row)
    return sorted_rows
