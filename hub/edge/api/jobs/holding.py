"""A route and its jobs, locked for a change: jobs before routes, so that two changes never wait for each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from hub.edge.api.jobs.changes import conflict, differs
from hub.edge.api.registry.answers import refusal
from hub.edge.http.operations import Call
from hub.edge.node import Node
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs import jobs, routes
from hub.stores.postgres.jobs.jobs import Job
from hub.stores.postgres.jobs.routes import Route


class Held(NamedTuple):
    """A route, its jobs in their order, and the other jobs that were asked for."""

    route: Route
    jobs: list[Job]
    others: dict[UUID, Job]


async def held(node: Node, call: Call[Any, Any], connection: Connection, more: Sequence[UUID] = ()) -> Held:
    """The route of a path, and the jobs ``more``, locked with the routes that they are in. Raises ``Problem``: 404, 412
    for another version, and 409 for a route that was cancelled."""
    id = call.ids["route_id"]
    known = await jobs.lock_jobs(connection, call.fleet, [*await routes.waypoint_ids(connection, id), *more])
    others = {job.route_id for job in known.values() if job.route_id is not None}
    route = (await routes.lock_routes(connection, call.fleet, [id, *others])).get(id)
    if route is None or not node.sight.sees(call.principal, route.driver_id):
        raise refusal("route", None)
    if differs(call.version, route):
        raise refusal("route", route)
    if route.state == "cancelled":
        raise conflict("a route that is cancelled does not change", "state")
    ordered = await routes.waypoint_ids(connection, id)
    if not set(ordered) <= known.keys():
        raise conflict("the route was changed meanwhile: read it again", "jobs")
    # What was read before the lock of a route may be older.
    known = await jobs.jobs_by_id(connection, call.fleet, list(known))
    asked = {job_id: known[job_id] for job_id in more if job_id in known}
    return Held(route, [known[job_id] for job_id in ordered], asked)
