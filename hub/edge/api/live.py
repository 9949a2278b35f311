"""Latest positions of drivers, from the hub's memory: as fresh as ``/ws``, and independent of the services.

GET /api/v1/drivers             the fleet in pages
GET /api/v1/drivers/{id}        one driver
GET /api/v1/nearby              the drivers within a radius, nearest first
"""

from __future__ import annotations

import heapq
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct
from starlette.responses import Response

from hub.core.geo.areas import Circle, count_tiles
from hub.core.geo.geodesy import haversine
from hub.core.live.fleet import Fleet
from hub.core.live.grid import LEVEL
from hub.core.live.hub import OFFLINE, ONLINE, STALE
from hub.core.live.late import Late
from hub.core.live.update import Update
from hub.core.nouns import Latitude, Longitude, Position
from hub.edge.api.pages import decode_cursor, encode_cursor, page
from hub.edge.documents.schemas import reference
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.pieces import PIECE, Slices
from hub.edge.http.problems import Problem, invalid
from hub.edge.node import Node
from hub.wire.frames import text_of

TURN = 500
"""Drivers that are measured in one turn of the loop, about a millisecond."""

FEW = 200
"""Drivers that are measured at once: with them the answer takes no longer than others that do not wait their turn."""


Place = Annotated[int, Meta(ge=0, le=2**53)]
"""A number in a cursor."""


class DriverNow(Struct, rename="camel", omit_defaults=True):
    """``position`` is the ``location`` message of the socket; ``distance`` in metres if requested. ``heard_at``: when
    the driver was last heard, also without a position; ``status`` comes from it. ``late``: fixes that were older than
    the latest position when they came, if only one driver is requested."""

    driver_id: str
    status: Annotated[str, Meta(extra_json_schema={"enum": [ONLINE, STALE, OFFLINE]})]
    position: Annotated[Raw, Meta(extra_json_schema=reference(Position))]
    distance: float | None = None
    heard_at: datetime | None = None
    late: Late | None = None


class DriverNowPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    drivers: list[DriverNow]
    next: str | None = None


class Nearby(Struct, rename="camel"):
    """The drivers within the radius, nearest first."""

    drivers: list[DriverNow]


class DriversQuery(Struct):
    """A cursor holds for one run of the hub."""

    limit: Annotated[int, Meta(ge=1, le=1_000)] = 500
    cursor: str | None = None


class NearbyQuery(Struct):
    """``radius`` in metres."""

    latitude: Latitude
    longitude: Longitude
    # The longest distance there is.
    radius: Annotated[float, Meta(gt=0, le=20_037_508)] = 5_000.0
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


def driver_of(fleet: Fleet, update: Update, distance: float | None = None) -> DriverNow:
    status = fleet.away.get(update.driver_id, ONLINE)
    heard_at = fleet.heard_at(update.driver_id)
    return DriverNow(update.driver_id, status, Raw(text_of(update.frame)), distance, heard_at)


def routes(node: Node) -> list[Operation]:
    hub, slices = node.hub, node.slices

    async def drivers(call: Call[DriversQuery, None]) -> Response:
        query = call.query
        fleet = hub.fleet(call.fleet)
        start = 0
        if query.cursor is not None:
            # A driver keeps its place among the fleet's while the hub runs, but for drivers before it that are removed:
            # going back by as many repeats some drivers and leaves none out.
            epoch, start, removals = decode_cursor(query.cursor, tuple[str, Place, Place])
            if epoch != hub.epoch:
                raise invalid("cursor", "belongs to an earlier run of the hub: begin with the first page")
            start = max(0, start - max(0, fleet.removals - removals))
        updates = list(islice(fleet.latest.values(), start, start + query.limit))
        end = start + len(updates)
        following = encode_cursor(hub.epoch, end, fleet.removals) if end < len(fleet.latest) else None
        return await page(slices, call.request, "drivers", updates, following, make=partial(driver_of, fleet))

    async def driver(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        fleet = hub.fleet(call.fleet)
        update = fleet.latest.get(driver_id)
        if update is None:
            raise Problem(404, "there is no such driver")
        answer = driver_of(fleet, update)
        answer.late = fleet.late.drivers.get(driver_id)
        return Response(msgspec.json.encode(answer), media_type="application/json")

    async def nearby(call: Call[NearbyQuery, None]) -> Response:
        query = call.query
        fleet = hub.fleet(call.fleet)
        found = await _nearest(slices, fleet, query)
        answer = Nearby([driver_of(fleet, update, round(distance, 1)) for distance, update in found])
        return Response(msgspec.json.encode(answer), media_type="application/json")

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/drivers",
            drivers,
            access=Access.FLEET,
            summary="Where the fleet's drivers are now",
            query=DriversQuery,
            answer=DriverNowPage,
        ),
        Operation(
            node.door,
            "GET",
            "/api/v1/drivers/{driver_id}",
            driver,
            access=Access.DRIVER,
            summary="Where a driver is now",
            answer=DriverNow,
        ),
        Operation(
            node.door,
            "GET",
            "/api/v1/nearby",
            nearby,
            access=Access.FLEET,
            summary="The drivers within a radius, nearest first",
            query=NearbyQuery,
            answer=Nearby,
        ),
    ]


async def _nearest(slices: Slices, fleet: Fleet, query: NearbyQuery) -> list[tuple[float, Update]]:
    """(metres, latest position) of the nearest drivers, measured piece by piece."""
    radius = query.radius
    south, north = _latitudes(query, radius)
    nearest: list[tuple[float, str]] = []
    circle = Circle(query.latitude, query.longitude, radius)
    async with nullcontext() if count_tiles(LEVEL, circle) <= PIECE else slices.slice():
        candidates = list(fleet.grid.near(circle))
    few = len(candidates) <= FEW
    for start in range(0, len(candidates), TURN):
        async with nullcontext() if few else slices.slice():
            within = []
            for driver_id in candidates[start : start + TURN]:
                update = fleet.latest.get(driver_id)
                if update is None:  # removed meanwhile
                    continue
                # Most are too far north or south, which is cheap to check.
                if south <= update.latitude <= north:
                    distance = haversine(query.latitude, query.longitude, update.latitude, update.longitude)
                    if distance <= radius:
                        within.append((distance, driver_id))
            nearest = heapq.nsmallest(query.limit, nearest + within)
            if len(nearest) == query.limit:  # a nearer driver is needed to change the answer
                radius = nearest[-1][0]
                south, north = _latitudes(query, radius)
    found = ((distance, fleet.latest.get(driver_id)) for distance, driver_id in nearest)
    return [(distance, update) for distance, update in found if update is not None]


def _latitudes(query: NearbyQuery, radius: float) -> tuple[float, float]:
    boxes = Circle(query.latitude, query.longitude, radius).boxes()
    return boxes[0][1], boxes[0][3]
