"""The fleet's drivers as people entered them: what to call them, and whether they may report.

GET, POST /api/v1/fleet/drivers                     the drivers in pages, or a new one
GET, PATCH, DELETE /api/v1/fleet/drivers/{id}       one of them; a change needs ``If-Match``
"""

from __future__ import annotations

import asyncpg
from msgspec import UNSET, Struct, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from hub.core.names import Id, Name, Short
from hub.edge.api.registry.answers import ListQuery, answer, given, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import admin_of, driver_in, reader_of
from hub.edge.http.operations import Operation
from hub.edge.http.pages import encode_cursor, page
from hub.edge.http.requests import document_of, parameters_of
from hub.edge.http.versions import expected_version
from hub.edge.node import Node
from hub.stores.postgres.registry.drivers import Driver, add_driver, change_driver, delete_driver, driver, drivers
from hub.stores.postgres.registry.vehicles import vehicle_of

PATH = "/api/v1/fleet/drivers"


class NewDriver(Struct, rename="camel", forbid_unknown_fields=True):
    driver_id: Id
    name: Name = ""
    phone: Short = ""


class DriverChange(Struct, rename="camel", forbid_unknown_fields=True):
    """What is absent stays as it is. A driver that is ``disabled`` may not report."""

    name: Name | UnsetType = UNSET
    phone: Short | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class DriverPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    drivers: list[Driver]
    next: str | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    limit = node.settings.max_body_bytes

    async def list_drivers(request: Request) -> Response:
        principal = await reader_of(node.identity, request)
        query = parameters_of(request, ListQuery)
        after = query.after()
        async with registry.transaction() as connection:
            found = await drivers(connection, principal.fleet, query.limit, after=after, text=query.q)
        following = encode_cursor(found[-1].driver_id) if len(found) == query.limit else None
        return unstored(await page(node.slices, request, "drivers", found, following))

    async def create(request: Request) -> Response:
        principal = await admin_of(node.identity, request)
        new = await document_of(request, NewDriver, limit)
        async with registry.transaction() as connection:
            made = await add_driver(connection, principal.fleet, new.driver_id, new.name, new.phone)
        if made is None:
            raise taken("driverId", f"there is a driver {new.driver_id} already")
        return answer(made, 201, {"location": f"{PATH}/{made.driver_id}"})

    async def read(request: Request) -> Response:
        driver_id = driver_in(request)
        principal = await reader_of(node.identity, request)
        async with registry.transaction() as connection:
            found = await driver(connection, principal.fleet, driver_id)
        if found is None:
            raise refusal("driver", None)
        return answer(found)

    async def change(request: Request) -> Response:
        driver_id = driver_in(request)
        principal = await admin_of(node.identity, request)
        version = expected_version(request)
        wanted = await document_of(request, DriverChange, limit)
        async with registry.transaction() as connection:
            changed = await change_driver(
                connection,
                principal.fleet,
                driver_id,
                version,
                name=given(wanted.name),
                phone=given(wanted.phone),
                disabled=given(wanted.disabled),
            )
            if changed is None:
                raise refusal("driver", await driver(connection, principal.fleet, driver_id))
        return answer(changed)

    async def delete(request: Request) -> Response:
        driver_id = driver_in(request)
        principal = await admin_of(node.identity, request)
        version = expected_version(request)
        async with registry.transaction() as connection:
            try:
                async with connection.transaction():
                    deleted = await delete_driver(connection, principal.fleet, driver_id, version)
            except asyncpg.ForeignKeyViolationError as error:
                vehicle_id = await vehicle_of(connection, principal.fleet, driver_id)
                raise taken("driverId", f"the driver drives the vehicle {vehicle_id}: give it another first") from error
            if not deleted:
                raise refusal("driver", await driver(connection, principal.fleet, driver_id))
        return no_content()

    one = f"{PATH}/{{driver_id}}"
    return [
        Operation(
            "GET", PATH, list_drivers, summary="The fleet's registered drivers", query=ListQuery, answer=DriverPage
        ),
        Operation(
            "POST",
            PATH,
            create,
            summary="Register a driver",
            body=NewDriver,
            answer=Driver,
            status=201,
            problems=(409,),
        ),
        Operation("GET", one, read, summary="One registered driver", answer=Driver, versioned=True),
        Operation(
            "PATCH",
            one,
            change,
            summary="Rename, disable or enable a driver",
            body=DriverChange,
            answer=Driver,
            versioned=True,
        ),
        Operation(
            "DELETE",
            one,
            delete,
            summary="Delete a driver with its phone tokens and shares; its positions stay",
            status=204,
            versioned=True,
            problems=(409,),
        ),
    ]
