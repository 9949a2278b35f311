"""Where vehicles are now: the latest positions of their drivers, from the hub's memory.

GET /api/v1/vehicles            the fleet's vehicles in pages
GET /api/v1/vehicles/{id}       one vehicle
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.nouns import ID_PATTERN
from hub.core.registry.vehicles import Driven
from hub.edge.api.live import DriverNow, driver_of, vehicle_of
from hub.edge.api.pages import decode_cursor, encode_cursor, page
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid, unavailable
from hub.edge.node import Node


class VehicleNow(Struct, rename="camel", omit_defaults=True):
    """A registered vehicle; ``driver`` is its present driver with the latest position, absent while the vehicle has no
    driver or the driver no position. ``assigned_at``: since when it has this driver, or none."""

    vehicle_id: str
    name: str
    plate: str
    assigned_at: datetime
    type: str = ""
    driver_id: str | None = None
    driver: DriverNow | None = None


class VehicleNowPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    vehicles: list[VehicleNow]
    next: str | None = None


class VehiclesQuery(Struct):
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 500
    cursor: str | None = None


def routes(node: Node) -> list[Operation]:
    hub, vehicles = node.hub, node.vehicle_copy.vehicles

    def now(fleet_id: str, vehicle: Driven) -> VehicleNow:
        driver = None
        if vehicle.driver_id is not None:
            fleet = hub.fleet(fleet_id)
            update = fleet.latest.get(vehicle.driver_id)
            driver = None if update is None else driver_of(vehicles, fleet, update)
        return VehicleNow(
            vehicle.vehicle_id,
            vehicle.name,
            vehicle.plate,
            vehicle.assigned_at,
            vehicle.type,
            vehicle.driver_id,
            driver,
        )

    async def list_vehicles(call: Call[VehiclesQuery, None]) -> Response:
        query = call.query
        if not vehicles.loaded:
            raise unavailable("the vehicles are not loaded yet", node.settings.retry_after)
        after = ""
        if query.cursor is not None:
            (after,) = decode_cursor(query.cursor, tuple[str])
            if not ID_PATTERN.match(after):
                raise invalid("cursor", "is not a cursor of this hub")
        principal = call.principal

        def sees(vehicle: Driven) -> bool:
            return node.sight.sees_vehicle(principal, vehicle.driver_id, vehicle.groups)

        found = vehicles.of_fleet(call.fleet, query.limit, after, None if principal.groups is None else sees)
        following = encode_cursor(found[-1].vehicle_id) if len(found) == query.limit else None
        return await page(
            node.slices, call.request, "vehicles", found, following, make=lambda vehicle: now(call.fleet, vehicle)
        )

    async def one(call: Plain) -> Response:
        vehicle = vehicle_of(node, call.principal, call.ids["vehicle_id"])
        return Response(msgspec.json.encode(now(call.fleet, vehicle)), media_type="application/json")

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/vehicles",
            list_vehicles,
            access=Access.FLEET,
            live=True,
            summary="Where the fleet's vehicles are now",
            query=VehiclesQuery,
            answer=VehicleNowPage,
        ),
        Operation(
            node.door,
            "GET",
            "/api/v1/vehicles/{vehicle_id}",
            one,
            access=Access.FLEET,
            live=True,
            summary="Where a vehicle is now",
            answer=VehicleNow,
        ),
    ]
