"""The jobs of a route: assigning, taking out, ordering and fixing them; publishing and cancelling the route.

POST /api/v1/routes/{id}/assign, unassign, order, lock, publish, cancel     all need ``If-Match``
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.jobs.order import late_pickups, moved, split
from hub.core.jobs.status import ENDED, Event, Status
from hub.edge.api.jobs.changes import conflict
from hub.edge.api.jobs.holding import Held, held
from hub.edge.api.jobs.moves import move, settle, step, tell_route
from hub.edge.api.jobs.routes import PATH, FullRoute, full
from hub.edge.api.registry.answers import answer
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs import jobs
from hub.stores.postgres.jobs import routes as tables
from hub.stores.postgres.jobs.jobs import Job
from hub.stores.postgres.jobs.routes import Route

Ids = Annotated[list[UUID], Meta(min_length=1, max_length=1_000)]


class Chosen(Struct, rename="camel", forbid_unknown_fields=True):
    """A job and the version of it that was read: of two dispatchers that assign one job, the second gets 412."""

    job_id: UUID
    version: Annotated[int, Meta(ge=1)]


class NewWaypoints(Struct, rename="camel", forbid_unknown_fields=True):
    """The jobs in the order in which they are to be done, from ``number`` on (0 is the first; without it, at the end).
    Jobs of other routes are taken out of these."""

    jobs: Annotated[list[Chosen], Meta(min_length=1, max_length=1_000)]
    number: Annotated[int, Meta(ge=0)] | None = None


class Ordering(Struct, forbid_unknown_fields=True):
    """All jobs of the route in their new order."""

    jobs: Ids


class Taken(Struct, forbid_unknown_fields=True):
    """Jobs that are taken out of the route."""

    jobs: Ids


class Fixing(Struct, forbid_unknown_fields=True):
    """Whether these jobs keep their number and driver."""

    jobs: Ids
    locked: bool = True


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def assign(call: Call[None, NewWaypoints]) -> Response:
        ids = [chosen.job_id for chosen in call.body.jobs]
        async with registry.transaction() as connection:
            hold = await held(node, call, connection, ids)
            new = wanted(node, call, hold)
            before = [job.job_id for job in hold.jobs]
            if len(before) + len(ids) > node.settings.max_waypoints:
                detail = f"a route has at most {node.settings.max_waypoints} jobs (HUB_MAX_WAYPOINTS)"
                raise conflict(detail, "jobs")
            number = len(before) if call.body.number is None else min(call.body.number, len(before))
            after = [*before[:number], *ids, *before[number:]]
            await check_order(connection, call.fleet, hold, [*hold.jobs, *new], after)
            now = datetime.now(UTC)
            elsewhere = [job for job in new if job.route_id is not None]
            if elsewhere:
                await move(connection, call.actor, elsewhere, Event.UNASSIGN, now, field="jobs")
                await settle(connection, call.fleet, [job.route_id for job in elsewhere], changed=True)
            await tables.put_waypoints(connection, hold.route.route_id, after, now if hold.route.seen else None)
            await tables.touch(connection, [hold.route.route_id])
            await step(connection, call.actor, ids, Event.ASSIGN, now)
            if hold.route.seen:
                await step(connection, call.actor, ids, Event.PUBLISH, now)
            return await changed(call, connection, hold.route, did="assigned")

    async def unassign(call: Call[None, Taken]) -> Response:
        async with registry.transaction() as connection:
            hold = await held(node, call, connection)
            gone = inside(hold, call.body.jobs)
            left = [job for job in hold.jobs if job.job_id not in gone]
            if fixed := [job.job_id for job in gone.values() if job.locked]:
                raise conflict(f"the job {fixed[0]} is locked", "jobs")
            partners = [job for job in left if job.shipment_id is not None and job.status not in ENDED]
            if {job.shipment_id for job in partners} & {job.shipment_id for job in gone.values()}:
                raise conflict("both jobs of a shipment leave a route together", "jobs")
            await move(connection, call.actor, list(gone.values()), Event.UNASSIGN, datetime.now(UTC), field="jobs")
            return await changed(call, connection, hold.route, did="unassigned")

    async def order(call: Call[None, Ordering]) -> Response:
        ids = call.body.jobs
        async with registry.transaction() as connection:
            hold = await held(node, call, connection)
            if sorted(ids) != sorted(job.job_id for job in hold.jobs):
                raise invalid("jobs", "must be all jobs of the route, each once")
            await check_order(connection, call.fleet, hold, hold.jobs, ids)
            await tables.put_waypoints(connection, hold.route.route_id, ids, None)
            await tables.touch(connection, [hold.route.route_id])
            return await changed(call, connection, hold.route, did="ordered")

    async def lock(call: Call[None, Fixing]) -> Response:
        async with registry.transaction() as connection:
            hold = await held(node, call, connection)
            ids = list(inside(hold, call.body.jobs))
            await tables.lock_waypoints(connection, hold.route.route_id, ids, call.body.locked)
            await tables.touch(connection, [hold.route.route_id])
            return await changed(call, connection, hold.route, did="locked" if call.body.locked else "unlocked")

    async def publish(call: Plain) -> Response:
        async with registry.transaction() as connection:
            hold = await held(node, call, connection)
            if hold.route.state != "draft":
                raise conflict(f"the route is {hold.route.state}", "state", ["draft"])
            now = datetime.now(UTC)
            await tables.publish_waypoints(connection, hold.route.route_id, now)
            await tables.set_state(connection, hold.route.route_id, "published")
            await step(connection, call.actor, [job.job_id for job in hold.jobs], Event.PUBLISH, now)
            return await changed(call, connection, hold.route, Audited.ROUTE_PUBLISHED)

    async def cancel(call: Plain) -> Response:
        async with registry.transaction() as connection:
            hold = await held(node, call, connection)
            if hold.route.state == "done":
                raise conflict("the route is done", "state")
            undone = [job for job in hold.jobs if job.status not in ENDED]
            await move(connection, call.actor, undone, Event.UNASSIGN, datetime.now(UTC), field="state")
            await tables.set_state(connection, hold.route.route_id, "cancelled")
            return await changed(call, connection, hold.route, Audited.ROUTE_CANCELLED)

    async def changed(
        call: Call[Any, Any], connection: Connection, before: Route, what: Audited = Audited.ROUTE_CHANGED, **did: str
    ) -> Response:
        """The route after a change, which the driver is told of."""
        await settle(connection, call.fleet, [before.route_id])
        await audit(connection, call.actor, what, before.route_id, **did)
        route = await tables.route(connection, call.fleet, before.route_id)
        assert route is not None
        if route.seen or before.seen:
            await tell_route(connection, call.fleet, route)
        return answer(await full(connection, route))

    def operation(name: str, handler: Any, summary: str, body: type[Struct] | None = None) -> Operation:
        return Operation(
            node.door,
            "POST",
            f"{PATH}/{{route_id}}/{name}",
            handler,
            access=Access.FLEET,
            summary=summary,
            body=body,
            answer=FullRoute,
            versioned=True,
            problems=(409,),
        )

    return [
        operation("assign", assign, "Put jobs into a route", NewWaypoints),
        operation("unassign", unassign, "Take jobs out of a route", Taken),
        operation("order", order, "Order the jobs of a route", Ordering),
        operation("lock", lock, "Fix jobs of a route to their number and driver, or not", Fixing),
        operation("publish", publish, "Show a route to its driver"),
        operation("cancel", cancel, "Cancel a route; its jobs that are not done are open again"),
    ]


def wanted(node: Node, call: Call[None, NewWaypoints], hold: Held) -> list[Job]:
    """The jobs that are to be assigned. Raises ``Problem``: 412 for one that has another version."""
    found: list[Job] = []
    there = {job.job_id for job in hold.jobs}
    for n, chosen in enumerate(call.body.jobs):
        job = hold.others.get(chosen.job_id)
        if job is None or (job.driver_id is not None and not node.sight.sees(call.principal, job.driver_id)):
            raise invalid(f"jobs[{n}].jobId", "there is no such job")
        if job.version != chosen.version:
            detail = f"the job {job.job_id} has version {job.version} now: read it again, then assign it"
            raise Problem(412, detail, errors=[{"field": f"jobs[{n}].version", "detail": detail}])
        if job in found:
            raise invalid(f"jobs[{n}].jobId", "must be there once")
        if job.job_id in there:
            raise conflict(f"the job {job.job_id} is in the route already", f"jobs[{n}].jobId")
        if job.locked:
            raise conflict(f"the job {job.job_id} is locked in another route", f"jobs[{n}].jobId")
        if job.status in ENDED:
            raise conflict(f"the job {job.job_id} is {job.status}", f"jobs[{n}].jobId", [Status.OPEN])
        found.append(job)
    return found


def inside(hold: Held, ids: Sequence[UUID]) -> dict[UUID, Job]:
    """The jobs of a route with these ids. Raises ``Problem`` 422."""
    known = {job.job_id: job for job in hold.jobs}
    for n, id in enumerate(ids):
        if id not in known:
            raise invalid(f"jobs[{n}]", "is not in the route")
    return {id: known[id] for id in ids}


async def check_order(
    connection: Connection, fleet: str, hold: Held, there: Sequence[Job], after: Sequence[UUID]
) -> None:
    """Raises ``Problem`` 409 for an order that the route must not have; ``there``: its jobs then, in any order."""
    if fixed := moved(hold.jobs, after):
        raise conflict(f"the job {fixed[0]} is locked or begun, and keeps its number", "jobs")
    names = [job.shipment_id for job in there if job.shipment_id is not None and job.status not in ENDED]
    if names:
        unended = [job for job in there if job.status not in ENDED]
        if missing := split(unended, await jobs.shipments(connection, fleet, names), after):
            raise conflict(f"the job {missing[0]} is of the same shipment: assign both together", "jobs")
    by_id = {job.job_id: job for job in there}
    if late := late_pickups([by_id[id] for id in after]):
        raise conflict(f"the pickup {late[0]} must come before its delivery", "jobs")
