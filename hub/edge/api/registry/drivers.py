"""The registered drivers of a fleet: names, phones, and whether they may report.

GET, POST /api/v1/fleet/drivers                     the drivers in pages, or a new one
GET, PATCH, DELETE /api/v1/fleet/drivers/{id}       one of them; a change needs ``If-Match``
"""

from __future__ import annotations

import asyncpg
from msgspec import UNSET, Struct, UnsetType
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Groups, Id, Name, Short
from hub.edge.api.pages import encode_cursor, page
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
from hub.edge.api.registry.thresholds import Threshold, check_thresholds
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.history.erasures import request_erasure
from hub.stores.postgres.registry.drivers import Driver, add_driver, change_driver, delete_driver, driver, drivers
from hub.stores.postgres.registry.vehicles import vehicle_of

PATH = "/api/v1/fleet/drivers"


class NewDriver(Struct, rename="camel", forbid_unknown_fields=True):
    """``staleAfter``, ``offlineAfter``: seconds without a sign of life, in place of the hub's settings."""

    driver_id: Id
    name: Name = ""
    phone: Short = ""
    groups: Groups = []
    stale_after: Threshold | None = None
    offline_after: Threshold | None = None


class DriverChange(Struct, rename="camel", forbid_unknown_fields=True):
    """Absent fields do not change. A ``disabled`` driver may not report. A ``staleAfter`` or ``offlineAfter`` of null
    is replaced by the hub's setting."""

    name: Name | UnsetType = UNSET
    phone: Short | UnsetType = UNSET
    groups: Groups | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    stale_after: Threshold | UnsetType | None = UNSET
    offline_after: Threshold | UnsetType | None = UNSET


class DriverPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    drivers: list[Driver]
    next: str | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    settings = node.settings

    def check(stored: Driver) -> None:
        """Raises ``Problem`` 422, which undoes the change."""
        check_thresholds(settings, stored.stale_after, stored.offline_after)

    async def list_drivers(call: Call[GroupedQuery, None]) -> Response:
        query = call.query
        after = query.after()
        among = node.sight.drivers(call.principal, query.groups())
        async with registry.transaction() as connection:
            found = await drivers(connection, call.fleet, query.limit, after=after, text=query.q, among=among)
        following = encode_cursor(found[-1].driver_id) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "drivers", found, following))

    async def create(call: Call[None, NewDriver]) -> Response:
        new = call.body
        async with registry.transaction() as connection:
            values = new.name, new.phone, new.stale_after, new.offline_after, in_order(new.groups)
            made = await add_driver(connection, call.fleet, new.driver_id, *values)
            if made is None:
                raise taken("driverId", f"there is a driver {new.driver_id} already")
            check(made)
            await audit(connection, call.actor, Audited.DRIVER_CREATED, made.driver_id)
        return answer(made, 201, {"location": f"{PATH}/{made.driver_id}"})

    async def read(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        async with registry.transaction() as connection:
            found = await driver(connection, call.fleet, driver_id)
        if found is None:
            raise refusal("driver", None)
        return answer(found)

    async def change(call: Call[None, DriverChange]) -> Response:
        driver_id = call.ids["driver_id"]
        version = call.version
        wanted = call.body
        async with registry.transaction() as connection:
            changed = await change_driver(
                connection,
                call.fleet,
                driver_id,
                version,
                name=given(wanted.name),
                phone=given(wanted.phone),
                disabled=given(wanted.disabled),
                groups=in_order(given(wanted.groups)),
                stale_after=wanted.stale_after,
                offline_after=wanted.offline_after,
            )
            if changed is None:
                raise refusal("driver", await driver(connection, call.fleet, driver_id))
            if not (wanted.stale_after is UNSET and wanted.offline_after is UNSET):
                check(changed)
            said = given_fields(wanted, "disabled", "stale_after", "offline_after")
            await audit(connection, call.actor, Audited.DRIVER_CHANGED, driver_id, **said)
        return answer(changed)

    async def delete(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        version = call.version
        async with registry.transaction() as connection:
            try:
                async with connection.transaction():
                    deleted = await delete_driver(connection, call.fleet, driver_id, version)
            except asyncpg.ForeignKeyViolationError as error:
                vehicle_id = await vehicle_of(connection, call.fleet, driver_id)
                raise taken("driverId", f"the driver drives the vehicle {vehicle_id}: give it another first") from error
            if not deleted:
                raise refusal("driver", await driver(connection, call.fleet, driver_id))
            until = node.clock.now()
            await request_erasure(connection, call.fleet, driver_id, until, history=False)
            await audit(connection, call.actor, Audited.DRIVER_DELETED, driver_id)
        node.removals.remove(call.fleet, driver_id, until)
        return no_content()

    one = f"{PATH}/{{driver_id}}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_drivers,
            access=Access.FLEET,
            summary="The fleet's registered drivers",
            query=GroupedQuery,
            answer=DriverPage,
        ),
        Operation(
            node.door,
            "POST",
            PATH,
            create,
            access=Access.MANAGE,
            summary="Register a driver",
            body=NewDriver,
            answer=Driver,
            status=201,
            problems=(409,),
        ),
        Operation(
            node.door,
            "GET",
            one,
            read,
            access=Access.FLEET,
            summary="One registered driver",
            answer=Driver,
            versioned=True,
        ),
        Operation(
            node.door,
            "PATCH",
            one,
            change,
            access=Access.MANAGE,
            summary="Rename, disable or enable a driver",
            body=DriverChange,
            answer=Driver,
            versioned=True,
        ),
        Operation(
            node.door,
            "DELETE",
            one,
            delete,
            access=Access.MANAGE,
            summary="Delete a driver with its phone tokens and shares, also from the live fleet; its history stays",
            status=204,
            versioned=True,
            problems=(409,),
        ),
    ]
