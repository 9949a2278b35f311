"""Making routes as planned, in one transaction: nothing is done if anything was changed since the plan was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hub.core.audit import Audited
from hub.core.jobs.status import Event
from hub.edge.api.jobs.changes import conflict
from hub.edge.api.jobs.moves import move, settle, step, tell_route
from hub.edge.api.plans.problems import fixed
from hub.edge.http.operations import Call
from hub.edge.http.problems import Problem
from hub.stores.postgres.audit import audit
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs import jobs, plans, routes
from hub.stores.postgres.jobs.jobs import Job
from hub.stores.postgres.jobs.plans import Times
from hub.stores.postgres.jobs.routes import Route


async def apply(connection: Connection, call: Call[Any, Any], plan: plans.Plan) -> None:
    """Raises ``Problem``: 409 for a plan that was not found or is applied already, 412 for one that is out of date."""
    if plan.state != "found" or plan.result is None:
        raise conflict(f"the plan is {plan.state}", "state", ["found"])
    there, known = await _held(connection, call.fleet, plan.made_of)
    now = datetime.now(UTC)
    before = {id: [job for job in known.values() if job.route_id == id] for id in there}
    after: dict[UUID, list[UUID]] = {}
    for route in plan.result.routes:
        kept = sorted(before[route.route_id], key=lambda job: job.number or 0)
        kept = kept[: fixed(kept)]
        first = [job.job_id for job in kept]
        after[route.route_id] = [*first, *(one.job_id for one in route.jobs if one.job_id not in first)]
    leaving = [job for id, held in before.items() for job in held if job.job_id not in after[id]]
    await move(connection, call.actor, leaving, Event.UNASSIGN, now, field="jobs")
    for id, ids in after.items():
        new = [job_id for job_id in ids if known[job_id].route_id != id]
        seen = there[id].seen
        await routes.put_waypoints(connection, id, ids, now if seen else None)
        await step(connection, call.actor, new, Event.ASSIGN, now)
        if seen:
            await step(connection, call.actor, new, Event.PUBLISH, now)
    times = [Times(one.job_id, one.arrival, one.departure) for route in plan.result.routes for one in route.jobs]
    await plans.time_waypoints(connection, times)
    await routes.touch(connection, list(after))
    await settle(connection, call.fleet, list(after))
    await plans.applied(connection, plan.plan_id)
    await audit(connection, call.actor, Audited.PLAN_APPLIED, plan.plan_id, routes=len(after), moved=len(leaving))
    for id in after:
        now_so = await routes.route(connection, call.fleet, id)
        if now_so is not None and now_so.seen:
            await tell_route(connection, call.fleet, now_so)


async def _held(
    connection: Connection, fleet: str, made_of: plans.Versions
) -> tuple[Mapping[UUID, Route], Mapping[UUID, Job]]:
    """The routes and jobs of a plan, locked: jobs first, as every change of routes does. Raises ``Problem`` 412."""
    known = await jobs.lock_jobs(connection, fleet, list(made_of.jobs))
    there = await routes.lock_routes(connection, fleet, list(made_of.routes))
    changed = [
        f"the {kind} {id} was changed"
        for kind, expected, found in (("route", made_of.routes, there), ("job", made_of.jobs, known))
        for id, version in expected.items()
        if id not in found or found[id].version != version
    ]
    if changed:
        raise Problem(412, f"{changed[0]} since the plan was made: ask for another plan")
    return there, await jobs.jobs_by_id(connection, fleet, list(known))
