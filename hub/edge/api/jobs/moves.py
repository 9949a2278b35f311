"""Moving jobs from status to status, with what follows for their routes and drivers: one path for commands and
changes of routes. Jobs are locked by the caller, before their routes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from hub.core.audit import Actor
from hub.core.jobs.status import JOB_STATUS, WITH_DRIVER, Event, Outcome, allowed
from hub.edge.api.jobs.changes import conflict
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs import events, routes
from hub.stores.postgres.jobs.events import JobEvent, NewEvent, Told
from hub.stores.postgres.jobs.jobs import Job, jobs_by_id
from hub.stores.postgres.jobs.routes import Route
from hub.wire.events import JobMessage, RouteMessage

LEAVES = {Event.UNASSIGN, Event.REJECT, Event.CANCEL}
"""Commands after which a job is in no route."""


class Why(NamedTuple):
    """What goes with a command."""

    command_id: str | None = None
    outcome: Outcome | None = None
    reason: str | None = None


NOTHING = Why()


async def move(
    connection: Connection,
    actor: Actor,
    jobs: Sequence[Job],
    event: Event,
    at: datetime,
    why: Why = NOTHING,
    field: str = "command",
) -> list[JobEvent]:
    """Make an event of each job, and take those out of their routes that it leaves none. Raises ``Problem`` 409 for a
    status that does not allow it."""
    new = []
    for job in jobs:
        status = JOB_STATUS[job.status].get(event)
        if status is None:
            detail = f"a job that is {job.status} does not allow {event}"
            raise conflict(detail, field, allowed(job.status))
        new.append(NewEvent(job, event, status, at, actor, why.command_id, why.outcome, why.reason))
    stored = await events.put(connection, new)
    if event is Event.ARRIVE:
        for job in jobs:
            await events.said_arrived(connection, job.job_id, at)
    in_routes = [job for job in jobs if job.route_id is not None]
    if event in LEAVES and in_routes:
        await routes.remove_waypoints(connection, [job.job_id for job in in_routes])
        await routes.touch(connection, sorted({job.route_id for job in in_routes if job.route_id is not None}))
    await events.tell(
        connection, [told for job, one in zip(jobs, stored, strict=True) for told in _news(actor, job, one)]
    )
    return stored


async def step(connection: Connection, actor: Actor, ids: Sequence[UUID], event: Event, at: datetime) -> None:
    """Make an event of jobs as they are now. Raises ``Problem`` 409."""
    found = await jobs_by_id(connection, actor.fleet, ids)
    await move(connection, actor, [found[id] for id in ids], event, at, field="jobs")


def _news(actor: Actor, job: Job, stored: JobEvent) -> list[Told]:
    """What the recorder is told of a job whose driver sees it, or saw it."""
    if job.driver_id is None or not (job.status in WITH_DRIVER or stored.status in WITH_DRIVER):
        return []
    message = JobMessage(
        event="status",
        job_id=str(job.job_id),
        driver_id=job.driver_id,
        status=stored.status,
        version=stored.version,
        source=stored.source,
        at=stored.at,
        noticed_at=stored.noticed_at,
        route_id=None if job.route_id is None else str(job.route_id),
        reference=job.reference,
        command=stored.event,
        outcome=stored.outcome,
        reason=stored.reason,
    )
    # Its arrivals end, begin, or are counted to another end.
    ends = stored.status not in WITH_DRIVER or job.status not in WITH_DRIVER
    return [Told(actor.fleet, job.driver_id, stored.at if ends else None, message)]


async def edited(connection: Connection, fleet: str, jobs: Sequence[Job]) -> None:
    """Jobs that drivers see have other fields, perhaps another location: arrivals are counted again."""
    seen = [job for job in jobs if job.driver_id is not None and job.published_at is not None]
    await events.tell(connection, [Told(fleet, job.driver_id or "", job.published_at) for job in seen])
    await settle(connection, fleet, [job.route_id for job in seen], changed=True)


async def settle(connection: Connection, fleet: str, ids: Sequence[UUID | None], changed: bool = False) -> None:
    """Bring the states of routes up to date, and tell the drivers of those that have ``changed`` or have another
    state."""
    known = sorted({id for id in ids if id is not None})
    settled = await routes.settle(connection, known) if known else []
    for id in known if changed else settled:
        route = await routes.route(connection, fleet, id)
        if route is not None and route.seen:
            await tell_route(connection, fleet, route)


async def tell_route(connection: Connection, fleet: str, route: Route) -> None:
    """Tell the driver of a route, and those that watch the driver, that it has changed."""
    message = RouteMessage(
        event="changed",
        route_id=str(route.route_id),
        driver_id=route.driver_id,
        day=route.day,
        state=route.state,
        version=route.version,
    )
    await events.tell(connection, [Told(fleet, route.driver_id, None, message)])
