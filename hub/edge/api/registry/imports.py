"""Drivers and vehicles as CSV files, as spreadsheets write them.

GET, POST /api/v1/fleet/drivers.csv      the registered drivers; new drivers and changes, all or none
GET, POST /api/v1/fleet/vehicles.csv     the same of vehicles
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct
from starlette.responses import Response

from hub.core.audit import Actor, Audited
from hub.core.names import Groups, Id, Name, Short
from hub.edge.api.registry.answers import NO_STORE, answer, in_order, taken
from hub.edge.api.registry.database import Registry
from hub.edge.api.registry.tables import CSV, Files, Table, placed, table_of
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.pieces import Pieces
from hub.edge.http.problems import Problem, faulty
from hub.edge.node import Node
from hub.stores.postgres.audit import audit, audit_each
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.registry.drivers import Driver, drivers
from hub.stores.postgres.registry.imports import Stored, assignable, enter_drivers, enter_vehicles
from hub.stores.postgres.registry.vehicles import Vehicle, vehicles
from hub.wire.validation import Code, Fault

DRIVERS = "/api/v1/fleet/drivers.csv"
VEHICLES = "/api/v1/fleet/vehicles.csv"

PAGE = 1_000
"""Entries that are read at a time."""


class ImportQuery(Struct, rename="camel"):
    """``dryRun``: check the file and count, without storing anything."""

    dry_run: bool = False


class Imported(Struct, rename="camel"):
    """How many entries an import ``created``, ``changed`` and left ``unchanged``."""

    created: int
    changed: int
    unchanged: int


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


class Undone(Exception):
    """Ends a transaction of which nothing is to stay."""


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def export_drivers(call: Plain) -> Response:
        rows: list[Driver] = []
        async with registry.transaction() as connection:
            await audit(connection, call.actor, Audited.DRIVERS_EXPORTED, call.fleet, format="csv")
            while found := await drivers(connection, call.fleet, PAGE, after=rows[-1].driver_id if rows else ""):
                rows += found
        return await file(DriverRow, rows, "drivers.csv")

    async def export_vehicles(call: Plain) -> Response:
        rows: list[Vehicle] = []
        async with registry.transaction() as connection:
            await audit(connection, call.actor, Audited.VEHICLES_EXPORTED, call.fleet, format="csv")
            while found := await vehicles(connection, call.fleet, PAGE, after=rows[-1].vehicle_id if rows else ""):
                rows += found
        return await file(VehicleRow, rows, "vehicles.csv")

    async def file(kind: type[Struct], rows: list[Any], name: str) -> Response:
        files = Files(kind)
        pieces = [files.head(), *[piece async for piece in node.slices.written(rows, files.lines)]]
        headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
        return Pieces(pieces, headers, f"{CSV}; charset=utf-8")

    async def import_drivers(call: Call[ImportQuery, bytes]) -> Response:
        table = await table_of(node.slices, call.body, DriverRow, "driverId")
        stored = await stored_of(call, lambda connection: record_drivers(connection, call.actor, table))
        return answer(counts(table, stored))

    async def import_vehicles(call: Call[ImportQuery, bytes]) -> Response:
        table = await table_of(node.slices, call.body, VehicleRow, "vehicleId")
        stored = await stored_of(call, lambda connection: record_vehicles(connection, call.actor, table))
        if stored and not call.query.dry_run:
            # They are told in this order, so the last one is told last.
            await node.vehicle_copy.caught_up(call.fleet, stored[-1].id, stored[-1].version)
        return answer(counts(table, stored))

    async def stored_of(
        call: Call[ImportQuery, bytes], store: Callable[[Connection], Awaitable[list[Stored]]]
    ) -> list[Stored]:
        """What ``store`` returns, in a transaction that is undone where it was to be tried only."""
        stored: list[Stored] = []
        try:
            async with registry.transaction() as connection:
                stored = await store(connection)
                if call.query.dry_run:
                    raise Undone
        except Undone:
            pass
        return stored

    def operation(method: str, path: str, handler: Callable[[Any], Awaitable[Response]], summary: str) -> Operation:
        if method == "GET":
            return Operation(node.door, method, path, handler, access=Access.MANAGE, summary=summary, media=(CSV,))
        return Operation(
            node.door,
            method,
            path,
            handler,
            access=Access.MANAGE,
            summary=summary,
            query=ImportQuery,
            body=str,
            decode=bytes,
            longest=lambda settings: settings.max_import_bytes,
            body_media=CSV,
            answer=Imported,
            problems=(409,),
        )

    return [
        operation("GET", DRIVERS, export_drivers, "The registered drivers as CSV"),
        operation("POST", DRIVERS, import_drivers, "Register and change drivers from a CSV file, all or none"),
        operation("GET", VEHICLES, export_vehicles, "The vehicles as CSV"),
        operation("POST", VEHICLES, import_vehicles, "Enter and change vehicles from a CSV file, all or none"),
    ]


async def record_drivers(connection: Connection, actor: Actor, table: Table[DriverRow]) -> list[Stored]:
    """Store the drivers of a file with their entries in the audit log. Returns those that are new or different."""
    stored = await enter_drivers(connection, actor.fleet, columns(table), table.fields)
    await record(connection, actor, stored, table, Audited.DRIVER_CREATED, Audited.DRIVER_CHANGED)
    return stored


async def record_vehicles(connection: Connection, actor: Actor, table: Table[VehicleRow]) -> list[Stored]:
    """The same of vehicles. Raises ``Problem`` for drivers that cannot be assigned."""
    await check_assignments(connection, actor.fleet, table)
    try:
        async with connection.transaction():
            stored = await enter_vehicles(connection, actor.fleet, columns(table), table.fields)
    except asyncpg.IntegrityConstraintViolationError as error:
        raise taken("driverId", "another user changed a driver meanwhile: import the file again") from error
    await record(connection, actor, stored, table, Audited.VEHICLE_CREATED, Audited.VEHICLE_CHANGED)
    return stored


async def record(
    connection: Connection, actor: Actor, stored: list[Stored], table: Table[Any], created: Audited, changed: Audited
) -> None:
    await audit_each(connection, actor, created, [one.id for one in stored if one.created])
    others = [one.id for one in stored if not one.created]
    await audit_each(connection, actor, changed, others, fields=sorted(table.fields))


async def check_assignments(connection: Connection, fleet: str, table: Table[VehicleRow]) -> None:
    """Raises ``Problem``: 422 for a driver that is not registered, 409 for one that drives another vehicle, or is in
    two rows."""
    free = await assignable(connection, fleet, {row.driver_id for row in table.rows if row.driver_id is not None})
    vehicle_of: dict[str, str] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        id = row.driver_id
        if id is None:
            continue
        field = placed(line, "driverId")
        if id not in free:
            raise faulty(Fault(field, Code.INVALID, f"there is no driver {id}: register it first"))
        other = vehicle_of.setdefault(id, free[id] or row.vehicle_id)
        if other == row.vehicle_id:
            continue
        detail = f"the driver {id} drives the vehicle {other}: take it away there first, in another import"
        raise Problem(409, f"{field}: {detail}", errors=[{"field": field, "detail": detail}])


def columns(table: Table[Any]) -> list[dict[str, Any]]:
    """The rows as columns of the database."""
    rows = map(msgspec.structs.asdict, table.rows)
    return [row | {"groups": in_order(row["groups"])} for row in rows]


def counts(table: Table[Any], stored: list[Stored]) -> Imported:
    created = sum(one.created for one in stored)
    return Imported(created, len(stored) - created, len(table.rows) - len(stored))
