"""The facts of one batch in the histories of jobs: what is new, has another time, or did not happen; with the status
that follows, and messages for subscribers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from hub.core.jobs.arrivals import Fact, Rules, Tracker
from hub.core.jobs.status import Event, fold
from hub.recorder.folds.base import instant, microseconds
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history import events
from hub.stores.postgres.history.events import NewEvent
from hub.stores.postgres.history.positions import Driver
from hub.stores.postgres.history.trips import Checkpoint
from hub.stores.postgres.jobs import facts, jobs, routes
from hub.stores.postgres.jobs.facts import Past
from hub.stores.postgres.jobs.jobs import Job
from hub.wire.events import LATE, JobMessage, RouteMessage


class Wanted(NamedTuple):
    """The facts of a job that its driver has since an instant; ``since`` None: all its facts are erased."""

    driver: Driver
    since: int | None
    facts: list[Fact]


def id_of(since: int, fact: Fact) -> str:
    """Identity of a fact in the history of a job. No command has it: ids of commands have no slash."""
    return f"{since}/{fact.event}/{fact.number}"


class Changes:
    """Collects what one batch changes; ``write`` stores it."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._checkpoints: dict[tuple[Driver, int], Checkpoint] = {}
        self._wanted: dict[UUID, Wanted] = {}
        self._since: dict[Driver, dict[bytes, int]] = {}

    def put_checkpoint(self, driver: Driver, at: int, state: bytes) -> None:
        self._checkpoints[driver, at] = Checkpoint(instant(at), *driver, state)

    def take(self, driver: Driver, tracker: Tracker) -> None:
        """What a tracker knows of the jobs that it changed."""
        for job in tracker.changed:
            watch = tracker.state.jobs.get(job)
            self._wanted[UUID(bytes=job)] = Wanted(driver, 0 if watch is None else watch.since, tracker.facts(job))
        tracker.changed.clear()

    def erase(self, driver: Driver, job_ids: Iterable[UUID]) -> None:
        """These jobs have no facts of a driver."""
        for id in job_ids:
            self._wanted[id] = Wanted(driver, None, [])

    async def write(self, connection: Connection, noticed_at: datetime | None) -> int:
        """Store everything in the open transaction. Returns the number of events. ``noticed_at``: when the newest
        point was received; None for no messages."""
        await facts.put_checkpoints(connection, list(self._checkpoints.values()))
        if not self._wanted:
            return 0
        await facts.lock(connection, self._wanted)
        told: list[tuple[datetime, NewEvent]] = []
        touched: set[UUID] = set()
        found: dict[UUID, Job] = {}
        for fleet in {wanted.driver[0] for wanted in self._wanted.values()}:
            found |= await jobs.jobs_by_id(connection, fleet, list(self._wanted))
        histories = await facts.histories(connection, self._wanted)
        for id, wanted in self._wanted.items():
            job = found.get(id)
            if job is not None:
                told += await self._write(connection, job, wanted, histories[id], noticed_at)
                if job.route_id is not None:
                    touched.add(job.route_id)
        settled = await self._settle(connection, touched)
        if noticed_at is None:
            return 0
        return await events.put(connection, [event for _, event in sorted(told, key=_time)] + settled)

    async def _write(
        self, connection: Connection, job: Job, wanted: Wanted, history: list[Past], noticed_at: datetime | None
    ) -> list[tuple[datetime, NewEvent]]:
        driver_id = wanted.driver[1]
        had = {past.command_id or "": past for past in history if past.by_position and self._mine(job, wanted, past)}
        since = 0 if job.published_at is None else microseconds(job.published_at)
        have = {id_of(since, fact): fact for fact in wanted.facts}
        gone = [id for id in had if id not in have]
        new = [id for id, fact in have.items() if id not in had or had[id].at != instant(fact.at)]
        if not gone and not new:
            return []
        if gone:
            await facts.delete_facts(connection, job.job_id, gone)
        before = job.status
        for id in new:
            at, event = instant(have[id].at), have[id].event
            # The order of the history is that of acceptance; what comes now comes last.
            await facts.put_fact(connection, job.job_id, id, at, event, before, driver_id, job.route_id)
        after = (await facts.histories(connection, [job.job_id]))[job.job_id]
        status, version = fold(past.happened for past in after).status, job.version
        if status != before:
            version = await facts.set_status(connection, job.job_id, status)
        await facts.mark(connection, job.job_id, new, status, version)
        if job.published_at is not None:
            await facts.show(connection, job.job_id, *_shown(wanted.facts), _said(after, job.published_at))
        if noticed_at is None or job.driver_id is None:
            return []
        made = []
        for id in [*gone, *new]:
            removed = id not in have
            event, number, at = (
                (had[id].event, int(id.rpartition("/")[2]), had[id].at)
                if removed
                else (have[id].event, have[id].number, instant(have[id].at))
            )
            late = (noticed_at - at).total_seconds()
            message = JobMessage(
                event=event,
                job_id=str(job.job_id),
                driver_id=driver_id,
                status=status,
                version=version,
                source="position",
                at=at,
                noticed_at=noticed_at,
                route_id=None if job.route_id is None else str(job.route_id),
                reference=job.reference,
                number=number,
                late=round(late, 3) if late > LATE else None,
                revised=not removed and id in had,
                removed=removed,
            )
            made.append((at, NewEvent(wanted.driver[0], driver_id, msgspec.json.encode(message).decode())))
        return made

    def _mine(self, job: Job, wanted: Wanted, past: Past) -> bool:
        """Whether a fact of a history is of the time in question: since the driver has the job; all for an erasure."""
        if wanted.since is None:
            return True
        if job.published_at is None:
            return False
        return (past.command_id or "").startswith(f"{microseconds(job.published_at)}/")

    async def _settle(self, connection: Connection, ids: set[UUID]) -> list[NewEvent]:
        """Bring the states of routes up to date, and tell of those that have another one."""
        told = []
        for id, fleet in await routes.settled(connection, sorted(ids)) if ids else ():
            route = await routes.route(connection, fleet, id)
            if route is not None:
                message = RouteMessage(
                    event="changed",
                    route_id=str(id),
                    driver_id=route.driver_id,
                    day=route.day,
                    state=route.state,
                    version=route.version,
                )
                told.append(NewEvent(fleet, route.driver_id, msgspec.json.encode(message).decode()))
        return told


def _time(told: tuple[datetime, NewEvent]) -> datetime:
    return told[0]


def _shown(found: list[Fact]) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When the driver approached, first arrived and last departed; the last is None while it is there."""
    approached = [instant(fact.at) for fact in found if fact.event is Event.APPROACHING]
    arrived = [instant(fact.at) for fact in found if fact.event is Event.ARRIVED]
    departed = [instant(fact.at) for fact in found if fact.event is Event.DEPARTED]
    gone = bool(departed) and len(departed) == len(arrived)
    return (
        approached[0] if approached else None,
        arrived[0] if arrived else None,
        departed[-1] if gone else None,
    )


def _said(history: list[Past], since: datetime) -> datetime | None:
    """When the driver last said that it arrived, since it has the job."""
    said = [past.at for past in history if past.event is Event.ARRIVE and past.at >= since]
    return said[-1] if said else None
