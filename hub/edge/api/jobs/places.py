"""The places of a fleet: depots and customers.

GET, POST /api/v1/places                   the places in pages, or a new one
GET, PATCH, DELETE /api/v1/places/{id}     one of them; a change needs ``If-Match``
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import asyncpg
from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.fences.rings import BadShape, check
from hub.core.jobs.fields import Address, Contact, Radius, Reference, ServiceTime
from hub.core.names import Name, Notes
from hub.core.nouns import Latitude, Longitude
from hub.edge.api.jobs.changes import differs, merged, with_attributes
from hub.edge.api.pages import decode_cursor, encode_cursor, page
from hub.edge.api.registry.answers import answer, given_fields, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.settings import Settings
from hub.stores.postgres.audit import audit
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs.places import (
    Area,
    Change,
    FleetPlace,
    PlaceFields,
    add_places,
    change_places,
    count_places,
    delete_place,
    lock_places,
    place,
    places,
)

PATH = "/api/v1/places"

Called = Annotated[Name, Meta(min_length=1, examples=["Depot North"])]


class PlacesQuery(Struct):
    """``q``: text in the name, address or reference, in any case."""

    q: Name = ""
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None

    def after(self) -> tuple[str, UUID] | None:
        """Name and id after which the page begins. Raises ``Problem`` 422."""
        return None if self.cursor is None else decode_cursor(self.cursor, tuple[str, UUID])


class NewPlace(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """``reference``: the id in another system, once in a fleet. A driver has arrived within ``radius`` metres (without
    it, HUB_ARRIVAL_RADIUS), or inside the ``shape``, a Polygon or MultiPolygon of GeoJSON. ``serviceTime``: seconds
    that a job takes here."""

    name: Called
    latitude: Latitude
    longitude: Longitude
    reference: Reference | None = None
    address: Address = ""
    radius: Radius | None = None
    shape: Area | None = None
    service_time: ServiceTime | None = None
    contact: Contact | None = None
    notes: Notes = ""
    attributes: Raw = field(default_factory=Raw)


class PlaceChange(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """Absent fields do not change; ``contact`` and ``shape`` are replaced whole."""

    name: Called | UnsetType = UNSET
    latitude: Latitude | UnsetType = UNSET
    longitude: Longitude | UnsetType = UNSET
    reference: Reference | UnsetType | None = UNSET
    address: Address | UnsetType = UNSET
    radius: Radius | UnsetType | None = UNSET
    shape: Area | UnsetType | None = UNSET
    service_time: ServiceTime | UnsetType | None = UNSET
    contact: Contact | UnsetType | None = UNSET
    notes: Notes | UnsetType = UNSET
    attributes: Raw = field(default_factory=Raw)


class PlacePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    places: list[FleetPlace]
    next: str | None = None


def checked(fields: PlaceFields) -> PlaceFields:
    """The same fields. Raises ``Problem`` 422."""
    if fields.shape is not None:
        try:
            check(fields.shape, None)
        except BadShape as bad:
            raise invalid(bad.field, bad.detail) from bad
    return with_attributes(fields)


async def check_room(connection: Connection, settings: Settings, fleet: str, more: int) -> None:
    """Raises ``Problem`` 409 where a fleet would have too many places."""
    if await count_places(connection, fleet) + more > settings.max_places:
        raise taken("places", f"a fleet has at most {settings.max_places} places (HUB_MAX_PLACES)")


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_places(call: Call[PlacesQuery, None]) -> Response:
        query = call.query
        after = query.after()
        async with registry.transaction() as connection:
            found = await places(connection, call.fleet, query.limit, after=after, text=query.q)
        following = encode_cursor(found[-1].name, found[-1].place_id) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "places", found, following))

    async def create(call: Call[None, NewPlace]) -> Response:
        fields = checked(merged(PlaceFields, call.body, None))
        async with registry.transaction() as connection:
            await check_room(connection, node.settings, call.fleet, 1)
            try:
                (made,) = await add_places(connection, call.fleet, [fields])
            except asyncpg.UniqueViolationError as error:
                raise taken("reference", f"there is a place with the reference {fields.reference}") from error
            await audit(connection, call.actor, Audited.PLACE_CREATED, made.place_id)
        return answer(made, 201, {"location": f"{PATH}/{made.place_id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await place(connection, call.fleet, call.ids["place_id"])
        if found is None:
            raise refusal("place", None)
        return answer(found)

    async def change(call: Call[None, PlaceChange]) -> Response:
        async with registry.transaction() as connection:
            found = await lock_places(connection, call.fleet, [call.ids["place_id"]])
            if not found or differs(call.version, found[0]):
                raise refusal("place", found[0] if found else None)
            fields = checked(merged(PlaceFields, call.body, PlaceFields.of(found[0])))
            try:
                (changed,) = await change_places(connection, call.fleet, [Change(found[0].place_id, fields)], found)
            except asyncpg.UniqueViolationError as error:
                raise taken("reference", f"there is a place with the reference {fields.reference}") from error
            await audit(connection, call.actor, Audited.PLACE_CHANGED, changed.place_id, **given_fields(call.body))
        return answer(changed)

    async def delete(call: Plain) -> Response:
        place_id = call.ids["place_id"]
        async with registry.transaction() as connection:
            if not await delete_place(connection, call.fleet, place_id, call.version):
                raise refusal("place", await place(connection, call.fleet, place_id))
            await audit(connection, call.actor, Audited.PLACE_DELETED, place_id)
        return no_content()

    one = f"{PATH}/{{place_id}}"
    door = node.door
    return [
        Operation(
            door,
            "GET",
            PATH,
            list_places,
            access=Access.FLEET,
            summary="The fleet's places by name",
            query=PlacesQuery,
            answer=PlacePage,
        ),
        Operation(
            door,
            "POST",
            PATH,
            create,
            access=Access.FLEET,
            summary="Add a place",
            body=NewPlace,
            answer=FleetPlace,
            status=201,
            problems=(409,),
        ),
        Operation(door, "GET", one, read, access=Access.FLEET, summary="One place", answer=FleetPlace, versioned=True),
        Operation(
            door,
            "PATCH",
            one,
            change,
            access=Access.FLEET,
            summary="Change a place; jobs keep the location that they have",
            body=PlaceChange,
            answer=FleetPlace,
            versioned=True,
            problems=(409,),
        ),
        Operation(
            door,
            "DELETE",
            one,
            delete,
            access=Access.FLEET,
            summary="Delete a place; its jobs stay",
            status=204,
            versioned=True,
        ),
    ]
