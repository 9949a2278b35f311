"""Removing a driver from the live fleet, and erasing its history; for admins.

DELETE /api/v1/drivers/{id}/live        no longer on the map, in lists, feeds and Redis, until its next fix
DELETE /api/v1/drivers/{id}/history     erase what was recorded or received until now
GET /api/v1/erasures/{id}               how far an erasure is
"""

from __future__ import annotations

from starlette.responses import Response

from hub.core.audit import Audited
from hub.edge.api.registry.answers import answer, no_content, refusal
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.history.erasures import Erasure, erasure, has_data, request_erasure

PATH = "/api/v1/erasures"


def routes(node: Node, registry: Registry) -> list[Operation]:
    hub, removals = node.hub, node.removals

    async def remove(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        if driver_id not in hub.fleet(call.fleet).latest:
            raise refusal("live driver", None)
        until = node.clock.now()
        async with registry.transaction() as connection:
            await request_erasure(connection, call.fleet, driver_id, until, history=False)
            await audit(connection, call.actor, Audited.DRIVER_REMOVED, driver_id)
        removals.remove(call.fleet, driver_id, until)
        return no_content()

    async def erase(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        until = node.clock.now()
        async with registry.transaction() as connection:
            known = driver_id in hub.fleet(call.fleet).latest or await has_data(connection, call.fleet, driver_id)
            if not (known or await node.is_live(call.fleet, driver_id)):
                raise refusal("driver", None)
            made = await request_erasure(connection, call.fleet, driver_id, until, history=True)
            await audit(connection, call.actor, Audited.HISTORY_ERASED, driver_id, erasureId=str(made.id))
        removals.apply(call.fleet, driver_id, until, until)
        return answer(made, 202, {"location": f"{PATH}/{made.id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await erasure(connection, call.fleet, call.ids["erasure_id"])
        if found is None:
            raise refusal("erasure", None)
        if found.finished_at is not None:
            # A history that is read from now on must be without it, also that of a standby.
            node.writes.note(call.fleet)
        return answer(found)

    return [
        Operation(
            node.door,
            "DELETE",
            "/api/v1/drivers/{driver_id}/live",
            remove,
            access=Access.MANAGE,
            live=True,
            summary="Remove a driver from the live fleet until its next fix",
            status=204,
        ),
        Operation(
            node.door,
            "DELETE",
            "/api/v1/drivers/{driver_id}/history",
            erase,
            access=Access.MANAGE,
            summary="Erase everything that was recorded or received of a driver until now",
            answer=Erasure,
            status=202,
        ),
        Operation(
            node.door,
            "GET",
            f"{PATH}/{{erasure_id}}",
            read,
            access=Access.MANAGE,
            summary="How far an erasure is",
            answer=Erasure,
        ),
    ]
