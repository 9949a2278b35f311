"""Drivers and vehicles as CSV files, as spreadsheets write them.

GET, POST /api/v1/fleet/drivers.csv      the registered drivers; new drivers and changes, all or none
GET, POST /api/v1/fleet/vehicles.csv     the same of vehicles
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar

import asyncpg
import msgspec
from msgspec import UNSET, Struct
from starlette.responses import Response

from hub.core.audit import Actor, Audited
from hub.core.names import Groups, Id, Name, Short
from hub.edge.api.pages import written
from hub.edge.api.registry.answers import NO_STORE, answer, in_order, taken
from hub.edge.api.registry.database import Registry
from hub.edge.api.registry.tables import CSV, Imported, ImportQuery, Line, Table, csv_of, placed, table_of
from hub.edge.api.registry.vehicles import assigning
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.registry.drivers import Driver, add_driver, change_driver, driver, drivers
from hub.stores.postgres.registry.vehicles import Vehicle, add_vehicle, change_vehicle, vehicle, vehicles

DRIVERS = "/api/v1/fleet/drivers.csv"
VEHICLES = "/api/v1/fleet/vehicles.csv"

PAGE = 1_000
"""Entries that are read at a time."""

Row = TypeVar("Row", bound=Struct)


class DriverRow(Struct, rename="camel"):
    driver_id: Id
    name: Name = ""
    phone: Short = ""
    groups: Groups = []


class VehicleRow(Struct, rename="camel"):
    vehicle_id: Id
    name: Name = ""
    plate: Short = ""
    type: Short = ""
    groups: Groups = []
    driver_id: Id | None = None


class Entered(NamedTuple):
    """What became of a row: ``created``, ``changed`` or ``unchanged``, and the version it has now."""

    outcome: str
    version: int


Enter = Callable[[asyncpg.Connection, Actor, Row, dict[str, Any]], Awaitable[Entered]]
"""Stores a row. The dictionary has its values for the columns of the file, by attribute. Raises ``Problem``."""


class Undone(Exception):
    """Ends a transaction of which nothing is to stay."""


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def export_drivers(call: Plain) -> Response:
        rows: list[Driver] = []
        async with registry.transaction() as connection:
            after = ""
            while found := await drivers(connection, call.fleet, PAGE, after=after):
                rows += found
                after = found[-1].driver_id
        return await file(DriverRow, rows, "drivers.csv")

    async def export_vehicles(call: Plain) -> Response:
        rows: list[Vehicle] = []
        async with registry.transaction() as connection:
            after = ""
            while found := await vehicles(connection, call.fleet, PAGE, after=after):
                rows += found
                after = found[-1].vehicle_id
        return await file(VehicleRow, rows, "vehicles.csv")

    async def file(kind: type[Struct], rows: list[Any], name: str) -> Response:
        async with node.slices.slice():
            content = csv_of(kind, rows)
        headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
        return Response(content, 200, headers, CSV)

    async def import_drivers(call: Call[ImportQuery, Table[DriverRow]]) -> Response:
        counts, _ = await enter(call, enter_driver)
        return answer(counts)

    async def import_vehicles(call: Call[ImportQuery, Table[VehicleRow]]) -> Response:
        counts, versions = await enter(call, enter_vehicle)
        for row, version in versions:
            await node.vehicle_copy.caught_up(call.fleet, row.vehicle_id, version)
        return answer(counts)

    async def enter(
        call: Call[ImportQuery, Table[Row]], enter_row: Enter[Row]
    ) -> tuple[Imported, list[tuple[Row, int]]]:
        """Store all rows in one transaction, or none; the counts, and the rows that were stored with their versions."""
        table, counts, stored = call.body, Imported(), []
        try:
            async with registry.transaction() as connection, connection.transaction():
                for line in table.lines:
                    entered = await entered_line(connection, call.actor, table, line, enter_row)
                    setattr(counts, entered.outcome, getattr(counts, entered.outcome) + 1)
                    if entered.outcome != "unchanged":
                        stored.append((line.row, entered.version))
                if call.query.dry_run:
                    raise Undone
        except Undone:
            return counts, []
        return counts, stored

    async def entered_line(
        connection: asyncpg.Connection, actor: Actor, table: Table[Row], line: Line[Row], enter_row: Enter[Row]
    ) -> Entered:
        fields = msgspec.structs.fields(line.row)
        given = {field.name: getattr(line.row, field.name) for field in fields if field.encode_name in table.fields}
        try:
            return await enter_row(connection, actor, line.row, given)
        except Problem as problem:
            raise placed(problem, line.number) from problem

    return [
        Operation(
            node.door,
            "GET",
            DRIVERS,
            export_drivers,
            access=Access.MANAGE,
            summary="The registered drivers as CSV",
            media=(CSV,),
        ),
        Operation(
            node.door,
            "POST",
            DRIVERS,
            import_drivers,
            access=Access.MANAGE,
            summary="Register and change drivers from a CSV file, all or none",
            query=ImportQuery,
            body=str,
            decode=lambda body: table_of(body, DriverRow, "driverId"),
            body_media=CSV,
            answer=Imported,
        ),
        Operation(
            node.door,
            "GET",
            VEHICLES,
            export_vehicles,
            access=Access.MANAGE,
            summary="The vehicles as CSV",
            media=(CSV,),
        ),
        Operation(
            node.door,
            "POST",
            VEHICLES,
            import_vehicles,
            access=Access.MANAGE,
            summary="Enter and change vehicles from a CSV file, all or none",
            query=ImportQuery,
            body=str,
            decode=lambda body: table_of(body, VehicleRow, "vehicleId"),
            body_media=CSV,
            answer=Imported,
            problems=(409,),
        ),
    ]


async def enter_driver(connection: asyncpg.Connection, actor: Actor, row: DriverRow, given: dict[str, Any]) -> Entered:
    fleet, id, groups = actor.fleet, row.driver_id, in_order(row.groups)
    held = await driver(connection, fleet, id)
    if held is None:
        made = await add_driver(connection, fleet, id, row.name, row.phone, groups=groups)
        if made is None:
            raise taken("driverId", f"another user registered {id} meanwhile: import the file again")
        await audit(connection, actor, Audited.DRIVER_CREATED, id)
        return Entered("created", made.version)
    changes = changed_of(held, given)
    if not changes:
        return Entered("unchanged", held.version)
    changed = await change_driver(connection, fleet, id, None, **changes)
    if changed is None:
        raise taken("driverId", f"another user deleted {id} meanwhile: import the file again")
    await audit(connection, actor, Audited.DRIVER_CHANGED, id, fields=sorted(changes))
    return Entered("changed", changed.version)


async def enter_vehicle(
    connection: asyncpg.Connection, actor: Actor, row: VehicleRow, given: dict[str, Any]
) -> Entered:
    fleet, id, groups = actor.fleet, row.vehicle_id, in_order(row.groups)
    held = await vehicle(connection, fleet, id)
    async with assigning(connection, fleet, row.driver_id):
        if held is None:
            values = row.name, row.plate, row.type, row.driver_id, None, groups
            made = await add_vehicle(connection, fleet, id, *values)
            if made is None:
                raise taken("vehicleId", f"another user entered {id} meanwhile: import the file again")
            said = {"driverId": made.driver_id, "assignedAt": written(made.assigned_at)}
            await audit(connection, actor, Audited.VEHICLE_CREATED, id, **said)
            return Entered("created", made.version)
        changes = changed_of(held, given)
        if not changes:
            return Entered("unchanged", held.version)
        driver_id = changes.pop("driver_id", UNSET)
        changed = await change_vehicle(connection, fleet, id, None, driver_id=driver_id, **changes)
    if changed is None:
        raise taken("vehicleId", f"another user deleted {id} meanwhile: import the file again")
    fields, moved = sorted(changes), {}
    if driver_id is not UNSET:
        fields.append("driverId")
        moved = {"driverId": changed.driver_id, "assignedAt": written(changed.assigned_at)}
    await audit(connection, actor, Audited.VEHICLE_CHANGED, id, fields=fields, **moved)
    return Entered("changed", changed.version)


def changed_of(held: Struct, given: dict[str, Any]) -> dict[str, Any]:
    """The given values that differ from those of the stored entry, by attribute."""
    values, stored = dict(given), msgspec.structs.asdict(held)
    if "groups" in values:
        values["groups"], stored["groups"] = in_order(values["groups"]), list(stored["groups"])
    return {name: value for name, value in values.items() if value != stored[name]}
