"""The history of a vehicle: its drivers over time, and what they recorded while they had it.

GET /api/v1/vehicles/{id}/assignments   its drivers
GET /api/v1/vehicles/{id}/track         their positions
GET /api/v1/vehicles/{id}/trips         their trips
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.principal import Principal
from hub.core.registry.vehicles import Assignment
from hub.edge.api.history.past import Past
from hub.edge.api.history.positions import PositionPage
from hub.edge.api.history.track import MEDIA_TYPES, Source, TrackQuery, track_of
from hub.edge.api.history.trips import TICK, TripPage, TripsQuery
from hub.edge.api.pages import Instant, Span, decode_cursor, encode_cursor, page, written
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.problems import Problem
from hub.stores.postgres.history.driven import vehicle_track, vehicle_trips
from hub.stores.postgres.places.names import Name
from hub.stores.postgres.registry.assignments import BEFORE_ALL, assignments, is_known
from hub.wire.stored import Trip

MOST = 10_000
"""Assignments of a vehicle in one span: one an hour for a year."""


class AssignmentsQuery(Span):
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None


class AssignmentPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    assignments: list[Assignment]
    next: str | None = None


def routes(past: Past) -> list[Operation]:
    settings = past.node.settings

    sight = past.node.sight

    async def check(connection: asyncpg.Connection, principal: Principal, vehicle_id: str) -> None:
        """Called when there is no row. Raises ``Problem`` 404 for a vehicle that the fleet never had, or that the
        principal does not see."""
        among = sight.drivers(principal)
        groups = None if principal.groups is None else sorted(principal.groups)
        if not await is_known(connection, principal.fleet, vehicle_id, among=among, groups=groups):
            raise Problem(404, "there is no such vehicle")

    async def drivers(call: Call[AssignmentsQuery, None]) -> Response:
        vehicle_id, query = call.ids["vehicle_id"], call.query
        since, until = query.resolve(settings, call.fleet)
        after = BEFORE_ALL
        if query.cursor is not None:
            (after,) = decode_cursor(query.cursor, tuple[Instant])
        among = sight.drivers(call.principal)

        async def wanted(connection: asyncpg.Connection) -> list[Assignment]:
            found = await assignments(connection, call.fleet, vehicle_id, since, until, query.limit, after, among=among)
            if not found:
                await check(connection, call.principal, vehicle_id)
            return found

        found = await past.read(call, wanted)
        following = encode_cursor(found[-1].since) if len(found) == query.limit else None
        return await page(
            past.node.slices,
            call.request,
            "assignments",
            found,
            following,
            {"from": written(since), "to": written(until)},
        )

    async def track(call: Call[TrackQuery, None]) -> Response:
        vehicle_id = call.ids["vehicle_id"]

        async def opened(connection: asyncpg.Connection, since: datetime, until: datetime) -> Source:
            among = sight.drivers(call.principal)
            assigned = await assignments(connection, call.fleet, vehicle_id, since, until, MOST, among=among)
            return Source(
                vehicle_id,
                Audited.VEHICLE_TRACK_EXPORTED,
                lambda connection, *span: vehicle_track(connection, call.fleet, assigned, *span),
                lambda connection: check(connection, call.principal, vehicle_id),
            )

        return await track_of(past, call, opened)

    async def trips(call: Call[TripsQuery, None]) -> Response:
        vehicle_id, query = call.ids["vehicle_id"], call.query
        since, until = query.resolve(settings, call.fleet)
        start = since
        if query.cursor is not None:
            (start,) = decode_cursor(query.cursor, tuple[Instant])
            start = max(since, start)
        among = sight.drivers(call.principal)

        async def named(connection: asyncpg.Connection) -> tuple[list[Trip], Name]:
            assigned = await assignments(connection, call.fleet, vehicle_id, start, until, MOST, among=among)
            found = await vehicle_trips(connection, call.fleet, assigned, start, until, query.limit)
            if not found:
                await check(connection, call.principal, vehicle_id)
            return found, await past.places.naming(connection, found, fill=True)

        found, name = await past.read(call, named)
        await past.name(found, name)
        following = encode_cursor(found[-1].started_at + TICK) if len(found) == query.limit else None
        return await page(
            past.node.slices, call.request, "trips", found, following, {"from": written(since), "to": written(until)}
        )

    one = "/api/v1/vehicles/{vehicle_id}"
    return [
        Operation(
            past.node.door,
            "GET",
            f"{one}/assignments",
            drivers,
            access=Access.FLEET,
            summary="The drivers of a vehicle over time",
            query=AssignmentsQuery,
            answer=AssignmentPage,
        ),
        Operation(
            past.node.door,
            "GET",
            f"{one}/track",
            track,
            access=Access.FLEET,
            summary="The positions of a vehicle's drivers while they had it, in pages or as a file",
            query=TrackQuery,
            answer=PositionPage,
            media=tuple(MEDIA_TYPES),
        ),
        Operation(
            past.node.door,
            "GET",
            f"{one}/trips",
            trips,
            access=Access.FLEET,
            summary="The trips that a vehicle's drivers began while they had it",
            query=TripsQuery,
            answer=TripPage,
        ),
    ]
