"""``GET /api/v1/drivers/{id}/track``, and the answer for tracks of others: JSON in pages, or the whole span as a file
(GeoJSON, GPX, CSV)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, NamedTuple

import asyncpg
import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hub.core.audit import Audited
from hub.core.geo.paths import Thinned
from hub.edge.api.history.past import Past
from hub.edge.api.history.positions import Int4, PositionPage
from hub.edge.api.pages import Instant, Span, accepted, decode_cursor, encode_cursor, page, written
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.pieces import LINES, Pieces, Slices
from hub.edge.http.problems import Problem, invalid, not_allowed
from hub.stores.postgres.history.reads import PLACE_BEFORE_ALL, e7, track
from hub.wire.files import lines
from hub.wire.files.exports import FILES, TrackFile
from hub.wire.files.lines import Line
from hub.wire.stored import StoredPosition

PIECE = 100
"""Positions that are read at a time: a fifth of a millisecond of the loop."""

PAUSE = 0.0025
"""Seconds between two pieces: a file may take a little longer, a live position may not."""

MAX_READ = 100_000
"""Positions that one request thins, or writes as one line, four seconds of reading: a day at 1 Hz fits."""

MAX_KEPT = 5_000
"""Most positions in its result, as many as the longest page has."""

LEAST_TOLERANCE = 2.0
"""Metres that ``maxPoints`` begins with: less is a receiver's noise."""

LINE = "linestring"
"""``format`` of the track as one line. ``Accept`` cannot name it: both kinds of GeoJSON have one media type."""

MEDIA_TYPES = {file.media_type: file for file in FILES}
FORMATS = {file.extension: file for file in FILES}


class TrackQuery(Span):
    """``simplify`` in metres and ``maxPoints`` thin the whole span, which then has no pages."""

    limit: Annotated[int, Meta(ge=1, le=5_000)] | None = None
    cursor: str | None = None
    format: str | None = None
    simplify: Annotated[float, Meta(gt=0, le=100_000)] | None = None
    max_points: Annotated[int, Meta(ge=2, le=MAX_KEPT)] | None = msgspec.field(default=None, name="maxPoints")


Read = Callable[[asyncpg.Connection, datetime, datetime, int, tuple[int, int]], Awaitable[list[StoredPosition]]]
"""Reads positions as ``track`` does: from, to, limit, after."""


class Source(NamedTuple):
    """A track: the id of its driver or vehicle, which names its files; how its export is audited; its positions; and
    how it is checked while it has none, which raises ``Problem`` 404."""

    name: str
    exported: Audited
    read: Read
    check: Callable[[asyncpg.Connection], Awaitable[None]]


Open = Callable[[asyncpg.Connection, datetime, datetime], Awaitable[Source]]
"""Finds the source of a span."""


def routes(past: Past) -> list[Operation]:
    async def driver_track(call: Call[TrackQuery, None]) -> Response:
        driver_id = call.ids["driver_id"]

        async def opened(connection: asyncpg.Connection, since: datetime, until: datetime) -> Source:
            return Source(
                driver_id,
                Audited.TRACK_EXPORTED,
                lambda connection, *span: track(connection, call.fleet, driver_id, *span),
                lambda connection: past.check_driver(connection, call.fleet, driver_id),
            )

        return await track_of(past, call, opened)

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


