"""The state of a driver: free, busy or off duty.

GET, PUT /api/v1/drivers/{id}/state     a change needs ``If-Match``
"""

from __future__ import annotations

import asyncpg
from msgspec import Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.live.facts.states import DriverState
from hub.core.principal import SUBSCRIBERS
from hub.edge.api.registry.answers import answer, refusal
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.versions import stale
from hub.edge.node import Node
from hub.edge.roster.states import apply
from hub.stores.postgres.audit import audit
from hub.stores.postgres.registry.drivers import driver
from hub.stores.postgres.registry.states import StoredState, put_state, state

PATH = "/api/v1/drivers/{driver_id}/state"


class NewState(Struct, rename="camel", forbid_unknown_fields=True):
    """``state``: free, busy or off_duty."""

    state: DriverState


def routes(node: Node, registry: Registry) -> list[Operation]:
    hub = node.hub

    async def check(connection: asyncpg.Connection, fleet: str, driver_id: str) -> None:
        """Raises ``Problem`` 404 for a driver that is not registered and never had a position."""
        known = driver_id in hub.fleet(fleet).latest or await driver(connection, fleet, driver_id) is not None
        if not (known or await node.is_live(fleet, driver_id)):
            raise refusal("driver", None)

    async def read(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        async with registry.transaction() as connection:
            found = await state(connection, call.fleet, driver_id)
            if found.version == 0:
                await check(connection, call.fleet, driver_id)
        return answer(found)

    async def change(call: Call[None, NewState]) -> Response:
        driver_id = call.ids["driver_id"]
        version = call.version
        wanted = call.body.state
        async with registry.transaction() as connection:
            await check(connection, call.fleet, driver_id)
            put = await put_state(connection, call.fleet, driver_id, version, wanted)
            if put is None:
                raise stale((await state(connection, call.fleet, driver_id)).version)
            stored, changed = put
            # Drivers report their own state.
            if changed and call.principal.role in SUBSCRIBERS:
                await audit(connection, call.actor, Audited.STATE_CHANGED, driver_id, state=stored.state)
        apply(hub, call.fleet, stored)
        return answer(stored)

    return [
        Operation(
            node.door,
            "GET",
            PATH,
            read,
            access=Access.DRIVER,
            summary="The state of a driver",
            answer=StoredState,
            versioned=True,
        ),
        Operation(
            node.door,
            "PUT",
            PATH,
            change,
            access=Access.DRIVER,
            summary="Set the state of a driver",
            body=NewState,
            answer=StoredState,
            versioned=True,
        ),
    ]
