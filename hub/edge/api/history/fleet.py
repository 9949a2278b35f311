"""Trips and stops of a whole fleet: JSON in pages, or the whole span as CSV.

GET /api/v1/trips       the trips that began in a span, of all drivers or one
GET /api/v1/stops       the stops
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import asyncpg
import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response, StreamingResponse

from hub.core.audit import Audited
from hub.core.nouns import ID_PATTERN
from hub.edge.api.history.past import Past
from hub.edge.api.history.trips import TripPage
from hub.edge.api.pages import Instant, Span, accepted, decode_cursor, encode_cursor, page, written
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.pieces import Slices
from hub.edge.http.problems import Problem, invalid
from hub.stores.postgres.history.reads import fleet_stops, fleet_trips
from hub.stores.postgres.places.names import Name
from hub.wire.files.tables import EXTENSION, MEDIA_TYPE, Table
from hub.wire.stored import Stop, Trip
from hub.wire.validation import Code

PIECE = 200
"""Rows of a file that are read at a time."""

PAUSE = 0.005
"""Seconds between two pieces: a file may take a little longer, a live position may not."""


class FleetQuery(Span):
    """``driverId``: only this driver. A file contains the whole span and has no pages."""

    limit: Annotated[int, Meta(ge=1, le=500)] | None = None
    cursor: str | None = None
    driver_id: str | None = msgspec.field(default=None, name="driverId")
    format: Literal["json", "csv"] | None = None


class StopPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    stops: list[Stop]
    next: str | None = None


def routes(past: Past) -> list[Operation]:
    settings, slices = past.node.settings, past.node.slices

    def listing(
        name: str, read: Callable[..., Awaitable[list[Any]]], table: Table, exported: Audited
    ) -> Callable[..., Any]:
        """A handler that lists the rows of ``read``; ``exported`` is how a file of them is audited."""

        async def handler(call: Call[FleetQuery, None]) -> Response:
            query = call.query
            since, until = query.resolve(settings, call.fleet)
            if query.driver_id is not None and not ID_PATTERN.match(query.driver_id):
                raise invalid("driverId", "must be a driver id: 1 to 64 letters, digits and . _ : -", Code.PATTERN)
            wanted = query.format or accepted(call.request, (MEDIA_TYPE, "application/json"))
            file = wanted in (EXTENSION, MEDIA_TYPE)
            if file and (query.limit is not None or query.cursor is not None):
                raise invalid("format", "a file has no pages: leave out limit and cursor")
            seen = past.node.sight.drivers(call.principal)
            limit = PIECE if file else query.limit or 100
            start, after = since, ""
            if query.cursor is not None:
                start, after = decode_cursor(query.cursor, tuple[Instant, str])
                if start < since or (after and not ID_PATTERN.match(after)):
                    raise invalid("cursor", "belongs to another query")

            async def rows(connection: asyncpg.Connection, start: datetime, after: str) -> tuple[list[Any], Name]:
                found = await read(
                    connection, call.fleet, start, until, limit, driver_id=query.driver_id, after=after, drivers=seen
                )
                return found, await past.places.naming(connection, found, fill=not file)

            async def following(start: datetime, after: str) -> list[Any]:
                found, named = await past.read(call, lambda connection: rows(connection, start, after))
                await past.name(found, named)
                return found

            if file:
                said = {"format": EXTENSION, "from": written(since), "to": written(until)}
                if query.driver_id is not None:
                    said["driverId"] = query.driver_id
                await past.audit(call, exported, call.fleet, **said)
            found = await following(start, after)
            if file:
                headers = {"content-disposition": f'attachment; filename="{name}.{EXTENSION}"'}
                return StreamingResponse(_written(slices, table, found, following), 200, headers, MEDIA_TYPE)
            last = found[-1] if len(found) == limit else None
            cursor = encode_cursor(last.started_at, last.driver_id) if last else None
            return await page(slices, call.request, name, found, cursor, {"from": written(since), "to": written(until)})

        return handler

    return [
        Operation(
            past.node.door,
            "GET",
            "/api/v1/trips",
            listing("trips", fleet_trips, Table(Trip, {"path"}), Audited.TRIPS_EXPORTED),
            access=Access.DRIVER,
            summary="Trips of all drivers that began in a span, in time order, in pages or as a file",
            query=FleetQuery,
            answer=TripPage,
            media=(MEDIA_TYPE,),
        ),
        Operation(
            past.node.door,
            "GET",
            "/api/v1/stops",
            listing("stops", fleet_stops, Table(Stop), Audited.STOPS_EXPORTED),
            access=Access.DRIVER,
            summary="Stops of all drivers that began in a span, in time order, in pages or as a file",
            query=FleetQuery,
            answer=StopPage,
            media=(MEDIA_TYPE,),
        ),
    ]


async def _written(
    slices: Slices, table: Table, found: list[Any], following: Callable[[datetime, str], Awaitable[list[Any]]]
) -> AsyncIterator[bytes]:
    """The file. A connection is held for each piece only, however slowly the client reads. If the history stops
    answering, the response is cut off, which the client notices."""
    yield table.head()
    try:
        while True:
            count, last = len(found), found[-1] if found else None
            async for text in slices.written(found, table.rows):
                yield text
            if last is None or count < PIECE:
                return
            await asyncio.sleep(PAUSE)
            found = await following(last.started_at, last.driver_id)
    except Problem as problem:
        raise ConnectionAbortedError(problem.detail) from problem
