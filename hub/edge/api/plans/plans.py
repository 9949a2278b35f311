"""Plans: a search distributes open jobs over routes, and orders them.

POST /api/v1/plans                 asks for one: 202
GET  /api/v1/plans/{id}            the lowest cost so far, then the plan
POST /api/v1/plans/{id}/apply      makes the routes as planned; 412 if they or the jobs were changed meanwhile
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.jobs.status import Status
from hub.core.plans.problem import Break
from hub.edge.api.jobs.changes import conflict
from hub.edge.api.pages import Instant
from hub.edge.api.plans.apply import apply
from hub.edge.api.plans.problems import Given, Limits, Place, make
from hub.edge.api.plans.searches import Searches, overdue
from hub.edge.api.registry.answers import answer, refusal
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.extras import missing
from hub.planner.engines import available
from hub.planner.messages import Request
from hub.planner.roads import Roads
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.eta.models import model_of
from hub.stores.postgres.jobs import jobs, places, plans, routes
from hub.stores.postgres.jobs.jobs import Job
from hub.stores.postgres.jobs.plans import PlannedRoute, UnassignedJob, Versions
from hub.stores.postgres.jobs.routes import Route
from hub.stores.postgres.registry.shares import BEFORE_ALL

PATH = "/api/v1/plans"

RECENT = timedelta(minutes=10)
"""Age of a position up to which a driver is taken to be there still."""


class Pause(Struct, rename="camel", forbid_unknown_fields=True):
    """A break between two jobs, of ``seconds``; it begins between ``earliest`` and ``latest``."""

    earliest: Instant
    latest: Instant
    seconds: Annotated[float, Meta(gt=0, le=86_400)]


class Planned(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """A route that gets jobs, and what its vehicle can do. ``capacity``: as the ``load`` of jobs; a dimension that is
    not listed has no limit."""

    route_id: UUID
    capacity: Annotated[list[Annotated[int, Meta(ge=0)]], Meta(max_length=8)] = []
    skills: Annotated[list[str], Meta(max_length=32)] = []
    most_jobs: Annotated[int, Meta(ge=1)] | None = None
    pause: Pause | None = None


class NewPlan(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """``jobs``: open jobs that are to be put into the routes; without it, all open jobs of the fleet. The jobs of the
    routes stay or move, but those that are begun or locked, and those before them. ``engine``: the hub's ``own``, or
    ``pyvrp`` where that is installed. ``seconds``: time of the search."""

    routes: Annotated[list[Planned], Meta(min_length=1, max_length=500)]
    jobs: Annotated[list[UUID], Meta(max_length=2_000)] | None = None
    engine: Literal["own", "pyvrp"] = "own"
    seconds: Annotated[float, Meta(ge=1, le=60)] = 10.0


class PlanAnswer(Struct, rename="camel", omit_defaults=True, kw_only=True):
    """``state``: ``searching``; ``found``; ``failed``, with a ``reason``; ``applied``. ``cost``: seconds of driving,
    and what lateness, moves and unassigned jobs cost. The rest is of a plan that was found: its ``routes``, the jobs
    that are ``unassigned``, the ``basis`` of durations, and the ``rounds`` of the search."""

    plan_id: UUID
    state: Literal["searching", "found", "failed", "applied"]
    engine: str
    seconds: float
    version: int
    created_at: datetime
    updated_at: datetime
    cost: float | None = None
    reason: str | None = None
    routes: list[PlannedRoute] | None = None
    unassigned: list[UnassignedJob] | None = None
    basis: str | None = None
    no_roads: str | None = None
    unroutable: int = 0
    rounds: int | None = None


def shown(plan: plans.Plan) -> PlanAnswer:
    """A plan as the API answers it."""
    values = plan._asdict()
    result = values.pop("result")
    del values["made_of"]
    if overdue(plan, datetime.now(UTC)):
        values |= {"state": "failed", "reason": "the hub that searched was stopped"}
    found = {} if result is None else {name: getattr(result, name) for name in result.__struct_fields__}
    return PlanAnswer(**values, **found)


def operations(node: Node, registry: Registry, searches: Searches) -> list[Operation]:
    async def create(call: Call[None, NewPlan]) -> Response:
        body = call.body
        if body.engine not in available():
            raise invalid("engine", f"pyvrp {missing('optimize')}")
        searches.check()
        async with registry.transaction() as connection:
            given = [await _given(node, call, connection, n, one) for n, one in enumerate(body.routes)]
            more = await _more(node, call, connection, body.jobs)
            every = [*(job for one in given for job in one.jobs), *more]
            if len(every) > node.settings.max_plan_jobs:
                raise conflict(
                    f"{len(every)} jobs are more than {node.settings.max_plan_jobs} (HUB_MAX_PLAN_JOBS)", "jobs"
                )
            try:
                made = make(given, more, await _service(connection, call.fleet, every))
            except ValueError as error:
                raise invalid("jobs", str(error)) from error
            model = await model_of(connection, call.fleet)
            versions = Versions(
                {one.route.route_id: one.route.version for one in given}, {job.job_id: job.version for job in every}
            )
            plan = await plans.add(connection, call.fleet, body.engine, body.seconds, versions)
        request = Request(
            problem=made.problem,
            start=made.start,
            engine=body.engine,
            seconds=body.seconds,
            roads=_roads(node),
            model=model,
        )
        searches.start(plan.plan_id, request, {str(one.route.route_id): one.route.driver_id for one in given})
        return answer(shown(plan), 202, {"location": f"{PATH}/{plan.plan_id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await plans.plan(connection, call.fleet, call.ids["plan_id"])
        return answer(shown(_visible(node, call, found)))

    async def carry_out(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await plans.lock(connection, call.fleet, call.ids["plan_id"])
            await apply(connection, call, _visible(node, call, found))
            after = await plans.plan(connection, call.fleet, call.ids["plan_id"])
            assert after is not None
            return answer(shown(after))

    one = f"{PATH}/{{plan_id}}"
    return [
        Operation(
            node.door,
            "POST",
            PATH,
            create,
            access=Access.FLEET,
            summary="Search for the best distribution of jobs over routes",
            body=NewPlan,
            answer=PlanAnswer,
            status=202,
            live=True,
            problems=(409, 429),
        ),
        Operation(
            node.door,
            "GET",
            one,
            read,
            access=Access.FLEET,
            summary="A plan, or how far the search is",
            answer=PlanAnswer,
        ),
        Operation(
            node.door,
            "POST",
            f"{one}/apply",
            carry_out,
            access=Access.FLEET,
            summary="Make the routes as planned",
            answer=PlanAnswer,
            problems=(409, 412),
        ),
    ]


def _visible(node: Node, call: Call[Any, Any], plan: plans.Plan | None) -> plans.Plan:
    """Raises ``Problem`` 404 for a plan with drivers that the principal does not see."""
    if plan is None or not all(
        node.sight.sees(call.principal, route.driver_id) for route in (plan.result.routes if plan.result else ())
    ):
        raise refusal("plan", None)
    return plan


def _roads(node: Node) -> Roads | None:
    kind, _, url = node.settings.roads.partition(":")
    return Roads(kind, url) if url else None  # type: ignore[arg-type]


async def _given(node: Node, call: Call[None, NewPlan], connection: Connection, n: int, wanted: Planned) -> Given:
    """A route of the request. Raises ``Problem``."""
    field = f"routes[{n}].routeId"
    route = await routes.route(connection, call.fleet, wanted.route_id)
    if route is None or not node.sight.sees(call.principal, route.driver_id):
        raise invalid(field, "there is no such route")
    if wanted.route_id in [one.route_id for one in call.body.routes[:n]]:
        raise invalid(field, "must be there once")
    if route.state in ("done", "cancelled"):
        raise conflict(f"the route {route.route_id} is {route.state}", field, ["draft", "published", "active"])
    start, ready = await _start(node, call.fleet, connection, route, field)
    pause = wanted.pause
    limits = Limits(
        tuple(wanted.capacity),
        frozenset(wanted.skills),
        wanted.most_jobs,
        None if pause is None else Break(pause.earliest.timestamp(), pause.latest.timestamp(), pause.seconds),
    )
    there = await routes.waypoints(connection, route.route_id)
    end = await _place(connection, call.fleet, route.end_place_id)
    return Given(route, there, limits, start, ready, end)


async def _start(node: Node, fleet: str, connection: Connection, route: Route, field: str) -> tuple[Place, datetime]:
    """Where and when a driver can begin: where it is while its shift is on, else at the start of the route. Raises
    ``Problem`` 422."""
    now = datetime.now(UTC)
    update = node.hub.fleet(fleet).latest.get(route.driver_id)
    later = route.starts_at is not None and route.starts_at > now
    if update is not None and not later and now - update.recorded_at <= RECENT:
        return (update.latitude, update.longitude), now
    place = await _place(connection, fleet, route.start_place_id)
    if place is None and update is not None:
        place = (update.latitude, update.longitude)
    if place is None:
        raise invalid(field, "the route needs a startPlaceId, or its driver a position")
    return place, now if route.starts_at is None else max(route.starts_at, now)


async def _place(connection: Connection, fleet: str, id: UUID | None) -> Place | None:
    found = None if id is None else await places.place(connection, fleet, id)
    return None if found is None else (found.latitude, found.longitude)


async def _more(node: Node, call: Call[None, NewPlan], connection: Connection, ids: Sequence[UUID] | None) -> list[Job]:
    """The open jobs of the request. Raises ``Problem``."""
    if ids is None:
        wanted = jobs.Wanted(statuses=[Status.OPEN])
        return await jobs.jobs(connection, call.fleet, node.settings.max_plan_jobs + 1, wanted, BEFORE_ALL)
    found = await jobs.jobs_by_id(connection, call.fleet, ids)
    for n, id in enumerate(ids):
        if id not in found:
            raise invalid(f"jobs[{n}]", "there is no such job")
        if found[id].status is not Status.OPEN:
            raise conflict(f"the job {id} is {found[id].status}", f"jobs[{n}]", [Status.OPEN])
    return list(found.values())


async def _service(connection: Connection, fleet: str, every: Sequence[Job]) -> dict[UUID, float]:
    """Seconds at the places of jobs that have none of their own."""
    ids = {job.place_id for job in every if job.place_id is not None and job.service_time is None}
    return await places.service_times(connection, fleet, ids) if ids else {}
