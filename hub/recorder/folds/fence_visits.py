"""Visits and crossings of fleets with fences: as the fold of trips, for all drivers of a batch at once.

What is near the points is calculated by one call for all drivers of a fleet; then each driver's state takes its points.
Drivers whose past changed, because a fence did, wait in a queue and are folded again a piece at a time."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import numpy as np

from hub.core.fences.anchors import anchors
from hub.core.fences.geometry import Array
from hub.core.fences.index import NOTHING, Fences, Points, Surroundings
from hub.core.fences.refold import NEVER, Refold
from hub.core.fences.tracker import MAX_ACCURACY, Tracker
from hub.core.trips.state import Point
from hub.recorder.batch import Chunk
from hub.recorder.folds.base import Mine, instant, microseconds
from hub.recorder.folds.fence_catalogue import Catalogue
from hub.recorder.folds.fence_rows import Changes
from hub.recorder.folds.points import points_of
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.fences import facts
from hub.stores.postgres.fences.facts import FenceChange, Refolding
from hub.stores.postgres.history import trips as tables
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.trips import Span

DRIVERS_KEPT = 50_000
"""States in memory, of the drivers heard last; 1 kB each."""

DRIVERS_AT_ONCE = 256
"""Drivers that are folded again together, as for trips."""

PAGE = 512
"""Positions of a driver that are read at once."""

REFOLDS_AT_ONCE = 64
"""Drivers of the queue that a batch takes."""

PIECE = 8_192
"""Positions in which a long past is folded again: some 0.2 s, during which nothing is recorded."""


class Job(NamedTuple):
    """A driver to be folded again: from the first to the last instant that changed. ``queued``: whether it comes from
    the
    queue, and may be continued later."""

    since: int
    until: int
    queued: bool


class Visits:
    """The fold of all drivers for one session."""

    def __init__(self, mine: Mine = None) -> None:
        self._mine = mine
        self._catalogue = Catalogue()
        self._trackers: dict[Driver, Tracker] = {}
        self._may_wait = True

    @property
    def fleets(self) -> set[str]:
        """Fleets whose fences are loaded."""
        return set(self._catalogue.fleets)

    async def load(self, connection: Connection, fleets: Iterable[str], changes: Sequence[FenceChange]) -> None:
        """Read the fences of some fleets, and queue the drivers that the changes concern."""
        await self._catalogue.load(connection, fleets)
        await self._catalogue.queue(connection, changes)
        self._may_wait = self._may_wait or bool(changes)

    def forget(self, drivers: Iterable[Driver]) -> None:
        """Drop the states of drivers."""
        for driver in drivers:
            self._trackers.pop(driver, None)

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: int) -> int:
        """Take in positions, after a part of the queue. Returns the number of events."""
        fleets = self._catalogue.fleets
        queued = await facts.take_refolds(connection, REFOLDS_AT_ONCE, self._mine) if self._may_wait else []
        self._may_wait = len(queued) == REFOLDS_AT_ONCE
        received = [p.received_at for chunk in inserted if chunk.fleet in fleets for p in chunk.positions]
        if not received and not queued:
            return 0
        noticed_at = max(received) if received else await facts.now(connection)
        changes = Changes(noticed_at, self._catalogue.names)
        # First the past: the drivers' new points, which are stored already, may be a part of it.
        folded = await self._again(
            connection,
            {
                (refold.fleet, refold.driver_id): Job(microseconds(refold.since), microseconds(refold.until), True)
                for refold in queued
                if refold.fleet in fleets
            },
            changes,
        )
        told = await changes.write(connection)
        changes = Changes(noticed_at, self._catalogue.names)
        on: dict[str, list[tuple[Driver, Tracker, list[Point]]]] = defaultdict(list)
        late: dict[Driver, Job] = {}
        rest: dict[Driver, list[Point]] = {}
        for driver, points in points_of(inserted, horizon).items():
            if driver[0] not in fleets:
                continue
            tracker = self._trackers.get(driver)
            if tracker is not None and driver in folded:
                points = [point for point in points if point[0] > tracker.state.at]
                if not points:
                    continue
            if tracker is not None and tracker.follows(points[0]):
                on[driver[0]].append((driver, tracker, points))
                continue
            old = points if tracker is None else [p for p in points if p[0] <= tracker.state.at]
            late[driver] = Job(points[0][0], old[-1][0], False)
            rest[driver] = points[len(old) :]
        for fleet, drivers in on.items():
            self._go_on(fleets[fleet], drivers, changes)
        whole = await self._again(connection, late, changes)
        for driver, points in rest.items():
            if points and driver not in whole:
                self._go_on(fleets[driver[0]], [(driver, self._trackers[driver], points)], changes)
        for driver in list(islice(self._trackers, max(0, len(self._trackers) - DRIVERS_KEPT))):
            del self._trackers[driver]
        return told + await changes.write(connection)

    def _go_on(self, fences: Fences, drivers: Sequence[tuple[Driver, Tracker, list[Point]]], changes: Changes) -> None:
        """Points in order: the usual case."""
        around, at = _surroundings(fences, [(tracker, points) for _, tracker, points in drivers])
        near, passed = around
        touched, kept = deque(sorted(near.keys() | passed.keys())), deque(anchors(at))
        n = 0
        for driver, tracker, points in drivers:
            first, n = n, n + len(points)
            state = tracker.state
            if (
                (touched and touched[0] < n)
                or state.stays
                or state.last is None
                or fences.changed(tracker.driver, state.last[0], points[-1][0])
            ):
                for number, point in enumerate(points, first):
                    if tracker.add(fences, point, near.get(number, ()), passed.get(number, ())):
                        changes.put_checkpoint(driver, state.at, tracker.dump())
                while touched and touched[0] < n:
                    touched.popleft()
                while kept and kept[0] < n:
                    kept.popleft()
            else:
                begin = 0
                while kept and kept[0] < n:
                    end = kept.popleft() - first + 1
                    if tracker.add_far(points[begin:end]):
                        changes.put_checkpoint(driver, state.at, tracker.dump())
                    begin = end
                tracker.add_far(points[begin:])
            self._keep(driver, tracker)
            if tracker.told:
                changes.tell(driver, tracker.told)
                tracker.told.clear()

    def _keep(self, driver: Driver, tracker: Tracker) -> None:
        """Remember a state; the dictionary's order is that of use."""
        self._trackers.pop(driver, None)
        self._trackers[driver] = tracker

    async def _again(self, connection: Connection, jobs: Mapping[Driver, Job], changes: Changes) -> set[Driver]:
        """Fold drivers again. Returns those whose state now includes all stored positions."""
        whole: set[Driver] = set()
        items = iter(jobs.items())
        while part := dict(islice(items, DRIVERS_AT_ONCE)):
            folds, unfinished = await self._fold(connection, part, changes)
            await self._replace(connection, folds, changes)
            for driver, fold in folds.items():
                if driver in unfinished:
                    rest = Refolding(*driver, instant(fold.done_at + 1), instant(part[driver].until))
                    await facts.queue(connection, rest)
                    self._may_wait = True
                elif not fold.done:  # all that is stored, the new points included
                    fold.tracker.told.clear()
                    self._keep(driver, fold.tracker)
                    whole.add(driver)
        return whole

    async def _fold(
        self, connection: Connection, jobs: Mapping[Driver, Job], changes: Changes
    ) -> tuple[dict[Driver, Refold], set[Driver]]:
        """Fold the stored points again, from before the first change to where they make no difference any more. Returns
        the drivers that are to be continued later, too."""
        checkpoints = await facts.checkpoints_before(
            connection, {driver: instant(job.since) for driver, job in jobs.items()}
        )
        # Without a checkpoint it begins with the last position before the first fence.
        new = [driver for driver, (recorded_at, _) in checkpoints.items() if recorded_at is None]
        first = {driver: instant(self._catalogue.fleets[driver[0]].first) for driver in new}
        begin = await facts.last_before(connection, first, MAX_ACCURACY) if first else {}
        folds: dict[Driver, Refold] = {}
        start: dict[Driver, datetime] = {}
        for driver, (recorded_at, state) in checkpoints.items():
            folds[driver] = Refold(driver[1], state, jobs[driver].until)
            if recorded_at is None:
                earliest = begin.get(driver)
                recorded_at = instant(-NEVER if earliest is None else microseconds(earliest) - 1)
            start[driver] = recorded_at
        after, read = dict(start), dict.fromkeys(folds, 0)
        unfinished: set[Driver] = set()
        while after:
            pages = await tables.positions_after(connection, after, PAGE)
            spans = [
                Span(*driver, *((page[0].recorded_at, page[-1].recorded_at) if page else (instant(NEVER),) * 2))
                for driver, page in pages.items()
            ]
            stored = await facts.checkpoints_between(connection, spans)
            points = {
                driver: [
                    (microseconds(at), latitude / 1e7, longitude / 1e7, speed, accuracy)
                    for at, latitude, longitude, speed, accuracy in page
                ]
                for driver, page in pages.items()
            }
            around = self._around(folds, points)
            for driver, page in pages.items():
                fold = folds[driver]
                known = {microseconds(at): state for at, state in stored[driver].items()}
                fold.pausing = jobs[driver].queued and read[driver] >= PIECE
                read[driver] += len(page)
                surroundings, n = around[driver]
                ended = fold.feed(self._catalogue.fleets[driver[0]], points[driver], surroundings, known, n)
                if fold.paused:
                    unfinished.add(driver)
                if ended or len(page) < PAGE:
                    del after[driver]
                else:
                    after[driver] = page[-1].recorded_at
        ends = [Span(*driver, start[driver], instant(fold.done_at)) for driver, fold in folds.items()]
        await facts.delete_checkpoints(connection, ends)
        for driver, fold in folds.items():
            for at, state in fold.checkpoints:
                changes.put_checkpoint(driver, at, state)
        return folds, unfinished

    def _around(
        self, folds: Mapping[Driver, Refold], points: Mapping[Driver, list[Point]]
    ) -> dict[Driver, tuple[Surroundings, int]]:
        """What is near the points, by fleet, and the number of each driver's first point in it."""
        found: dict[Driver, tuple[Surroundings, int]] = {}
        by_fleet: dict[str, list[Driver]] = defaultdict(list)
        for driver in points:
            by_fleet[driver[0]].append(driver)
        for fleet, drivers in by_fleet.items():
            surroundings, _ = _surroundings(
                self._catalogue.fleets[fleet], [(folds[driver].tracker, points[driver]) for driver in drivers]
            )
            n = 0
            for driver in drivers:
                found[driver] = surroundings, n
                n += len(points[driver])
        return found

    async def _replace(self, connection: Connection, folds: Mapping[Driver, Refold], changes: Changes) -> None:
        """Write the rows of the time that was folded again where they differ, and remove those that are no longer
        true."""
        spans = [Span(*driver, instant(fold.earliest), instant(fold.done_at)) for driver, fold in folds.items()]
        visits = await facts.stored_visits(connection, spans)
        crossings = await facts.stored_crossings(connection, spans)
        for driver, fold in folds.items():
            new_visits, new_crossings = fold.rows()
            changes.replace(
                driver,
                [row for row in visits[driver] if fold.replaces(row.fence_id.bytes, microseconds(row.entered_at))],
                new_visits.values(),
                [row for row in crossings[driver] if fold.replaces(row.fence_id.bytes, microseconds(row.entered_at))],
                new_crossings.values(),
            )


