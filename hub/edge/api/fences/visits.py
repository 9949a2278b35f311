"""Visits and crossings, as the recorder keeps them.

GET /api/v1/visits                      visits that began in a span, in pages or as CSV
GET /api/v1/crossings                   passes through a fence without a visit
GET /api/v1/fences/{id}/drivers         who is inside a fence now
GET /api/v1/drivers/{id}/fences         the fences that a driver is inside of now
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response, StreamingResponse

from hub.core.audit import Audited
from hub.core.nouns import ID_PATTERN
from hub.edge.api.history.past import Past
from hub.edge.api.pages import Instant, Span, decode_cursor, encode_cursor, page, written
from hub.edge.api.registry.answers import groups_of
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.stores.postgres.fences import reads
from hub.stores.postgres.fences.definitions import fence
from hub.stores.postgres.fences.reads import BEFORE_ALL, Wanted
from hub.wire.files.tables import safe
from hub.wire.stored import Crossing, Visit
from hub.wire.validation import Code

PIECE = 500
"""Visits of a file that are read at a time."""

PAUSE = 0.005
"""Seconds between two pieces, as for tracks."""

MOST_INSIDE = 10_000
"""Drivers inside one fence that are listed."""

COLUMNS = (
    "visitId", "fenceId", "fenceName", "driverId", "enteredAt", "exitedAt", "lastInsideAt", "dwelledAt", "duration",
    "distance", "maxSpeed", "points", "cause", "exitCause", "enteredSlack", "exitedSlack", "fenceVersion",
)  # fmt: skip
"""Of the CSV file, in this order."""


class VisitsQuery(Span, rename={"since": "from", "until": "to", "fence_id": "fence", "driver_id": "driverId"}):
    """Visits that began in the span; of one ``fence``, of one driver and of drivers in one ``group`` where
    they are given; names of groups are separated by commas."""

    fence_id: UUID | None = None
    driver_id: str | None = None
    group: str | None = None
    format: Literal["json", "csv"] = "json"
    limit: Annotated[int, Meta(ge=1, le=5_000)] = 500
    cursor: str | None = None


class CrossingsQuery(Span, rename={"since": "from", "until": "to", "fence_id": "fence", "driver_id": "driverId"}):
    """Crossings that began in the span; of one ``fence``, of one driver and of drivers in one ``group`` where
    they are given; names of groups are separated by commas."""

    fence_id: UUID | None = None
    driver_id: str | None = None
    group: str | None = None
    limit: Annotated[int, Meta(ge=1, le=5_000)] = 500
    cursor: str | None = None


class VisitPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    visits: list[Visit]
    next: str | None = None


class CrossingPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    crossings: list[Crossing]
    next: str | None = None


class InsideVisits(Struct, rename="camel"):
    """Open visits, the longest first."""

    visits: list[Visit]


def routes(past: Past) -> list[Operation]:
    settings, slices, door = past.node.settings, past.node.slices, past.node.door

    def wanted_of(call: Call[Any, None]) -> Wanted:
        query = call.query
        if query.driver_id is not None and not ID_PATTERN.match(query.driver_id):
            raise invalid("driverId", "must be a driver id: 1 to 64 letters, digits and . _ : -", Code.PATTERN)
        drivers = past.node.sight.drivers(call.principal, groups_of(query.group))
        return Wanted(query.fence_id, query.driver_id, drivers)

    def begin_of(query: VisitsQuery | CrossingsQuery, since: datetime) -> tuple[datetime, tuple[str, UUID]]:
        if query.cursor is None:
            return since, BEFORE_ALL
        start, driver_id, fence_id = decode_cursor(query.cursor, tuple[Instant, str, UUID])
        if not ID_PATTERN.match(driver_id):
            raise invalid("cursor", "is not a cursor of this hub")
        return max(since, start), (driver_id, fence_id)

    async def visits(call: Call[VisitsQuery, None]) -> Response:
        query, wanted = call.query, wanted_of(call)
        since, until = query.resolve(settings, call.fleet)
        if query.format == "csv":
            if query.cursor is not None:
                raise invalid("format", "a file has no pages: leave out the cursor")
            said: dict[str, Any] = {"format": "csv", "from": written(since), "to": written(until)}
            if query.driver_id is not None:
                said["driverId"] = query.driver_id
            if query.fence_id is not None:
                said["fenceId"] = str(query.fence_id)
            await past.audit(call, Audited.VISITS_EXPORTED, call.fleet, **said)
            first = await past.read(
                call, lambda connection: reads.visits(connection, call.fleet, wanted, since, until, PIECE)
            )
            headers = {"content-disposition": 'attachment; filename="visits.csv"'}
            return StreamingResponse(_file(past, call, wanted, until, first), 200, headers, "text/csv")
        start, after = begin_of(query, since)
        found = await past.read(
            call, lambda connection: reads.visits(connection, call.fleet, wanted, start, until, query.limit, after)
        )
        last = found[-1] if len(found) == query.limit else None
        following = encode_cursor(last.entered_at, last.driver_id, last.fence_id) if last else None
        span: dict[str, object] = {"from": written(since), "to": written(until)}
        return await page(slices, call.request, "visits", found, following, span)

    async def crossings(call: Call[CrossingsQuery, None]) -> Response:
        query, wanted = call.query, wanted_of(call)
        since, until = query.resolve(settings, call.fleet)
        start, after = begin_of(query, since)
        found = await past.read(
            call, lambda connection: reads.crossings(connection, call.fleet, wanted, start, until, query.limit, after)
        )
        last = found[-1] if len(found) == query.limit else None
        following = encode_cursor(last.entered_at, last.driver_id, last.fence_id) if last else None
        span: dict[str, object] = {"from": written(since), "to": written(until)}
        return await page(slices, call.request, "crossings", found, following, span)

    async def drivers_inside(call: Plain) -> Response:
        fence_id = call.ids["fence_id"]
        wanted = Wanted(fence_id, None, past.node.sight.drivers(call.principal))

        async def inside(connection: asyncpg.Connection) -> list[Visit]:
            if await fence(connection, call.fleet, fence_id) is None:
                raise Problem(404, "there is no such fence")
            return await reads.inside(connection, call.fleet, wanted, MOST_INSIDE)

        found = await past.read(call, inside)
        return await page(slices, call.request, "visits", found, None)

    async def fences_around(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]

        async def inside(connection: asyncpg.Connection) -> list[Visit]:
            found = await reads.inside(connection, call.fleet, Wanted(None, driver_id), MOST_INSIDE)
            if not found:
                await past.check_driver(connection, call.fleet, driver_id)
            return found

        found = await past.read(call, inside)
        return await page(slices, call.request, "visits", found, None)

    return [
        Operation(
            door,
            "GET",
            "/api/v1/visits",
            visits,
            access=Access.DRIVER,
            summary="Visits of fences that began in a span, in time order, in pages or as CSV",
            query=VisitsQuery,
            answer=VisitPage,
            media=("text/csv",),
        ),
        Operation(
            door,
            "GET",
            "/api/v1/crossings",
            crossings,
            access=Access.DRIVER,
            summary="Passes through fences that began in a span, in time order",
            query=CrossingsQuery,
            answer=CrossingPage,
        ),
        Operation(
            door,
            "GET",
            "/api/v1/fences/{fence_id}/drivers",
            drivers_inside,
            access=Access.FLEET,
            summary="The drivers that are inside a fence now",
            answer=InsideVisits,
        ),
        Operation(
            door,
            "GET",
            "/api/v1/drivers/{driver_id}/fences",
            fences_around,
            access=Access.DRIVER,
            summary="The fences that a driver is inside of now",
            answer=InsideVisits,
        ),
    ]


async def _file(
    past: Past, call: Call[VisitsQuery, None], wanted: Wanted, until: datetime, found: list[Visit]
) -> AsyncIterator[bytes]:
    """The CSV file. If the history stops answering, the response is cut off, which the client notices."""
    yield (",".join(COLUMNS) + "\r\n").encode()
    names: dict[UUID, str] = {}

    async def rest(connection: asyncpg.Connection) -> tuple[dict[UUID, str], list[Visit]]:
        """Names that are missing, and the following visits."""
        missing = {visit.fence_id for visit in found} - names.keys()
        more = await reads.names(connection, call.fleet, missing)
        if len(found) < PIECE:
            return more, []
        last = found[-1]
        place = (last.driver_id, last.fence_id)
        return more, await reads.visits(connection, call.fleet, wanted, last.entered_at, until, PIECE, place)

    while found:
        try:
            more, following = await past.read(call, rest)
        except Problem as problem:
            raise ConnectionAbortedError(problem.detail) from problem
        names |= more
        async for text in past.node.slices.written(found, partial(_lines, names)):
            yield text
        await asyncio.sleep(PAUSE)
        found = following


def _lines(names: dict[UUID, str], visits: Sequence[Visit]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    for visit in visits:
        row = msgspec.to_builtins(visit)
        row["fenceName"] = safe(names.get(visit.fence_id, ""))
        row["driverId"] = safe(visit.driver_id)
        writer.writerow(row)
    return text.getvalue().encode()
