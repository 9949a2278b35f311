"""The fold of arrivals: for drivers with a published route only. It sleeps while there is none: then it asks one
question a batch, which also takes what the API has told of jobs and routes for subscribers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from hub.core.geo.geodesy import metres, scale
from hub.core.jobs.arrivals import Rules, Target, Tracker
from hub.core.trips.state import Point
from hub.recorder.batch import Chunk
from hub.recorder.folds.arrival_rows import Changes
from hub.recorder.folds.base import Mine, instant, microseconds
from hub.recorder.folds.points import points_of
from hub.settings import Settings
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.fences.facts import now
from hub.stores.postgres.history import events
from hub.stores.postgres.history import trips as tables
from hub.stores.postgres.history.events import NewEvent
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.trips import Checkpoint
from hub.stores.postgres.jobs import facts
from hub.stores.postgres.jobs.facts import TargetRow

PAGE = 512
"""Positions of a driver that are read at once."""


class Arrivals:
    """Arrivals of all drivers for one session. After an error of the database it is stale: make a new one."""

    name: ClassVar[str] = "arrivals"

    def __init__(self, settings: Settings, mine: Mine = None) -> None:
        self._mine, self._radius = mine, settings.arrival_radius
        self._rules = Rules(settings.arrival_speed, settings.arrival_after, settings.approach_distance)
        self._targets: dict[Driver, list[Target]] | None = None
        self._trackers: dict[Driver, Tracker] = {}

    async def apply(self, connection: Connection, inserted: Sequence[Chunk], horizon: datetime) -> int:
        """See ``Fold``."""
        changes = await facts.take_changes(connection, self._mine)
        told = [NewEvent(one.fleet, one.driver_id, one.message) for one in changes if one.message is not None]
        count = await events.put(connection, told)
        again: dict[Driver, int] = {}
        for one in changes:
            if one.since is not None:
                driver, since = (one.fleet, one.driver_id), microseconds(one.since)
                again[driver] = min(since, again.get(driver, since))
        await self._load(connection, again)
        assert self._targets is not None
        again = {driver: since for driver, since in again.items() if self._is_past(driver, since)}
        if not self._targets or not (inserted or again):
            return count
        rows = Changes(self._rules)
        received = [p.received_at for chunk in inserted for p in chunk.positions]
        noticed_at = max(received) if received else await now(connection)
        for driver, points in points_of(inserted, microseconds(horizon)).items():
            targets = self._targets.get(driver)
            if targets is None:
                continue
            tracker = self._trackers.get(driver)
            if tracker is None or driver in again or not tracker.follows(points[0]):
                again[driver] = min(points[0][0], again.get(driver, points[0][0]))
            else:
                self._go_on(driver, tracker, targets, points, rows)
        await self._again(connection, again, rows)
        return count + await rows.write(connection, noticed_at)

    async def idle(self, connection: Connection) -> int:
        """See ``Fold``."""
        return await self.apply(connection, [], instant(0))

    async def forget(self, connection: Connection, since: Mapping[Driver, datetime]) -> None:
        """See ``Fold``. Without its checkpoints from then on, a driver is folded from the one before."""
        for driver in since:
            self._trackers.pop(driver, None)
        await facts.delete_checkpoints(connection, since)

    async def erase(self, connection: Connection, driver: Driver, until: datetime) -> None:
        """See ``Fold``. An empty checkpoint at ``until`` keeps the fold from reading what comes before it."""
        self._trackers.pop(driver, None)
        await facts.erase_checkpoints(connection, driver, Checkpoint(until, *driver, Tracker(self._rules).dump()))
        rows = Changes(self._rules)
        rows.erase(driver, await facts.jobs_with_facts(connection, driver, until))
        await rows.write(connection, None)

    async def _load(self, connection: Connection, changed: Iterable[Driver]) -> None:
        """Read the jobs of drivers: at first of all, then of those that changed."""
        if self._targets is None:
            self._targets = self._by_driver(await facts.targets(connection))
            return
        for driver in changed:
            self._targets.pop(driver, None)
            self._targets |= self._by_driver(await facts.targets(connection, driver))
            if driver not in self._targets:
                self._trackers.pop(driver, None)

    def _by_driver(self, rows: Iterable[TargetRow]) -> dict[Driver, list[Target]]:
        found: dict[Driver, list[Target]] = defaultdict(list)
        for row in rows:
            if self._mine is None or self._mine(row.driver[0]):
                found[row.driver].append(self._target(row))
        return dict(found)

    def _target(self, row: TargetRow) -> Target:
        radius = row.radius or self._radius
        target = Target(
            row.job_id.bytes,
            row.latitude,
            row.longitude,
            radius,
            microseconds(row.published_at),
            microseconds(row.until),
            radius,
        )
        if row.shape is None:
            return target
        # Only here, because it imports shapely and numpy.
        from hub.core.fences.geometry import Compiled
        from hub.core.fences.shapes import Definition, unrolled

        corners = [place for rings in unrolled(row.shape) for ring in rings for place in ring]
        here = row.latitude, row.longitude, *scale(row.latitude)
        reach = max(metres(latitude, longitude, *here) for latitude, longitude in corners)
        return target._replace(reach=reach, area=Compiled(Definition("", row.shape)).distance)

    def _is_past(self, driver: Driver, since: int) -> bool:
        """Whether a change of the jobs of a driver concerns points that were folded."""
        tracker = self._trackers.get(driver)
        if tracker is None or self._targets is None or driver not in self._targets:
            # Folded with the next point of the driver, from the first instant on.
            return self._targets is not None and driver in self._targets
        if since >= tracker.state.seen[0]:
            tracker.keep(self._targets[driver])
            return False
        return True

    def _go_on(
        self, driver: Driver, tracker: Tracker, targets: list[Target], points: Iterable[Point], rows: Changes
    ) -> None:
        """Points in order: the usual case."""
        for point in points:
            if tracker.add(targets, point):
                rows.put_checkpoint(driver, tracker.state.seen[0], tracker.dump())
        rows.take(driver, tracker)

    async def _again(self, connection: Connection, since: Mapping[Driver, int], rows: Changes) -> None:
        """Fold the stored points of drivers again, from the checkpoint before an instant to the last one."""
        if not since:
            return
        assert self._targets is not None
        wanted = {driver: instant(at) for driver, at in since.items()}
        found = await facts.checkpoints_before(connection, wanted)
        after: dict[Driver, datetime] = {}
        trackers: dict[Driver, Tracker] = {}
        for driver, (recorded_at, state) in found.items():
            first = min(target.since for target in self._targets[driver])
            if recorded_at is None or microseconds(recorded_at) < first:
                # A checkpoint that is older than all jobs has nothing of them.
                after[driver] = max(instant(first), recorded_at or instant(first))
                trackers[driver] = Tracker(self._rules)
            else:
                after[driver] = recorded_at
                trackers[driver] = Tracker(self._rules, state)
            trackers[driver].keep(self._targets[driver])
        await facts.delete_checkpoints(connection, {d: instant(microseconds(at) + 1) for d, at in after.items()})
        while after:
            for driver, page in (await tables.positions_after(connection, after, PAGE)).items():
                points = [
                    (microseconds(at), latitude / 1e7, longitude / 1e7, speed, accuracy)
                    for at, latitude, longitude, speed, accuracy in page
                ]
                self._go_on(driver, trackers[driver], self._targets[driver], points, rows)
                if len(page) < PAGE:
                    del after[driver]
                else:
                    after[driver] = page[-1].recorded_at
        for driver, tracker in trackers.items():
            self._trackers[driver] = tracker
            # Whatever is stored may be no longer true.
            tracker.changed.update(target.job for target in self._targets[driver])
            rows.take(driver, tracker)
