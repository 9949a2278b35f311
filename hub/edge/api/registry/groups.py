"""The groups of the fleet. A group exists while a driver or a vehicle names it, or while it has settings.

GET              /api/v1/fleet/groups
GET, PUT, DELETE /api/v1/fleet/groups/{group}
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.edge.api.registry.answers import answer, no_content, refusal
from hub.edge.api.registry.database import Registry
from hub.edge.api.registry.thresholds import Threshold, check_thresholds
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.registry.groups import Group, delete_settings, groups, put_settings

PATH = "/api/v1/fleet/groups"


class GroupList(Struct):
    """The groups by name; for a user that is limited to groups, these."""

    groups: list[Group]


class GroupSettings(Struct, rename="camel", forbid_unknown_fields=True):
    """Of the drivers in the group that have none of their own; null or absent: as the hub's settings.
    ``retentionMonths``: whole months of positions that are kept in addition to the current one; 0 keeps all."""

    stale_after: Threshold | None = None
    offline_after: Threshold | None = None
    retention_months: Annotated[int, Meta(ge=0, le=1_200)] | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_groups(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await groups(connection, call.fleet)
        seen = call.principal.groups
        return answer(GroupList([group for group in found if seen is None or group.name in seen]))

    async def read(call: Plain) -> Response:
        name, seen = call.ids["group"], call.principal.groups
        async with registry.transaction() as connection:
            found = await groups(connection, call.fleet, name) if seen is None or name in seen else []
        if not found:
            raise refusal("group", None)
        return answer(found[0])

    async def put(call: Call[None, GroupSettings]) -> Response:
        name, wanted = call.ids["group"], call.body
        check_thresholds(node.settings, wanted.stale_after, wanted.offline_after)
        values = wanted.stale_after, wanted.offline_after, wanted.retention_months
        async with registry.transaction() as connection:
            await put_settings(connection, call.fleet, name, *values)
            details = {"stale_after": values[0], "offline_after": values[1], "months": values[2]}
            await audit(connection, call.actor, Audited.GROUP_CHANGED, name, **details)
            (group,) = await groups(connection, call.fleet, name)
        return answer(group)

    async def delete(call: Plain) -> Response:
        name = call.ids["group"]
        async with registry.transaction() as connection:
            if not await delete_settings(connection, call.fleet, name):
                raise refusal("group with settings of its own", None)
            nothing = {"stale_after": None, "offline_after": None, "months": None}
            await audit(connection, call.actor, Audited.GROUP_CHANGED, name, **nothing)
        return no_content()

    one = PATH + "/{group}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_groups,
            access=Access.FLEET,
            summary="The groups of the fleet's drivers and vehicles",
            answer=GroupList,
        ),
        Operation(
            node.door,
            "GET",
            one,
            read,
            access=Access.FLEET,
            summary="A group with its thresholds and retention",
            answer=Group,
        ),
        Operation(
            node.door,
            "PUT",
            one,
            put,
            access=Access.MANAGE,
            summary="Set the thresholds and the retention of a group",
            body=GroupSettings,
            answer=Group,
        ),
        Operation(
            node.door,
            "DELETE",
            one,
            delete,
            access=Access.MANAGE,
            summary="Remove the thresholds and the retention of a group",
            status=204,
        ),
    ]
