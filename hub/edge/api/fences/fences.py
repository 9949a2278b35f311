"""The fences of a fleet.

GET, POST /api/v1/fences                    the fences in pages, or a new one
GET, PATCH, DELETE /api/v1/fences/{id}      one of them; a change needs ``If-Match``
POST /api/v1/fences/{id}/backfill           let it count for the past, too
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Name
from hub.edge.api.fences.bodies import FenceChange, NewFence, fields_of
from hub.edge.api.pages import Instant, decode_cursor, encode_cursor, page, written
from hub.edge.api.registry.answers import answer, given_fields, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.edge.node import Node
from hub.settings import Settings
from hub.stores.postgres.audit import audit
from hub.stores.postgres.fences.definitions import (
    FIRST,
    Fence,
    add_fences,
    change_fence,
    count,
    delete_fence,
    fence,
    fences,
    lock_fence,
    new_fence,
    open_earlier,
    valid_since,
)

PATH = "/api/v1/fences"

FIRST_POSITION = datetime(1970, 1, 1, tzinfo=UTC)
"""Before all positions that a hub accepts."""


class FencesQuery(Struct):
    """``q``: text in the name or category, in any case."""

    q: Name = ""
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None

    def after(self) -> UUID:
        """Id after which the page begins. Raises ``Problem`` 422."""
        return FIRST if self.cursor is None else decode_cursor(self.cursor, tuple[UUID])[0]


class FencePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    fences: list[Fence]
    next: str | None = None


class Backfill(Struct, rename={"since": "from"}, forbid_unknown_fields=True):
    """``from``: the ``recordedAt`` from which the fence counts; all stored positions without it."""

    since: Instant | None = None


class Backfilled(Struct, rename="camel"):
    """The fence counts since ``valid_from``; the recorder makes its visits in the background."""

    fence_id: UUID
    valid_from: datetime


async def check_room(connection: asyncpg.Connection, settings: Settings, fleet: str, more: int) -> None:
    """Raises ``Problem`` 409 where a fleet would have too many fences."""
    if await count(connection, fleet) + more > settings.max_fences:
        raise taken("fences", f"a fleet has at most {settings.max_fences} fences (HUB_MAX_FENCES)")


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_fences(call: Call[FencesQuery, None]) -> Response:
        query = call.query
        after = query.after()
        async with registry.transaction() as connection:
            found = await fences(connection, call.fleet, query.limit, after=after, text=query.q)
        following = encode_cursor(found[-1].fence_id) if len(found) == query.limit else None
        shown = [one for fence in found if (one := node.sight.watching(call.principal, fence)) is not None]
        return unstored(await page(node.slices, call.request, "fences", shown, following))

    async def create(call: Call[None, NewFence]) -> Response:
        fields = fields_of(call.body)
        async with registry.transaction() as connection:
            await check_room(connection, node.settings, call.fleet, 1)
            (made,) = await add_fences(connection, call.fleet, [new_fence(fields)])
            await audit(connection, call.actor, Audited.FENCE_CREATED, made.fence_id)
        return answer(made, 201, {"location": f"{PATH}/{made.fence_id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await fence(connection, call.fleet, call.ids["fence_id"])
        shown = None if found is None else node.sight.watching(call.principal, found)
        if shown is None:
            raise refusal("fence", None)
        return answer(shown)

    async def change(call: Call[None, FenceChange]) -> Response:
        async with registry.transaction() as connection:
            before = await lock_fence(connection, call.fleet, call.ids["fence_id"])
            if before is None or (call.version is not None and before.version != call.version):
                raise refusal("fence", before)
            changed = await change_fence(connection, call.fleet, before, fields_of(call.body, before))
            await audit(connection, call.actor, Audited.FENCE_CHANGED, changed.fence_id, **given_fields(call.body))
        return answer(changed)

    async def delete(call: Plain) -> Response:
        fence_id = call.ids["fence_id"]
        async with registry.transaction() as connection:
            if not await delete_fence(connection, call.fleet, fence_id, call.version):
                raise refusal("fence", await fence(connection, call.fleet, fence_id))
            await audit(connection, call.actor, Audited.FENCE_DELETED, fence_id)
        return no_content()

    async def backfill(call: Call[None, Backfill]) -> Response:
        fence_id = call.ids["fence_id"]
        since = max(call.body.since or FIRST_POSITION, FIRST_POSITION).astimezone(UTC)
        async with registry.transaction() as connection:
            valid = await valid_since(connection, call.fleet, fence_id)
            if valid is None:
                raise Problem(404, "there is no such fence")
            if since >= valid:
                raise invalid("from", f"must be before {valid.isoformat()}, since when the fence counts already")
            await open_earlier(connection, call.fleet, fence_id, since)
            said = {"from": written(since)}
            await audit(connection, call.actor, Audited.FENCE_BACKFILLED, fence_id, **said)
        return answer(Backfilled(fence_id, since), 202)

    one = f"{PATH}/{{fence_id}}"
    door = node.door
    return [
        Operation(
            door,
            "GET",
            PATH,
            list_fences,
            access=Access.FLEET,
            summary="The fleet's fences",
            query=FencesQuery,
            answer=FencePage,
        ),
        Operation(
            door,
            "POST",
            PATH,
            create,
            access=Access.MANAGE,
            summary="Add a fence",
            body=NewFence,
            answer=Fence,
            status=201,
            problems=(409,),
        ),
        Operation(door, "GET", one, read, access=Access.FLEET, summary="One fence", answer=Fence, versioned=True),
        Operation(
            door,
            "PATCH",
            one,
            change,
            access=Access.MANAGE,
            summary="Change a fence; visits of the past stay",
            body=FenceChange,
            answer=Fence,
            versioned=True,
        ),
        Operation(
            door,
            "DELETE",
            one,
            delete,
            access=Access.MANAGE,
            summary="Delete a fence; its visits stay",
            status=204,
            versioned=True,
        ),
        Operation(
            door,
            "POST",
            f"{one}/backfill",
            backfill,
            access=Access.MANAGE,
            summary="Find the visits of a fence since a time in the past",
            body=Backfill,
            answer=Backfilled,
            status=202,
        ),
    ]