async def track_of(past: Past, call: Call[TrackQuery, None], opened: Open) -> Response:
    """The answer to a request for a track."""
    query, slices = call.query, past.node.slices
    since, until = query.resolve(past.node.settings, call.fleet)
    line = query.format == LINE
    file = None if line else _file(call.request, query)
    after = PLACE_BEFORE_ALL
    limit = query.limit or 1_000
    thinning = query.simplify is not None or query.max_points is not None
    if file is not None or line or thinning:
        if query.limit is not None or query.cursor is not None:
            field, what = ("simplify", "a thinned track") if file is None and not line else ("format", "a file")
            raise invalid(field, f"{what} has no pages: leave out limit and cursor")
        limit = PIECE
    elif query.cursor is not None:
        cursor = decode_cursor(query.cursor, tuple[Instant, Int4, Int4])
        since, after = max(since, cursor[0]), cursor[1:]

    async def first(connection: asyncpg.Connection) -> tuple[Source, list[StoredPosition]]:
        source = await opened(connection, since, until)
        positions = await source.read(connection, since, until, limit, after)
        if not positions:
            await source.check(connection)
        return source, positions

    source, positions = await past.read(call, first)
    if file is not None or line:
        said = {"format": LINE if file is None else file.extension, "from": written(since), "to": written(until)}
        await past.audit(call, source.exported, source.name, **said)
    pieces = _pieces(past, call, source, until, positions)
    if thinning:
        positions = await _thinned(slices, pieces, query)
        if file is None and not line:
            return await page(slices, call.request, "positions", positions, None)
        pieces = _sliced(positions)
    if line:
        whole = await _line(slices, pieces)
        return Pieces(whole.pieces(source.name), _attachment(source.name, lines.EXTENSION), lines.MEDIA_TYPE)
    if file is not None:
        headers = _attachment(source.name, file.extension)
        return StreamingResponse(_written(slices, file, source.name, pieces), 200, headers, file.media_type)
    last = positions[-1] if len(positions) == limit else None
    following = encode_cursor(last.recorded_at, *e7(last)) if last else None
    return await page(
        slices, call.request, "positions", positions, following, {"from": written(since), "to": written(until)}
    )


def _attachment(name: str, extension: str) -> dict[str, str]:
    name = f"{name}.{extension}".replace(":", "-")
    return {"content-disposition": f'attachment; filename="{name}"'}


def _file(request: Request, query: TrackQuery) -> TrackFile | None:
    """The file that ``format`` names, else ``Accept``; None for JSON."""
    if query.format is not None:
        if query.format == "json":
            return None
        if query.format not in FORMATS:
            raise not_allowed("format", ["json", *FORMATS, LINE])
        return FORMATS[query.format]
    return MEDIA_TYPES.get(accepted(request, {*MEDIA_TYPES, "application/json"}) or "")


async def _pieces(
    past: Past, call: Call[TrackQuery, None], source: Source, until: datetime, positions: list[StoredPosition]
) -> AsyncIterator[list[StoredPosition]]:
    """The track from its first piece on. A connection is held for each piece only, however slowly the client reads.
    Raises ``Problem`` when PostgreSQL goes away meanwhile."""
    yield positions
    while len(positions) == PIECE:
        await asyncio.sleep(PAUSE)
        positions = await past.read(call, partial(_following, source, until, positions[-1]))
        yield positions


async def _following(
    source: Source, until: datetime, last: StoredPosition, connection: asyncpg.Connection
) -> list[StoredPosition]:
    return await source.read(connection, last.recorded_at, until, PIECE, e7(last))


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


async def _line(slices: Slices, pieces: AsyncIterator[list[StoredPosition]]) -> Line:
    """The track as one line. Raises ``Problem`` 422 for a track that is too long."""
    line = Line()
    async for piece in pieces:
        if line.count + len(piece) > MAX_READ:
            raise invalid("from", f"a line has at most {MAX_READ} positions: use a shorter span, or maxPoints")
        async with slices.slice():
            line.extend(piece)
    return line


async def _written(
    slices: Slices, file: TrackFile, name: str, pieces: AsyncIterator[list[StoredPosition]]
) -> AsyncIterator[bytes]:
    """The file. If the history stops answering, the response is cut off, which the client notices."""
    yield file.head(name)
    first = True
    try:
        async for positions in pieces:
            for start in range(0, len(positions), LINES):
                async with slices.slice():
                    text = file.positions(positions[start : start + LINES], first=first)
                yield text
                first = False
    except Problem as problem:
        raise ConnectionAbortedError(problem.detail) from problem
    yield file.tail()
