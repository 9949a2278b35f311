"""The fleet's vehicles, and who drives them.

GET, POST /api/v1/fleet/vehicles                    the vehicles in pages, or a new one
GET, PATCH, DELETE /api/v1/fleet/vehicles/{id}      one of them; a change needs ``If-Match``
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from msgspec import UNSET, Struct, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from hub.core.names import Id, Name, Short
from hub.core.nouns import ID_PATTERN
from hub.edge.api.registry.answers import ListQuery, answer, given, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import admin_of, reader_of
from hub.edge.http.operations import Operation
from hub.edge.http.pages import encode_cursor, page
from hub.edge.http.problems import invalid
from hub.edge.http.requests import document_of, parameters_of
from hub.edge.http.versions import expected_version
from hub.edge.node import Node
from hub.stores.postgres.registry.vehicles import (
    Vehicle,
    add_vehicle,
    change_vehicle,
    delete_vehicle,
    vehicle,
    vehicle_of,
    vehicles,
)

PATH = "/api/v1/fleet/vehicles"


class NewVehicle(Struct, rename="camel", forbid_unknown_fields=True):
    """``driverId`` is a registered driver who drives no other vehicle."""

    vehicle_id: Id
    name: Name = ""
    plate: Short = ""
    driver_id: Id | None = None


class VehicleChange(Struct, rename="camel", forbid_unknown_fields=True):
    """What is absent stays as it is; a ``driverId`` of null takes the driver away."""

    name: Name | UnsetType = UNSET
    plate: Short | UnsetType = UNSET
    driver_id: Id | UnsetType | None = UNSET


class VehiclePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    vehicles: list[Vehicle]
    next: str | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    limit = node.settings.max_body_bytes

    async def list_vehicles(request: Request) -> Response:
        principal = await reader_of(node.identity, request)
        query = parameters_of(request, ListQuery)
        after = query.after()
        async with registry.transaction() as connection:
            found = await vehicles(connection, principal.fleet, query.limit, after=after, text=query.q)
        following = encode_cursor(found[-1].vehicle_id) if len(found) == query.limit else None
        return unstored(await page(node.slices, request, "vehicles", found, following))

    async def create(request: Request) -> Response:
        principal = await admin_of(node.identity, request)
        new = await document_of(request, NewVehicle, limit)
        async with (
            registry.transaction() as connection,
            _assigning(connection, principal.fleet, new.driver_id),
        ):
            made = await add_vehicle(connection, principal.fleet, new.vehicle_id, new.name, new.plate, new.driver_id)
        if made is None:
            raise taken("vehicleId", f"there is a vehicle {new.vehicle_id} already")
        return answer(made, 201, {"location": f"{PATH}/{made.vehicle_id}"})

    async def read(request: Request) -> Response:
        vehicle_id = _vehicle_in(request)
        principal = await reader_of(node.identity, request)
        async with registry.transaction() as connection:
            found = await vehicle(connection, principal.fleet, vehicle_id)
        if found is None:
            raise refusal("vehicle", None)
        return answer(found)

    async def change(request: Request) -> Response:
        vehicle_id = _vehicle_in(request)
        principal = await admin_of(node.identity, request)
        version = expected_version(request)
        wanted = await document_of(request, VehicleChange, limit)
        async with registry.transaction() as connection:
            async with _assigning(connection, principal.fleet, given(wanted.driver_id)):
                changed = await change_vehicle(
                    connection,
                    principal.fleet,
                    vehicle_id,
                    version,
                    name=given(wanted.name),
                    plate=given(wanted.plate),
                    driver_id=wanted.driver_id,
                )
            if changed is None:
                raise refusal("vehicle", await vehicle(connection, principal.fleet, vehicle_id))
        return answer(changed)

    async def delete(request: Request) -> Response:
        vehicle_id = _vehicle_in(request)
        principal = await admin_of(node.identity, request)
        version = expected_version(request)
        async with registry.transaction() as connection:
            if not await delete_vehicle(connection, principal.fleet, vehicle_id, version):
                raise refusal("vehicle", await vehicle(connection, principal.fleet, vehicle_id))
        return no_content()

    one = f"{PATH}/{{vehicle_id}}"
    return [
        Operation("GET", PATH, list_vehicles, summary="The fleet's vehicles", query=ListQuery, answer=VehiclePage),
        Operation(
            "POST",
            PATH,
            create,
            summary="Enter a vehicle",
            body=NewVehicle,
            answer=Vehicle,
            status=201,
            problems=(409,),
        ),
        Operation("GET", one, read, summary="One vehicle", answer=Vehicle, versioned=True),
        Operation(
            "PATCH",
            one,
            change,
            summary="Rename a vehicle, or give it another driver or none",
            body=VehicleChange,
            answer=Vehicle,
            versioned=True,
            problems=(409,),
        ),
        Operation("DELETE", one, delete, summary="Delete a vehicle", status=204, versioned=True),
    ]


def _vehicle_in(request: Request) -> str:
    """The vehicle id in the path of a request. Raises ``Problem`` 404 for what cannot be one."""
    vehicle_id: str = request.path_params["vehicle_id"]
    if not ID_PATTERN.match(vehicle_id):
        raise refusal("vehicle", None)
    return vehicle_id


@asynccontextmanager
async def _assigning(connection: asyncpg.Connection, fleet: str, driver_id: str | None) -> AsyncIterator[None]:
    """Around a statement that may give a vehicle a driver. Raises ``Problem`` 422 for one who is not registered, 409
    for one who drives another vehicle."""
    try:
        async with connection.transaction():
            yield
    except asyncpg.ForeignKeyViolationError as error:
        raise invalid("driverId", f"there is no driver {driver_id}: register it first") from error
    except asyncpg.UniqueViolationError as error:
        assert driver_id is not None
        other = await vehicle_of(connection, fleet, driver_id)
        raise taken(
            "driverId", f"the driver {driver_id} drives the vehicle {other}: take it away there first"
        ) from error
