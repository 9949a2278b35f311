"""The registered vehicles of a fleet, and their drivers.

GET, POST /api/v1/fleet/vehicles                    the vehicles in pages, or a new one
GET, PATCH, DELETE /api/v1/fleet/vehicles/{id}      one of them; a change needs ``If-Match``
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
from msgspec import UNSET, Struct, UnsetType
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Groups, Id, Name, Short
from hub.edge.api.pages import Instant, encode_cursor, page, written
from hub.edge.api.registry.answers import (
    GroupedQuery,
    answer,
    given,
    given_fields,
    in_order,
    no_content,
    refusal,
    taken,
    unstored,
)  # fmt: skip
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.registry.vehicles import (
    Vehicle,
    add_vehicle,
    change_vehicle,
    delete_vehicle,
    last_assignment,
    lock_vehicle,
    vehicle,
    vehicle_of,
    vehicles,
)

PATH = "/api/v1/fleet/vehicles"


class NewVehicle(Struct, rename="camel", forbid_unknown_fields=True):
    """``driverId`` is a registered driver without another vehicle; ``assignedAt``: since when, by default now. ``type``
    is a word of the fleet, such as van."""

    vehicle_id: Id
    name: Name = ""
    plate: Short = ""
    type: Short = ""
    groups: Groups = []
    driver_id: Id | None = None
    assigned_at: Instant | None = None


class VehicleChange(Struct, rename="camel", forbid_unknown_fields=True):
    """Absent fields do not change; a ``driverId`` of null removes the driver. ``assignedAt``: when the driver changed,
    by default now; without another driver it corrects since when the present one has the vehicle."""

    name: Name | UnsetType = UNSET
    plate: Short | UnsetType = UNSET
    type: Short | UnsetType = UNSET
    groups: Groups | UnsetType = UNSET
    driver_id: Id | UnsetType | None = UNSET
    assigned_at: Instant | UnsetType = UNSET


class VehiclePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    vehicles: list[Vehicle]
    next: str | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_vehicles(call: Call[GroupedQuery, None]) -> Response:
        query = call.query
        after = query.after()
        groups = query.groups()
        async with registry.transaction() as connection:
            found = await vehicles(
                connection,
                call.fleet,
                query.limit,
                after=after,
                text=query.q,
                groups=groups,
                limits=call.principal.groups,
                drivers=node.sight.drivers(call.principal),
            )
        following = encode_cursor(found[-1].vehicle_id) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "vehicles", found, following))

    async def create(call: Call[None, NewVehicle]) -> Response:
        new = call.body
        async with (
            registry.transaction() as connection,
            _assigning(connection, call.fleet, new.driver_id),
        ):
            at = None
            if new.assigned_at is not None:
                if new.driver_id is None:
                    raise invalid("assignedAt", "requires a driverId")
                ended = await last_assignment(connection, call.fleet, new.vehicle_id)
                at = _dated(new.assigned_at, node.clock.now(), ended)
            values = new.name, new.plate, new.type, new.driver_id, at, in_order(new.groups)
            made = await add_vehicle(connection, call.fleet, new.vehicle_id, *values)
            if made is None:
                raise taken("vehicleId", f"there is a vehicle {new.vehicle_id} already")
            said = {"driverId": made.driver_id, "assignedAt": written(made.assigned_at)}
            await audit(connection, call.actor, Audited.VEHICLE_CREATED, made.vehicle_id, **said)
        await node.vehicle_copy.caught_up(call.fleet, made.vehicle_id, made.version)
        return answer(made, 201, {"location": f"{PATH}/{made.vehicle_id}"})

    async def read(call: Plain) -> Response:
        vehicle_id = call.ids["vehicle_id"]
        async with registry.transaction() as connection:
            found = await vehicle(connection, call.fleet, vehicle_id)
        if found is None or not node.sight.sees_vehicle(call.principal, found.driver_id, found.groups):
            raise refusal("vehicle", None)
        return answer(found)

    async def change(call: Call[None, VehicleChange]) -> Response:
        vehicle_id = call.ids["vehicle_id"]
        version = call.version
        wanted = call.body
        async with registry.transaction() as connection:
            at = await _changed_at(connection, call.fleet, vehicle_id, wanted, node.clock.now())
            async with _assigning(connection, call.fleet, given(wanted.driver_id)):
                changed = await change_vehicle(
                    connection,
                    call.fleet,
                    vehicle_id,
                    version,
                    name=given(wanted.name),
                    plate=given(wanted.plate),
                    type=given(wanted.type),
                    driver_id=wanted.driver_id,
                    assigned_at=at,
                    groups=in_order(given(wanted.groups)),
                )
            if changed is None:
                raise refusal("vehicle", await vehicle(connection, call.fleet, vehicle_id))
            said = given_fields(wanted, "driver_id")
            if "driverId" in said or wanted.assigned_at is not UNSET:
                said["assignedAt"] = written(changed.assigned_at)
            await audit(connection, call.actor, Audited.VEHICLE_CHANGED, vehicle_id, **said)
        await node.vehicle_copy.caught_up(call.fleet, vehicle_id, changed.version)
        return answer(changed)

    async def delete(call: Plain) -> Response:
        vehicle_id = call.ids["vehicle_id"]
        version = call.version
        async with registry.transaction() as connection:
            if not await delete_vehicle(connection, call.fleet, vehicle_id, version):
                raise refusal("vehicle", await vehicle(connection, call.fleet, vehicle_id))
            await audit(connection, call.actor, Audited.VEHICLE_DELETED, vehicle_id)
        await node.vehicle_copy.caught_up(call.fleet, vehicle_id, None)
        return no_content()

    one = f"{PATH}/{{vehicle_id}}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_vehicles,
            access=Access.FLEET,
            summary="The fleet's vehicles",
            query=GroupedQuery,
            answer=VehiclePage,
        ),
        Operation(
            node.door,
            "POST",
            PATH,
            create,
            access=Access.MANAGE,
            summary="Enter a vehicle",
            body=NewVehicle,
            answer=Vehicle,
            status=201,
            problems=(409,),
        ),
        Operation(
            node.door, "GET", one, read, access=Access.FLEET, summary="One vehicle", answer=Vehicle, versioned=True
        ),
        Operation(
            node.door,
            "PATCH",
            one,
            change,
            access=Access.MANAGE,
            summary="Rename a vehicle, or give it another driver or none",
            body=VehicleChange,
            answer=Vehicle,
            versioned=True,
            problems=(409,),
        ),
        Operation(
            node.door,
            "DELETE",
            one,
            delete,
            access=Access.MANAGE,
            summary="Delete a vehicle",
            status=204,
            versioned=True,
        ),
    ]


async def _changed_at(
    connection: asyncpg.Connection, fleet: str, vehicle_id: str, wanted: VehicleChange, now: datetime
) -> datetime | None:
    """The instant of a change of the driver in UTC, None for now. Raises ``Problem`` 422."""
    if wanted.assigned_at is UNSET:
        return None
    held = await lock_vehicle(connection, fleet, vehicle_id)
    if held is None:
        return None  # the change finds no vehicle either
    if wanted.driver_id is UNSET or wanted.driver_id == held.driver_id:
        if held.driver_id is None:
            raise invalid("assignedAt", "requires a driverId: the vehicle has no driver")
        return _dated(wanted.assigned_at, now, held.ended_at)
    at = _dated(wanted.assigned_at, now, held.assigned_at)
    if at == held.assigned_at:
        raise invalid("assignedAt", f"must be after {written(at)}, when the driver changed last")
    return at


def _dated(assigned_at: datetime, now: datetime, ended: datetime | None) -> datetime:
    """The instant of a change of the driver in UTC. Raises ``Problem`` 422 for one that has not come yet, and for one
    before the last change."""
    at = assigned_at.astimezone(UTC)
    if at > now:
        raise invalid("assignedAt", "must not be in the future")
    if ended is not None and at < ended:
        raise invalid("assignedAt", f"must not be before {written(ended)}, when the driver changed last")
    return at


@asynccontextmanager
async def _assigning(connection: asyncpg.Connection, fleet: str, driver_id: str | None) -> AsyncIterator[None]:
    """Around a statement that may give a vehicle a driver. Raises ``Problem`` 422 for a driver that is not registered,
    409 for a driver of another vehicle."""
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
