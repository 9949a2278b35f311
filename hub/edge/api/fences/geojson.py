"""Fences as a GeoJSON FeatureCollection (RFC 7946), as other programs draw them.

GET /api/v1/fences.geojson      all fences of the fleet
POST /api/v1/fences.geojson     new fences from the features, all or none
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct, field
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.fences.shapes import FenceRules, FenceWatch, Shape
from hub.core.names import Short
from hub.edge.api.fences.bodies import Called, Colour, Radius, checked
from hub.edge.api.fences.fences import check_room
from hub.edge.api.pages import page
from hub.edge.api.registry.answers import unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.pieces import Pieces
from hub.edge.http.problems import faulty, invalid
from hub.edge.http.requests import document_of
from hub.edge.node import Node
from hub.stores.postgres.audit import audit_each
from hub.stores.postgres.fences.definitions import FIRST, Fence, FenceFields, add_fences, fences, new_fence
from hub.wire.validation import NOT_DECODED, Code, fault_of

MOST = 1_000
"""Fences that are imported at once, in one transaction, each with an entry in the audit log."""

TOGETHER = 100
"""Fences that one statement adds: to hand over more at once would hold the loop."""

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
    """A FeatureCollection of GeoJSON, of at most 1,000 features and HUB_MAX_IMPORT_BYTES."""

    type: Literal["FeatureCollection"]
    features: Annotated[list[FenceFeature], Meta(min_length=1)]


class Undecoded(Struct):
    """The same with features that are not decoded yet: to decode all at once would hold the loop for a tenth of a
    second."""

    type: Literal["FeatureCollection"]
    features: Annotated[list[Raw], Meta(min_length=1)]


class ImportedFences(Struct):
    """The new fences, in the order of the features."""

    fences: list[Fence]


_feature = msgspec.json.Decoder(FenceFeature)


def feature(fence: Fence) -> dict[str, Any]:
    """A fence as a feature: what the import reads, with the id, and the version and instants as further properties."""
    properties = msgspec.to_builtins(fence, builtin_types=(Raw,))
    id, geometry = properties.pop("fenceId"), properties.pop("shape")
    return {"type": "Feature", "id": str(id), "geometry": geometry, "properties": properties}


def _fields(raw: Raw, path: str) -> FenceFields:
    """The checked fields of a feature. Raises ``Problem`` 422; ``path`` comes before the names of fields."""
    try:
        feature = _feature.decode(raw)
    except NOT_DECODED as error:
        fault = fault_of(error, FenceFeature)
        raise faulty(fault._replace(field=f"{path}.{fault.field}" if fault.field else path)) from error
    properties = feature.properties
    values: dict[str, Any] = {name: getattr(properties, name, None) for name in FenceFields.__struct_fields__}
    return checked(FenceFields(**values | {"shape": feature.geometry}), f"{path}.")


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

    async def take_in(call: Call[None, Undecoded]) -> Response:
        if len(call.body.features) > MOST:
            raise invalid("features", f"must have at most {MOST} items", Code.TOO_LONG)
        wanted = []
        for n, raw in enumerate(call.body.features):
            async with node.slices.slice():
                wanted.append(new_fence(_fields(raw, f"features[{n}]")))
        made: list[Fence] = []
        async with registry.transaction() as connection:
            await check_room(connection, node.settings, call.fleet, len(wanted))
            for start in range(0, len(wanted), TOGETHER):
                added = await add_fences(connection, call.fleet, wanted[start : start + TOGETHER])
                await audit_each(connection, call.actor, Audited.FENCE_CREATED, [one.fence_id for one in added])
                made += added
        created = unstored(await page(node.slices, call.request, "fences", made, None))
        created.status_code = 201
        return created

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
            decode=partial(document_of, kind=Undecoded),
            longest=lambda settings: settings.max_import_bytes,
            answer=ImportedFences,
            status=201,
            problems=(409,),
        ),
    ]
