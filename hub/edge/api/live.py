"""Latest positions of drivers, from the hub's memory: as fresh as ``/ws``, and independent of the services.

GET /api/v1/drivers             the fleet in pages, or the driver of one vehicle
GET /api/v1/drivers/{id}        one driver
GET /api/v1/nearby              the drivers within a radius, nearest first
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct
from starlette.responses import Response

from hub.core.fixes.late import Late
from hub.core.geo.areas import Box, Circle, count_tiles
from hub.core.geo.geodesy import haversine_from
from hub.core.live.facts.presence import OFFLINE, ONLINE, STALE
from hub.core.live.facts.states import DriverState
from hub.core.live.fleet import Fleet
from hub.core.live.grid import LEVEL
from hub.core.live.update import Update
from hub.core.names import Id
from hub.core.nouns import Latitude, Longitude, Position
from hub.core.principal import Principal
from hub.core.registry.vehicles import Driven, Vehicles
from hub.edge.api.pages import decode_cursor, encode_cursor, page
from hub.edge.api.registry.answers import groups_of
from hub.edge.documents.schemas import reference
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.pieces import PIECE, Slices
from hub.edge.http.problems import Problem, invalid, not_allowed, unavailable
from hub.edge.node import Node
from hub.wire.frames import text_of

TURN = 200
"""Drivers that are measured in one turn of the loop, at most a third of a millisecond."""

CLOSE = 0.25
"""Part of the radius that is searched first: in a city it holds enough drivers, and has a sixteenth of the others."""

FEW = 200
"""Drivers that are measured at once: with them the answer takes no longer than others that do not wait their turn."""


Place = Annotated[int, Meta(ge=0, le=2**53)]
"""A number in a cursor."""
STATUSES = (ONLINE, STALE, OFFLINE)
"""In the order in which errors list them."""


class DriverNow(Struct, rename="camel", omit_defaults=True, gc=False):
    """``position`` is the ``location`` message of the socket; ``distance`` in metres if requested. ``heard_at``: when
    the driver was last heard, also without a position; ``status`` comes from it. ``state``: what the driver has set,
    absent if nothing. ``vehicle_id``: the vehicle that the
    driver has now. ``late``: fixes that were older than
    the latest position when they came, if only one driver is requested."""

    driver_id: str
    status: Annotated[str, Meta(extra_json_schema={"enum": [ONLINE, STALE, OFFLINE]})]
    position: Annotated[Raw, Meta(extra_json_schema=reference(Position))]
    distance: float | None = None
    heard_at: datetime | None = None
    state: DriverState | None = None
    vehicle_id: str | None = None
    late: Late | None = None


class DriverNowPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    drivers: list[DriverNow]
    next: str | None = None


class Nearby(Struct, rename="camel"):
    """The drivers within the radius, nearest first."""

    drivers: list[DriverNow]


class Filter(Struct, kw_only=True):
    """``status``, ``state`` and ``group``: only drivers that have all of them."""

    status: Annotated[
        str | None,
        Meta(
            description="only drivers that are `online`, `stale` or `offline`; several are separated by commas",
            examples=["online,stale"],
            extra_json_schema={"pattern": "^(online|stale|offline)(,(online|stale|offline))*$"},
        ),
    ] = None
    state: DriverState | None = None
    group: Annotated[str, Meta(description="names of groups, separated by commas")] | None = None

    def test(self, fleet: Fleet, limited: frozenset[str] | None) -> Callable[[str], bool] | None:
        """Whether a driver with a latest position is to be in the answer to a principal that is ``limited`` to groups;
        None if all are. Raises ``Problem`` 422."""
        sees = fleet.filter(limited, groups_of(self.group))
        if self.status is None and self.state is None:
            return sees
        wanted = frozenset(STATUSES if self.status is None else self.status.split(","))
        if not wanted.issubset(STATUSES):
            raise not_allowed("status", STATUSES, ", or several separated by commas")
        away, states, state = fleet.away, fleet.states, self.state

        def passes(driver_id: str) -> bool:
            if away.get(driver_id, ONLINE) not in wanted or (sees is not None and not sees(driver_id)):
                return False
            known = states.get(driver_id)
            return state is None or (known is not None and known.state == state)

        return passes


class DriversQuery(Filter):
    """A cursor holds as long as the hub has the fleet in memory, and for the same filter. ``vehicleId``: only the
    driver of this vehicle, if it has one."""

    limit: Annotated[int, Meta(ge=1, le=1_000)] = 500
    cursor: str | None = None
    vehicle_id: Id | None = msgspec.field(default=None, name="vehicleId")


class NearbyQuery(Filter):
    """``radius`` in metres."""

    latitude: Latitude
    longitude: Longitude
    # The longest distance there is.
    radius: Annotated[float, Meta(gt=0, le=20_037_508)] = 5_000.0
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


def driver_of(vehicles: Vehicles, fleet: Fleet, update: Update, distance: float | None = None) -> DriverNow:
    """A driver with a latest position, as of now."""
    driver_id = update.driver_id
    known = fleet.states.get(driver_id)
    return DriverNow(
        driver_id,
        fleet.away.get(driver_id, ONLINE),
        Raw(text_of(update.frame)),
        distance,
        fleet.heard_at(driver_id),
        None if known is None or known.state is None else DriverState(known.state),
        vehicles.of_driver(fleet.id, driver_id),
    )


def vehicle_of(node: Node, principal: Principal, vehicle_id: str) -> Driven:
    """A vehicle that a principal sees. Raises ``Problem`` 404, and 503 before the vehicles were read."""
    vehicles = node.vehicle_copy.vehicles
    vehicle = vehicles.find(principal.fleet, vehicle_id)
    if vehicle is None or not node.sight.sees_vehicle(principal, vehicle.driver_id, vehicle.groups):
        if not vehicles.loaded:
            raise unavailable("the vehicles are not loaded yet", node.settings.retry_after)
        raise Problem(404, "there is no such vehicle")
    return vehicle


def routes(node: Node) -> list[Operation]:
    hub, slices, vehicles = node.hub, node.slices, node.vehicle_copy.vehicles

    def run_of(fleet: Fleet) -> str:
        """What differs after the latest positions of a fleet were loaded again, perhaps in another order."""
        return f"{hub.epoch}.{fleet.log_place.since}"

    async def drivers(call: Call[DriversQuery, None]) -> Response:
        query = call.query
        fleet = hub.fleet(call.fleet)
        start, passes = 0, query.test(fleet, call.principal.groups)
        make = partial(driver_of, vehicles, fleet)
        if query.vehicle_id is not None:
            if query.cursor is not None:
                raise invalid("cursor", "a vehicle has one driver: leave the cursor out")
            driver_id = vehicle_of(node, call.principal, query.vehicle_id).driver_id
            update = None if driver_id is None else fleet.latest.get(driver_id)
            found = [update] if update is not None and (passes is None or passes(update.driver_id)) else []
            return await page(slices, call.request, "drivers", found, None, make=make)
        if query.cursor is not None:
            # A driver keeps its place among the fleet's while the hub runs, but for drivers before it that are removed:
            # going back by as many repeats some drivers and leaves none out.
            run, start, removals = decode_cursor(query.cursor, tuple[str, Place, Place])
            if run != run_of(fleet):
                detail = "belongs to an earlier run of the hub, or loading of the fleet: begin with the first page"
                raise invalid("cursor", detail)
            start = max(0, start - max(0, fleet.removals - removals))
        removals = fleet.removals
        if passes is None:
            updates = list(islice(fleet.latest.values(), start, start + query.limit))
            end = start + len(updates)
        else:
            updates, end = await _filtered(slices, fleet, passes, start, query.limit)
        following = encode_cursor(run_of(fleet), end, removals) if end < len(fleet.latest) else None
        return await page(slices, call.request, "drivers", updates, following, make=make)

    async def driver(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        fleet = hub.fleet(call.fleet)
        update = fleet.latest.get(driver_id)
        if update is None:
            raise Problem(404, "there is no such driver")
        answer = driver_of(vehicles, fleet, update)
        answer.late = fleet.late.drivers.get(driver_id)
        return Response(msgspec.json.encode(answer), media_type="application/json")

    async def nearby(call: Call[NearbyQuery, None]) -> Response:
        query = call.query
        fleet = hub.fleet(call.fleet)
        found = await nearest(slices, fleet, query, query.test(fleet, call.principal.groups))
        answer = Nearby([driver_of(vehicles, fleet, update, round(distance, 1)) for distance, update in found])
        return Response(msgspec.json.encode(answer), media_type="application/json")

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/drivers",
            drivers,
            access=Access.FLEET,
            live=True,
            summary="Where the fleet's drivers are now",
            query=DriversQuery,
            answer=DriverNowPage,
            # Of an unknown vehicle.
            problems=(404,),
        ),
        Operation(
            node.door,
            "GET",
            "/api/v1/drivers/{driver_id}",
            driver,
            access=Access.DRIVER,
            live=True,
            summary="Where a driver is now",
            answer=DriverNow,
        ),
        Operation(
            node.door,
            "GET",
            "/api/v1/nearby",
            nearby,
            access=Access.FLEET,
            live=True,
            summary="The drivers within a radius, nearest first",
            query=NearbyQuery,
            answer=Nearby,
        ),
    ]


async def _filtered(
    slices: Slices, fleet: Fleet, passes: Callable[[str], bool], start: int, limit: int
) -> tuple[list[Update], int]:
    """Latest positions of drivers that pass the filter, from the place ``start`` in the fleet on, and the place behind
    the last driver that was looked at."""
    found: list[Update] = []
    while start < len(fleet.latest) and len(found) < limit:
        async with slices.slice():
            for update in list(islice(fleet.latest.values(), start, start + TURN)):
                start += 1
                if passes(update.driver_id):
                    found.append(update)
                    if len(found) == limit:
                        break
    return found, start


async def nearest(
    slices: Slices, fleet: Fleet, query: NearbyQuery, passes: Callable[[str], bool] | None
) -> list[tuple[float, Update]]:
    """(metres, latest position) of the nearest drivers that pass."""
    best = await _nearest(slices, fleet, query, query.radius * CLOSE, passes)
    if len(best) < query.limit:
        best = await _nearest(slices, fleet, query, query.radius, passes)
    latest = fleet.latest
    return [(distance, latest[driver_id]) for distance, driver_id in best if driver_id in latest]


async def _nearest(
    slices: Slices, fleet: Fleet, query: NearbyQuery, radius: float, passes: Callable[[str], bool] | None
) -> list[tuple[float, str]]:
    """(metres, driver) of the nearest drivers within ``radius`` that pass, measured piece by piece."""
    circle = Circle(query.latitude, query.longitude, radius)
    boxes = circle.boxes()
    if count_tiles(LEVEL, circle) <= PIECE:
        candidates = fleet.grid.near(circle)
    else:
        async with slices.slice():
            candidates = fleet.grid.near(circle)
    if len(candidates) <= FEW:
        return _within(fleet, query, radius, boxes, candidates, passes)[: query.limit]
    best: list[tuple[float, str]] = []
    for start in range(0, len(candidates), TURN):
        async with slices.slice():
            piece = candidates[start : start + TURN]
            best = sorted(best + _within(fleet, query, radius, boxes, piece, passes))[: query.limit]
            if len(best) == query.limit:  # a nearer driver is needed to change the answer
                radius = best[-1][0]
                boxes = Circle(query.latitude, query.longitude, radius).boxes()
    return best


def _within(
    fleet: Fleet,
    query: NearbyQuery,
    radius: float,
    boxes: list[Box],
    candidates: Sequence[str],
    passes: Callable[[str], bool] | None,
) -> list[tuple[float, str]]:
    """(metres, driver) of the candidates within a radius that pass, nearest first. ``boxes`` are those of the
    circle."""
    south, north, latest = boxes[0][1], boxes[0][3], fleet.latest
    distance_to = haversine_from(query.latitude, query.longitude)
    within = []
    for driver_id in candidates:
        update = latest.get(driver_id)
        # None if it was removed meanwhile. Most are too far north or south, which is cheap to check.
        if update is not None and south <= update.latitude <= north and (passes is None or passes(driver_id)):
            distance = distance_to(update.latitude, update.longitude)
            if distance <= radius:
                within.append((distance, driver_id))
    within.sort()
    return within
