"""``GET /api/v1/fleet/groups``: the groups of the fleet. A group exists while a driver or a vehicle names it."""

from __future__ import annotations

from msgspec import Struct
from starlette.responses import Response

from hub.edge.api.registry.answers import answer
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.node import Node
from hub.stores.postgres.registry.groups import Group, groups


class GroupList(Struct):
    """The groups by name; for a user that is limited to groups, these."""

    groups: list[Group]


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_groups(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await groups(connection, call.fleet)
        seen = call.principal.groups
        return answer(GroupList([group for group in found if seen is None or group.name in seen]))

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/fleet/groups",
            list_groups,
            access=Access.FLEET,
            summary="The groups of the fleet's drivers and vehicles",
            answer=GroupList,
        )
    ]
