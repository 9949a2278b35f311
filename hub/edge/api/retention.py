"""How long a driver's positions are kept, where that differs from ``HUB_RETENTION_MONTHS``.

GET, PUT, DELETE /api/v1/drivers/{id}/retention
"""

from __future__ import annotations

from typing import Annotated

import asyncpg
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.edge.api.registry.answers import answer, no_content, refusal
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.history.erasures import has_data
from hub.stores.postgres.history.retentions import delete_retention, put_retention, retention

PATH = "/api/v1/drivers/{driver_id}/retention"


class NewRetention(Struct, rename="camel", forbid_unknown_fields=True):
    """``months``: whole months that are kept in addition to the current one; 0 keeps all."""

    months: Annotated[int, Meta(ge=0, le=1_200)]


class DriverRetention(Struct, rename="camel"):
    """``months``: whole months of positions that are kept in addition to the current one; 0 keeps all. ``own``: whether
    the driver has a retention of its own, and not that of its groups or of the setting."""

    driver_id: str
    months: int
    own: bool


def routes(node: Node, registry: Registry) -> list[Operation]:
    fleets = node.settings.retention_months

    async def check(connection: asyncpg.Connection, fleet: str, driver_id: str) -> None:
        known = driver_id in node.hub.fleet(fleet).latest or await has_data(connection, fleet, driver_id)
        known = known or await node.is_live(fleet, driver_id)
        if not known:
            raise refusal("driver", None)

    async def read(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        async with registry.transaction() as connection:
            found = await retention(connection, call.fleet, driver_id)
            if found is None:
                await check(connection, call.fleet, driver_id)
                return answer(DriverRetention(driver_id, fleets, False))
        return answer(DriverRetention(driver_id, found.months, found.own))

    async def put(call: Call[None, NewRetention]) -> Response:
        driver_id, months = call.ids["driver_id"], call.body.months
        async with registry.transaction() as connection:
            await check(connection, call.fleet, driver_id)
            await put_retention(connection, call.fleet, driver_id, months)
            await audit(connection, call.actor, Audited.RETENTION_CHANGED, driver_id, months=months)
        return answer(DriverRetention(driver_id, months, True))

    async def delete(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        async with registry.transaction() as connection:
            if not await delete_retention(connection, call.fleet, driver_id):
                raise refusal("retention of this driver", None)
            await audit(connection, call.actor, Audited.RETENTION_CHANGED, driver_id, months=None)
        return no_content()

    return [
        Operation(
            node.door,
            "GET",
            PATH,
            read,
            access=Access.FLEET,
            summary="How long a driver's positions are kept",
            answer=DriverRetention,
        ),
        Operation(
            node.door,
            "PUT",
            PATH,
            put,
            access=Access.MANAGE,
            summary="Keep a driver's positions longer or shorter than those of others",
            body=NewRetention,
            answer=DriverRetention,
        ),
        Operation(
            node.door,
            "DELETE",
            PATH,
            delete,
            access=Access.MANAGE,
            summary="Keep a driver's positions as long as those of others",
            status=204,
        ),
    ]
