"""Positions inside a box, and the drivers that were there.

GET /api/v1/positions           every position inside a box, in time order
GET /api/v1/positions/drivers   the drivers that were inside, since when and until when
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.nouns import ID_PATTERN, Latitude, Longitude
from hub.edge.api.history.past import Past
from hub.edge.api.pages import Instant, Span, decode_cursor, encode_cursor, listed, page, written
from hub.edge.api.registry.answers import groups_of
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.problems import invalid
from hub.stores.postgres.history.reads import (
    MANY_TILES,
    PLACE_BEFORE_ALL,
    BBox,
    count_tiles,
    e7,
    positions_inside,
    who_was_inside,
)
from hub.wire.stored import Inside, StoredPosition

Int4 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
"""A coordinate of a cursor, as PostgreSQL takes it."""

_NUMBER = r"-?[0-9]+(\.[0-9]+)?"


class _Box(Struct):
    bbox: tuple[Longitude, Latitude, Longitude, Latitude]


class InsideQuery(Span):
    """``bbox`` is ``west,south,east,north``; west > east crosses the antimeridian. ``group``: names of groups,
    separated
    by commas."""

    bbox: Annotated[
        str,
        Meta(
            description="`west,south,east,north` in degrees",
            examples=["55,25,56,25.5"],
            extra_json_schema={"pattern": rf"^{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}$"},
        ),
    ]
    group: str | None = None


class PositionsQuery(InsideQuery):
    limit: Annotated[int, Meta(ge=1, le=5_000)] = 1_000
    cursor: str | None = None


class PositionPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    positions: list[StoredPosition]
    next: str | None = None


class InsideList(Struct, rename="camel"):
    """Drivers that were inside, since when and until when."""

    drivers: list[Inside]


def box_of(text: str) -> BBox:
    """The box of a parameter. Raises ``Problem`` 422."""
    try:
        bbox = msgspec.convert({"bbox": text.split(",")}, _Box, strict=False).bbox
    except msgspec.ValidationError as error:
        raise invalid("bbox", "must be west,south,east,north in degrees") from error
    if bbox[1] > bbox[3]:
        raise invalid("bbox", "south must be at most north")
    return bbox


def routes(past: Past) -> list[Operation]:
    settings = past.node.settings

    def seen(call: Call[Any, None]) -> list[str] | None:
        """The drivers that are asked for and may be seen; None for all."""
        return past.node.sight.drivers(call.principal, groups_of(call.query.group))

    async def positions(call: Call[PositionsQuery, None]) -> Response:
        query = call.query
        bbox = box_of(query.bbox)
        if count_tiles(bbox) > MANY_TILES:
            raise invalid("bbox", "must be smaller: at most about 300 by 300 kilometres")
        since, until = query.resolve(settings, call.fleet)
        start, after = since, ("", *PLACE_BEFORE_ALL)
        if query.cursor is not None:
            cursor = decode_cursor(query.cursor, tuple[Instant, str, Int4, Int4])
            if not ID_PATTERN.match(cursor[1]):
                raise invalid("cursor", "is not a cursor of this hub")
            start, after = max(since, cursor[0]), cursor[1:]
        among = seen(call)
        found = await past.read(
            call,
            lambda connection: positions_inside(
                connection, call.fleet, bbox, start, until, query.limit, after, drivers=among
            ),
        )
        last = found[-1] if len(found) == query.limit else None
        following = encode_cursor(last.recorded_at, last.driver_id, *e7(last)) if last else None
        return await page(
            past.node.slices,
            call.request,
            "positions",
            found,
            following,
            {"from": written(since), "to": written(until)},
        )

    async def drivers(call: Call[InsideQuery, None]) -> Response:
        query = call.query
        bbox = box_of(query.bbox)
        since, until = query.resolve(settings, call.fleet)
        among = seen(call)
        found = await past.read(
            call, lambda connection: who_was_inside(connection, call.fleet, bbox, since, until, drivers=among)
        )
        return listed("drivers", found)

    return [
        Operation(
            past.node.door,
            "GET",
            "/api/v1/positions",
            positions,
            access=Access.FLEET,
            summary="Every position inside a box, in time order",
            query=PositionsQuery,
            answer=PositionPage,
        ),
        Operation(
            past.node.door,
            "GET",
            "/api/v1/positions/drivers",
            drivers,
            access=Access.FLEET,
            summary="The drivers that were inside a box",
            query=InsideQuery,
            answer=InsideList,
        ),
    ]
