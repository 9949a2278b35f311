"""``GET /api/v1/drivers/{id}/track``: JSON in pages, or the whole span as a file (GeoJSON, GPX, CSV)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from hub.edge.api.access import driver_in, reader_of
from hub.edge.api.pages import Instant, Span, decode_cursor, encode_cursor, page, written
from hub.edge.api.past import Past
from hub.edge.problems import Problem, invalid
from hub.edge.requests import parameters_of
from hub.stores.history import PLACE_BEFORE_ALL, e7, track
from hub.wire.stored import StoredPosition
from hub.wire.tracks import FILES, TrackFile

PIECE = 200
"""Positions of a file that are read and written at a time, one to two milliseconds of the loop."""

PAUSE = 0.005
"""Seconds between two pieces: a file may take a little longer, a live position may not."""

MEDIA_TYPES = {file.media_type: file for file in FILES}
FORMATS = {file.extension: file for file in FILES}


class TrackQuery(Span):
    limit: Annotated[int, Meta(ge=1, le=5_000)] | None = None
    cursor: str | None = None
    format: str | None = None


def routes(past: Past) -> list[Route]:
    settings = past.node.settings

    async def driver_track(request: Request) -> Response:
        driver_id = driver_in(request)
        principal = await reader_of(past.node.identity, request, driver_id)
        query = parameters_of(request, TrackQuery)
        since, until = query.resolve(settings)
        file = _file(request, query)
        after = PLACE_BEFORE_ALL
        limit = query.limit or 1_000
        if file is not None:
            if query.limit is not None or query.cursor is not None:
                raise invalid("format", "a file has no pages: leave out limit and cursor")
            limit = PIECE
        elif query.cursor is not None:
            cursor = decode_cursor(query.cursor, tuple[Instant, int, int])
            since, after = max(since, cursor[0]), (_int4(cursor[1]), _int4(cursor[2]))
        async with past.connection() as connection:
            positions = await track(connection, principal.fleet, driver_id, since, until, limit, after)
            if not positions:
                await past.check_driver(connection, principal.fleet, driver_id)
        if file is not None:
            name = f"{driver_id}.{file.extension}".replace(":", "-")
            headers = {"content-disposition": f'attachment; filename="{name}"'}
            parts = _parts(past, file, principal.fleet, driver_id, until, positions)
            return StreamingResponse(parts, 200, headers, file.media_type)
        last = positions[-1] if len(positions) == limit else None
        following = encode_cursor(last.recorded_at, *e7(last)) if last else None
        return page(request, "positions", positions, following, {"from": written(since), "to": written(until)})

    return [Route("/api/v1/drivers/{driver_id}/track", driver_track)]


def _int4(value: int) -> int:
    if not -(2**31) <= value < 2**31:
        raise invalid("cursor", "is none of this hub's")
    return value


def _file(request: Request, query: TrackQuery) -> TrackFile | None:
    """The file that is asked for by ``format``, else by ``Accept``; None for JSON."""
    if query.format is not None:
        if query.format == "json":
            return None
        if query.format not in FORMATS:
            raise invalid("format", f"one of json, {', '.join(FORMATS)}")
        return FORMATS[query.format]
    for part in request.headers.get("accept", "").split(","):
        media_type = part.partition(";")[0].strip().lower()
        if media_type in MEDIA_TYPES:
            return MEDIA_TYPES[media_type]
        if media_type == "application/json":
            return None
    return None


async def _parts(
    past: Past, file: TrackFile, fleet: str, driver_id: str, until: datetime, positions: list[StoredPosition]
) -> AsyncIterator[bytes]:
    """The file from its first piece on. A connection is held for each piece only, however slowly the client reads; when
    PostgreSQL goes away meanwhile the response is cut off, which the client sees."""
    yield file.head(driver_id) + file.positions(positions, first=True)
    while len(positions) == PIECE:
        last = positions[-1]
        try:
            async with past.connection() as connection:
                positions = await track(connection, fleet, driver_id, last.recorded_at, until, PIECE, e7(last))
        except Problem as problem:
            raise ConnectionAbortedError(problem.detail) from problem
        yield file.positions(positions, first=False)
        await asyncio.sleep(PAUSE)
    yield file.tail()
