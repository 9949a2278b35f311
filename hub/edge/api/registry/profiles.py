"""Notes about registered drivers, and their photos.

GET, PATCH /api/v1/fleet/drivers/{id}/profile      the notes; a change needs ``If-Match``
GET, PUT, DELETE /api/v1/fleet/drivers/{id}/photo  the photo, a JPEG
"""

from __future__ import annotations

import asyncio

import asyncpg
from msgspec import UNSET, Struct, UnsetType
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Notes
from hub.edge.api.registry.answers import NO_STORE, answer, given, given_fields, no_content, refusal
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.registry.profiles import Profile, delete_photo, photo, profile, put_notes, put_photo
from hub.wire.files.jpeg import NotJpeg, read_jpeg

PATH = "/api/v1/fleet/drivers/{driver_id}/profile"
PHOTO = "/api/v1/fleet/drivers/{driver_id}/photo"

MEDIA = "image/jpeg"

SAFE = {**NO_STORE, "content-security-policy": "default-src 'none'; sandbox", "content-disposition": "inline"}
"""Headers of a photo: a browser that opens its address runs nothing, whatever the bytes are."""


class ProfileChange(Struct, rename="camel", forbid_unknown_fields=True):
    """``notes``: at most 2,000 characters in any number of lines; absent, they do not change."""

    notes: Notes | UnsetType = UNSET


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def stored(connection: asyncpg.Connection, fleet: str, driver_id: str) -> Profile:
        """Raises ``Problem`` 404 for a driver that is not registered."""
        found = await profile(connection, fleet, driver_id)
        if found is None:
            raise refusal("driver", None)
        return found

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await stored(connection, call.fleet, call.ids["driver_id"])
        return answer(found)

    async def change(call: Call[None, ProfileChange]) -> Response:
        driver_id, version = call.ids["driver_id"], call.version
        async with registry.transaction() as connection:
            try:
                async with connection.transaction():
                    put = await put_notes(connection, call.fleet, driver_id, version, given(call.body.notes))
            except asyncpg.ForeignKeyViolationError as error:
                raise refusal("driver", None) from error
            found = await stored(connection, call.fleet, driver_id)
            if not put:
                raise refusal("driver", found)
            await audit(connection, call.actor, Audited.DRIVER_CHANGED, driver_id, **given_fields(call.body))
        return answer(found)

    async def read_photo(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await photo(connection, call.fleet, call.ids["driver_id"])
        if found is None:
            raise refusal("photo", None)
        return Response(found, media_type=MEDIA, headers=SAFE)

    async def change_photo(call: Call[None, bytes]) -> Response:
        driver_id = call.ids["driver_id"]
        try:
            # In a thread: bytes that were made for it take milliseconds.
            read = await asyncio.to_thread(read_jpeg, call.body)
        except NotJpeg as error:
            raise invalid("body", f"must be a JPEG: {error}") from error
        async with registry.transaction() as connection:
            try:
                async with connection.transaction():
                    await put_photo(connection, call.fleet, driver_id, read.content, (read.width, read.height))
            except asyncpg.ForeignKeyViolationError as error:
                raise refusal("driver", None) from error
            await audit(connection, call.actor, Audited.DRIVER_CHANGED, driver_id, fields=["photo"])
            found = await stored(connection, call.fleet, driver_id)
        return answer(found)

    async def remove_photo(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        async with registry.transaction() as connection:
            if not await delete_photo(connection, call.fleet, driver_id):
                raise refusal("photo", None)
            await audit(connection, call.actor, Audited.DRIVER_CHANGED, driver_id, fields=["photo"])
        return no_content()

    return [
        Operation(
            node.door,
            "GET",
            PATH,
            read,
            access=Access.FLEET,
            summary="Notes about a registered driver, and what is known of its photo",
            answer=Profile,
            versioned=True,
        ),
        Operation(
            node.door,
            "PATCH",
            PATH,
            change,
            access=Access.FLEET,
            summary="Change the notes about a registered driver",
            body=ProfileChange,
            answer=Profile,
            versioned=True,
        ),
        Operation(
            node.door,
            "GET",
            PHOTO,
            read_photo,
            access=Access.FLEET,
            summary="The photo of a registered driver",
            media=(MEDIA,),
        ),
        Operation(
            node.door,
            "PUT",
            PHOTO,
            change_photo,
            access=Access.MANAGE,
            summary="Set the photo of a registered driver; metadata but the orientation is removed",
            body=str,
            decode=bytes,
            longest=lambda settings: settings.max_photo_bytes,
            body_media=MEDIA,
            answer=Profile,
        ),
        Operation(
            node.door,
            "DELETE",
            PHOTO,
            remove_photo,
            access=Access.MANAGE,
            summary="Delete the photo of a registered driver",
            status=204,
        ),
    ]
