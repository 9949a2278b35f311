"""``GET /api/v1/drivers/{id}/track``: JSON in pages, or the whole span as a file (GeoJSON, GPX, CSV)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hub.core.audit import Audited
from hub.core.geo.paths import Thinned
from hub.edge.api.history.past import Past
from hub.edge.api.history.positions import Int4, PositionPage
from hub.edge.api.pages import Instant, Span, decode_cursor, encode_cursor, page, written
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.pieces import Slices
from hub.edge.http.problems import Problem, invalid
from hub.stores.postgres.audit import audit
from hub.stores.postgres.history.reads import PLACE_BEFORE_ALL, e7, track
from hub.wire.files.exports import FILES, TrackFile
from hub.wire.stored import StoredPosition
from hub.wire.validation import Code

PIECE = 200
"""Positions that are read at a time, a millisecond of the loop."""

WRITTEN = 50
"""Positions of a piece that are written in one turn of the loop: a quarter of a millisecond as CSV."""

PAUSE = 0.005
"""Seconds between two pieces: a file may take a little longer, a live position may not."""

MAX_READ = 100_000
"""Positions that one request thins, four seconds of reading: a day at 1 Hz fits."""

MAX_KEPT = 5_000
"""Most positions in its result, as many as the longest page has."""

LEAST_TOLERANCE = 2.0
"""Metres that ``maxPoints`` begins with: less is a receiver's noise."""

MEDIA_TYPES = {file.media_type: file for file in FILES}
FORMATS = {file.extension: file for file in FILES}


class TrackQuery(Span):
    """``simplify`` in metres and ``maxPoints`` thin the whole span, which then has no pages."""

    limit: Annotated[int, Meta(ge=1, le=5_000)] | None = None
    cursor: str | None = None
    format: str | None = None
    simplify: Annotated[float, Meta(gt=0, le=100_000)] | None = None
    max_points: Annotated[int, Meta(ge=2, le=MAX_KEPT)] | None = msgspec.field(default=None, name="maxPoints")


def routes(past: Past) -> list[Operation]:
    settings, slices = past.node.settings, past.node.slices

    async def driver_track(call: Call[TrackQuery, None]) -> Response:
        driver_id = call.ids["driver_id"]
        query = call.query
        since, until = query.resolve(settings)
        file = _file(call.request, query)
        after = PLACE_BEFORE_ALL
        limit = query.limit or 1_000
        thinning = query.simplify is not None or query.max_points is not None
        if file is not None or thinning:
            if query.limit is not None or query.cursor is not None:
                field, what = ("format", "a file") if file is not None else ("simplify", "a thinned track")
                raise invalid(field, f"{what} has no pages: leave out limit and cursor")
            limit = PIECE
        elif query.cursor is not None:
            cursor = decode_cursor(query.cursor, tuple[Instant, Int4, Int4])
            since, after = max(since, cursor[0]), cursor[1:]
        async with past.connection() as connection:
            positions = await track(connection, call.fleet, driver_id, since, until, limit, after)
            if not positions:
                await past.check_driver(connection, call.fleet, driver_id)
            if file is not None:
                said = {"format": file.extension, "from": written(since), "to": written(until)}
                await audit(connection, call.actor, Audited.TRACK_EXPORTED, driver_id, **said)
        pieces = _pieces(past, call.fleet, driver_id, until, positions)
        if thinning:
            positions = await _thinned(slices, pieces, query)
            if file is None:
                return await page(slices, call.request, "positions", positions, None)
            pieces = _sliced(positions)
        if file is not None:
            name = f"{driver_id}.{file.extension}".replace(":", "-")
            headers = {"content-disposition": f'attachment; filename="{name}"'}
            return StreamingResponse(_written(slices, file, driver_id, pieces), 200, headers, file.media_type)
        last = positions[-1] if len(positions) == limit else None
        following = encode_cursor(last.recorded_at, *e7(last)) if last else None
        return await page(
            slices, call.request, "positions", positions, following, {"from": written(since), "to": written(until)}
        )

    return [
        Operation(
            past.node.door,
            "GET",
            "/api/v1/drivers/{driver_id}/track",
            driver_track,
            access=Access.DRIVER,
            summary="A driver's positions in time order, in pages or as a file",
            query=TrackQuery,
            answer=PositionPage,
            media=tuple(MEDIA_TYPES),
        )
    ]


def _file(request: Request, query: TrackQuery) -> TrackFile | None:
    """The file that ``format`` names, else ``Accept``; None for JSON."""
    if query.format is not None:
        if query.format == "json":
            return None
        if query.format not in FORMATS:
            raise invalid("format", f"must be one of: json, {', '.join(FORMATS)}", Code.NOT_ALLOWED)
        return FORMATS[query.format]
    for part in request.headers.get("accept", "").split(","):
        media_type = part.partition(";")[0].strip().lower()
        if media_type in MEDIA_TYPES:
            return MEDIA_TYPES[media_type]
        if media_type == "application/json":
            return None
    return None


async def _pieces(
    past: Past, fleet: str, driver_id: str, until: datetime, positions: list[StoredPosition]
) -> AsyncIterator[list[StoredPosition]]:
    """The track from its first piece on. A connection is held for each piece only, however slowly the client reads.
    Raises ``Problem`` when PostgreSQL goes away meanwhile."""
    yield positions
    while len(positions) == PIECE:
        await asyncio.sleep(PAUSE)
        last = positions[-1]
        async with past.connection() as connection:
            positions = await track(connection, fleet, driver_id, last.recorded_at, until, PIECE, e7(last))
        yield positions


async def _sliced(positions: list[StoredPosition]) -> AsyncIterator[list[StoredPosition]]:
    """Positions that are here, in pieces too."""
    for start in range(0, len(positions), PIECE):
        yield positions[start : start + PIECE]
        await asyncio.sleep(PAUSE)


async def _thinned(
    slices: Slices, pieces: AsyncIterator[list[StoredPosition]], query: TrackQuery
) -> list[StoredPosition]:
    """A track thinned by ``simplify`` and ``maxPoints``. While there are too many points the tolerance is doubled, and
    the kept points are thinned again: no position is then farther from the line than twice the last tolerance. Raises
    ``Problem`` 422 for a track that is too long."""
    tolerance = query.simplify or LEAST_TOLERANCE
    most = query.max_points or MAX_KEPT
    thinned: Thinned[StoredPosition] = Thinned(tolerance)
    read = 0
    async for piece in pieces:
        read += len(piece)
        if read > MAX_READ:
            raise invalid("from", f"at most {MAX_READ} positions of a span can be thinned: use a shorter span")
        async with slices.slice():
            thinned.extend(piece)
        while len(thinned.whole()) > most:
            if query.max_points is None:
                raise invalid("simplify", f"leaves more than {MAX_KEPT} positions: use more metres, or maxPoints")
            tolerance *= 2
            kept = thinned.whole()
            thinned = Thinned(tolerance)
            async for some in _sliced(kept):
                async with slices.slice():
                    thinned.extend(some)
    return thinned.whole()


async def _written(
    slices: Slices, file: TrackFile, driver_id: str, pieces: AsyncIterator[list[StoredPosition]]
) -> AsyncIterator[bytes]:
    """The file. If the history stops answering, the response is cut off, which the client notices."""
    yield file.head(driver_id)
    first = True
    try:
        async for positions in pieces:
            for start in range(0, len(positions), WRITTEN):
                async with slices.slice():
                    text = file.positions(positions[start : start + WRITTEN], first=first)
                yield text
                first = False
    except Problem as problem:
        raise ConnectionAbortedError(problem.detail) from problem
    yield file.tail()
