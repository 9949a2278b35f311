"""Routes: the jobs of a driver on a day, in their order.

GET, POST /api/v1/routes               the routes in pages, or a new draft
GET, PATCH /api/v1/routes/{id}         one of them with its jobs; a change needs ``If-Match``, as all below
GET /api/v1/me/route                   the route that a driver sees
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import asyncpg
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Id
from hub.core.principal import Principal
from hub.edge.api.jobs.changes import merged
from hub.edge.api.jobs.holding import held
from hub.edge.api.jobs.moves import tell_route
from hub.edge.api.pages import Instant, decode_cursor, encode_cursor, page, today
from hub.edge.api.registry.answers import answer, given_fields, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid, not_allowed
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs import places
from hub.stores.postgres.jobs import routes as tables
from hub.stores.postgres.jobs.jobs import Job
from hub.stores.postgres.jobs.routes import Route, RouteFields, Wanted
from hub.stores.postgres.registry.vehicles import vehicle

PATH = "/api/v1/routes"

STATES = ("draft", "published", "active", "done", "cancelled")

FIRST = (date(1, 1, 1), UUID(int=0))
"""Before all routes."""


class RoutesQuery(Struct, rename={"driver_id": "driverId", "since": "from", "until": "to"}):
    """``from``, ``to``: days, both included. ``state``: one or more, separated by commas."""

    since: date | None = None
    until: date | None = None
    driver_id: Id | None = None
    state: str | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None

    def wanted(self, among: list[str] | None) -> Wanted:
        """Raises ``Problem`` 422."""
        states = None if self.state is None else self.state.split(",")
        if not set(states or ()) <= set(STATES):
            raise not_allowed("state", STATES, ", or several of them separated by commas")
        return Wanted(self.since, self.until, self.driver_id, states, among)

    def after(self) -> tuple[date, UUID]:
        """Day and id after which the page begins. Raises ``Problem`` 422."""
        if self.cursor is None:
            return FIRST
        text, id = decode_cursor(self.cursor, tuple[str, UUID])
        try:
            return date.fromisoformat(text), id
        except ValueError as error:
            raise invalid("cursor", "is not a cursor of this hub") from error


class MyRouteQuery(Struct, rename="camel"):
    """``day``: that day's route, also if it is done; without it the next one from today on that is not done.
    ``driverId``: for tokens that name no driver."""

    day: date | None = None
    driver_id: Id | None = None


class NewRoute(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """A draft, which the driver does not see. ``day`` is in the time zone of the fleet; a driver has one route a day.
    ``startsAt`` and ``endsAt``: the shift."""

    driver_id: Id
    day: date
    vehicle_id: Id | None = None
    start_place_id: UUID | None = None
    end_place_id: UUID | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None


class RouteChange(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """Absent fields do not change."""

    vehicle_id: Id | UnsetType | None = UNSET
    start_place_id: UUID | UnsetType | None = UNSET
    end_place_id: UUID | UnsetType | None = UNSET
    starts_at: Instant | UnsetType | None = UNSET
    ends_at: Instant | UnsetType | None = UNSET


class RoutePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    routes: list[Route]
    next: str | None = None


class FullRoute(Route, rename="camel", omit_defaults=True, kw_only=True):
    """A route with its jobs in their order."""

    waypoints: list[Job]


async def full(connection: Connection, route: Route) -> FullRoute:
    fields = {name: getattr(route, name) for name in Route.__struct_fields__}
    return FullRoute(**fields, waypoints=await tables.waypoints(connection, route.route_id))


def seen(node: Node, principal: Principal, route: Route | None) -> Route:
    """The route. Raises ``Problem`` 404 where there is none, or the principal does not see its driver."""
    if route is None or not node.sight.sees(principal, route.driver_id):
        raise refusal("route", None)
    return route


async def check(connection: Connection, fleet: str, fields: RouteFields) -> None:
    """Raises ``Problem`` 422."""
    for field, id in (("startPlaceId", fields.start_place_id), ("endPlaceId", fields.end_place_id)):
        if id is not None and await places.place(connection, fleet, id) is None:
            raise invalid(field, "there is no such place")
    if fields.vehicle_id is not None and await vehicle(connection, fleet, fields.vehicle_id) is None:
        raise invalid("vehicleId", "there is no such vehicle")
    if fields.starts_at is not None and fields.ends_at is not None and fields.starts_at >= fields.ends_at:
        raise invalid("startsAt", "must be before endsAt")


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_routes(call: Call[RoutesQuery, None]) -> Response:
        query = call.query
        wanted, after = query.wanted(node.sight.drivers(call.principal)), query.after()
        async with registry.transaction() as connection:
            found = await tables.routes(connection, call.fleet, query.limit, wanted, after)
        last = found[-1] if len(found) == query.limit else None
        following = None if last is None else encode_cursor(last.day.isoformat(), last.route_id)
        return unstored(await page(node.slices, call.request, "routes", found, following))

    async def create(call: Call[None, NewRoute]) -> Response:
        body = call.body
        if not node.sight.sees(call.principal, body.driver_id):
            raise invalid("driverId", "there is no such driver")
        fields = merged(RouteFields, body, None)
        async with registry.transaction() as connection:
            await check(connection, call.fleet, fields)
            try:
                made = await tables.add_route(connection, call.fleet, body.driver_id, body.day, fields)
            except asyncpg.UniqueViolationError as error:
                detail = f"the driver {body.driver_id} has a route on {body.day} already"
                raise taken("day", detail) from error
            await audit(connection, call.actor, Audited.ROUTE_CREATED, made.route_id, driver=body.driver_id)
            shown = await full(connection, made)
        return answer(shown, 201, {"location": f"{PATH}/{made.route_id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await tables.route(connection, call.fleet, call.ids["route_id"])
            return answer(await full(connection, seen(node, call.principal, found)))

    async def change(call: Call[None, RouteChange]) -> Response:
        async with registry.transaction() as connection:
            route = (await held(node, call, connection)).route
            before = RouteFields(**{name: getattr(route, name) for name in RouteFields.__struct_fields__})
            fields = merged(RouteFields, call.body, before)
            await check(connection, call.fleet, fields)
            await tables.change_route(connection, route.route_id, fields)
            await audit(connection, call.actor, Audited.ROUTE_CHANGED, route.route_id, **given_fields(call.body))
            changed = await tables.route(connection, call.fleet, route.route_id)
            assert changed is not None
            if changed.seen:
                await tell_route(connection, call.fleet, changed)
            return answer(await full(connection, changed))

    async def mine(call: Call[MyRouteQuery, None]) -> Response:
        query, driver_id = call.query, call.principal.driver
        if driver_id is not None and query.driver_id not in (None, driver_id):
            raise Problem(403, "the token is of another driver")
        driver_id = driver_id or query.driver_id
        if driver_id is None:
            raise invalid("driverId", "required, because the token names no driver")
        async with registry.transaction() as connection:
            found = await tables.route_of_driver(
                connection, call.fleet, driver_id, query.day, today(node.settings, call.fleet)
            )
            if found is None:
                raise refusal("route", None)
            return answer(await full(connection, found))

    one = f"{PATH}/{{route_id}}"
    door = node.door
    return [
        Operation(
            door,
            "GET",
            PATH,
            list_routes,
            access=Access.FLEET,
            summary="The fleet's routes by day",
            query=RoutesQuery,
            answer=RoutePage,
        ),
        Operation(
            door,
            "POST",
            PATH,
            create,
            access=Access.FLEET,
            summary="A new route, which its driver does not see yet",
            body=NewRoute,
            answer=FullRoute,
            status=201,
            problems=(409,),
        ),
        Operation(
            door,
            "GET",
            one,
            read,
            access=Access.FLEET,
            summary="A route with its jobs",
            answer=FullRoute,
            versioned=True,
        ),
        Operation(
            door,
            "PATCH",
            one,
            change,
            access=Access.FLEET,
            summary="Change the vehicle, places or shift of a route",
            body=RouteChange,
            answer=FullRoute,
            versioned=True,
            problems=(409,),
        ),
        Operation(
            door,
            "GET",
            "/api/v1/me/route",
            mine,
            access=Access.OWN,
            summary="The route that the driver of the token sees, with its jobs",
            query=MyRouteQuery,
            answer=FullRoute,
            problems=(404,),
        ),
    ]
