"""Fences as a GeoJSON FeatureCollection (RFC 7946), as other programs draw them.

GET /api/v1/fences.geojson      all fences of the fleet
POST /api/v1/fences.geojson     new fences from the features, all or none
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct, field
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.fences.shapes import FenceRules, FenceWatch, Shape
from hub.core.names import Short
from hub.edge.api.fences.bodies import Called, Colour, Radius, checked
from hub.edge.api.fences.fences import check_room
from hub.edge.api.registry.answers import answer, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.pieces import Pieces
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.fences.definitions import FIRST, Fence, FenceFields, add_fence, fences
from hub.wire.validation import Code

MOST = 1_000
"""Fences that are imported at once, in one transaction, each with an entry in the audit log."""

PAGE = 500

HEAD = b'{"type":"FeatureCollection","features":['


class FenceProperties(Struct, rename="camel", omit_defaults=True):
    """The fields of a fence besides its shape. Other properties are ignored."""

    name: Called
    radius: Radius | None = None
    rules: FenceRules = FenceRules()
    watch: FenceWatch = FenceWatch()
    colour: Colour | None = None
    category: Short | None = None
    attributes: Raw = field(default_factory=Raw)


class FenceFeature(Struct):
    """A feature of GeoJSON; its id is ignored."""

    type: Literal["Feature"]
    geometry: Shape
    properties: FenceProperties


class FenceCollection(Struct):
    """A FeatureCollection of GeoJSON, of at most 1,000 features and HUB_MAX_BODY_BYTES."""

    type: Literal["FeatureCollection"]
    features: Annotated[list[FenceFeature], Meta(min_length=1)]


class ImportedFences(Struct):
    """The new fences, in the order of the features."""

    fences: list[Fence]


def feature(fence: Fence) -> dict[str, Any]:
    """A fence as a feature: what the import reads, with the id, and the version and instants as further properties."""
    properties = msgspec.to_builtins(fence, builtin_types=(Raw,))
    id, geometry = properties.pop("fenceId"), properties.pop("shape")
    return {"type": "Feature", "id": str(id), "geometry": geometry, "properties": properties}


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def export(call: Plain) -> Response:
        found: list[Fence] = []
        after = FIRST
        while True:
            async with registry.transaction() as connection:
                some = await fences(connection, call.fleet, PAGE, after=after)
            found += [one for fence in some if (one := node.sight.watching(call.principal, fence)) is not None]
            if len(some) < PAGE:
                break
            after = some[-1].fence_id

        def features(piece: Sequence[Fence]) -> bytes:
            return b",".join(msgspec.json.encode(feature(fence)) for fence in piece)

        pieces = await node.slices.encode(found, features, between=b",")
        return unstored(Pieces([HEAD, *pieces, b"]}"], media_type="application/geo+json"))

    async def take_in(call: Call[None, FenceCollection]) -> Response:
        if len(call.body.features) > MOST:
            raise invalid("features", f"must have at most {MOST} items", Code.TOO_LONG)
        wanted = []
        for n, feature in enumerate(call.body.features):
            properties = feature.properties
            values: dict[str, Any] = {name: getattr(properties, name, None) for name in FenceFields.__struct_fields__}
            async with node.slices.slice():
                wanted.append(checked(FenceFields(**values | {"shape": feature.geometry}), f"features[{n}]."))
        made = []
        async with registry.transaction() as connection:
            await check_room(connection, node.settings, call.fleet, len(wanted))
            for fields in wanted:
                one = await add_fence(connection, call.fleet, fields)
                await audit(connection, call.actor, Audited.FENCE_CREATED, one.fence_id)
                made.append(one)
        return answer(ImportedFences(made), 201)

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/fences.geojson",
            export,
            access=Access.FLEET,
            summary="The fleet's fences as GeoJSON",
            media=("application/geo+json",),
        ),
        Operation(
            node.door,
            "POST",
            "/api/v1/fences.geojson",
            take_in,
            access=Access.MANAGE,
            summary="Add fences from a GeoJSON FeatureCollection, all or none",
            body=FenceCollection,
            answer=ImportedFences,
            status=201,
            problems=(409,),
        ),
    ]