def _surroundings(fences: Fences, drivers: Sequence[tuple[Tracker, list[Point]]]) -> tuple[Surroundings, Array]:
    """What is near the points of some drivers, which are numbered one after the other; and their instants."""
    flat = [point for _, points in drivers for point in points]
    if not flat:
        return NOTHING, np.empty(0, dtype=np.int64)
    at, latitude, longitude, _, accuracies = zip(*flat, strict=True)
    instants = np.array(at, dtype=np.int64)
    accuracy = np.nan_to_num(np.array(accuracies, dtype=float))  # None becomes 0
    counted = np.flatnonzero(accuracy <= MAX_ACCURACY)  # as ``counts``
    begins = np.cumsum([0, *(len(points) for _, points in drivers)])
    starts = np.searchsorted(counted, begins)
    some = np.flatnonzero(starts[:-1] < starts[1:]).tolist()
    if not some:
        return NOTHING, instants
    last = [drivers[n][0].state.last for n in some]
    points = Points(
        instants[counted], np.array(latitude)[counted], np.array(longitude)[counted], accuracy[counted],
        starts[some].tolist(), [None if point is None else point[:3] for point in last],
    )  # fmt: skip
    near, passed = fences.surroundings(points)
    if len(counted) < len(flat):
        numbers = counted.tolist()
        near = {numbers[n]: found for n, found in near.items()}
        passed = {numbers[n]: found for n, found in passed.items()}
    return Surroundings(near, passed), instants
