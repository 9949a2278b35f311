"""Reports as JSON in pages, or the whole of one as a file.

GET /api/v1/reports           which reports there are, with their columns
GET /api/v1/reports/{kind}    the rows of one
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import IO, Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response, StreamingResponse

from hub.core.audit import Audited
from hub.core.names import Id
from hub.core.nouns import ID_PATTERN
from hub.core.reports.asked import HOLD, LAST_DAY, Asked
from hub.core.reports.tables import REPORTS, ReportTable, Row, as_object
from hub.core.time_zones import TimeZones, day
from hub.edge.api.history.past import Past
from hub.edge.api.pages import accepted, decode_cursor, encode_cursor, page
from hub.edge.api.registry.answers import answer, groups_of
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.stores.postgres.reports.reads import Piece, place_names, place_of, rows_of
from hub.wire.files import tables, workbook
from hub.wire.files.tables import cell, lines_of
from hub.workbook import WorkbookFailed, Workbooks

PATH = "/api/v1/reports"

PIECE = 200
"""Rows of a file that are read at a time."""

PAUSE = 0.005
"""Seconds between two pieces: a file may take a little longer, a live position may not."""

DEFAULT_DAYS = 7

SENT = 65_536
"""Bytes of a workbook that are sent at a time."""

FILES = {tables.MEDIA_TYPE: tables.EXTENSION, workbook.MEDIA_TYPE: workbook.EXTENSION}
"""Media type -> ``format`` of the files."""


class ReportQuery(Struct, rename={"since": "from", "until": "to"}):
    """``from`` and ``to`` are days in the time zone of the fleet, both included; by default the last seven. Of the
    drivers ``driverId``, which may stand several times, of drivers in one ``group`` (names separated by commas), or of
    all. ``speedLimit`` (metres per second) and ``speedFor`` (least seconds above it) are for ``speeding``. A file
    contains all rows and has no pages."""

    since: date | None = None
    until: date | None = None
    driver_ids: Annotated[list[Id], Meta(max_length=1_000)] = msgspec.field(default_factory=list, name="driverId")
    group: str | None = None
    speed_limit: Annotated[float, Meta(gt=0, le=400)] | None = msgspec.field(default=None, name="speedLimit")
    speed_for: Annotated[float, Meta(ge=0, le=3_600)] | None = msgspec.field(default=None, name="speedFor")
    format: Literal["json", "csv", "xlsx"] | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] | None = None
    cursor: str | None = None


class ReportPage(Struct, rename={"since": "from", "until": "to", "time_zone": "timeZone"}, omit_defaults=True):
    """``rows``: objects with the columns of the report as fields; unknown values are absent. Where a row has names of
    places, its ``places`` are what their texts are made of, as in trips and stops, by the name of the column. A page
    may have fewer rows than ``limit``, or none, and still not be the last. ``next``: cursor of the following page.
    ``from``, ``to``: the days, in ``timeZone``."""

    rows: list[dict[str, Any]]
    since: date
    until: date
    time_zone: str
    next: str | None = None


class ReportList(Struct):
    """The reports with their columns, in the order of the columns. ``chart``: the column whose sum a chart shows, empty
    for the number of rows; ``by``: what the sum is of."""

    reports: list[ReportTable]


def routes(past: Past) -> list[Operation]:
    settings = past.node.settings
    zones = TimeZones(settings.time_zone)
    workbooks = Workbooks()

    async def kinds(call: Plain) -> Response:
        return answer(ReportList(list(REPORTS.values())))

    def asked_of(call: Call[ReportQuery, None], kind: str) -> Asked:
        query, time_zone = call.query, zones.of(call.fleet)
        until = query.until or day(datetime.now(UTC), time_zone)
        since = query.since or until - min(timedelta(days=DEFAULT_DAYS - 1), until - date.min)
        check_days(since, until, settings.max_report_days)
        if kind != "speeding" and query.speed_limit is not None:
            raise invalid("speedLimit", "is for the report speeding only")
        if kind != "speeding" and query.speed_for is not None:
            raise invalid("speedFor", "is for the report speeding only")
        for driver_id in query.driver_ids:
            past.node.sight.check(call.principal, driver_id)
        drivers = past.node.sight.drivers(call.principal, groups_of(query.group))
        if query.driver_ids:
            wanted = set(query.driver_ids)
            drivers = sorted(wanted if drivers is None else wanted.intersection(drivers))
        return Asked(
            kind=kind,
            fleet=call.fleet,
            since=since,
            until=until,
            time_zone=time_zone,
            drivers=drivers,
            speed_limit=query.speed_limit,
            speed_for=HOLD if query.speed_for is None else query.speed_for,
        )

    async def rows(call: Call[ReportQuery, None]) -> Response:
        query, kind = call.query, call.ids["report"]
        report = REPORTS.get(kind)
        if report is None:
            raise Problem(404, f"there is no such report; the reports are {', '.join(REPORTS)}")
        asked = asked_of(call, kind)
        wanted = query.format or accepted(call.request, (*FILES, "application/json"))
        extension = wanted if wanted in FILES.values() else FILES.get(wanted or "")
        if extension is None:
            return await _page(past, call, report, asked)
        if query.limit is not None or query.cursor is not None:
            raise invalid("format", "a file has no pages: leave out limit and cursor")
        said = {"format": extension, "from": str(asked.since), "to": str(asked.until)}
        await past.audit(call, Audited.REPORT_EXPORTED, kind, **said)
        read = partial(_read, past, call, asked)
        first = await read(PIECE)
        headers = {"content-disposition": f'attachment; filename="{asked.file_name}.{extension}"'}
        if extension == tables.EXTENSION:
            return StreamingResponse(_csv(past, report, read, first), 200, headers, tables.MEDIA_TYPE)
        file = await _workbook(past, workbooks, asked, read, first)
        headers["content-length"] = str(file.seek(0, 2))
        return StreamingResponse(_sent(file), 200, headers, workbook.MEDIA_TYPE)

    return [
        Operation(
            past.node.door,
            "GET",
            PATH,
            kinds,
            access=Access.FLEET,
            summary="The reports that there are, with their columns",
            answer=ReportList,
        ),
        Operation(
            past.node.door,
            "GET",
            f"{PATH}/{{report}}",
            rows,
            access=Access.FLEET,
            summary="A report of one, several or all drivers and a range of days, in pages or as a file",
            query=ReportQuery,
            answer=ReportPage,
            media=tuple(FILES),
        ),
    ]


def check_days(since: date, until: date, most: int) -> None:
    """Raises ``Problem`` 422 for a range that is empty or too long."""
    if since > until:
        raise invalid("from", "must not be after to")
    if (until - since).days >= most:
        raise invalid("from", f"must be less than {most} days before to")
    if until > LAST_DAY:
        raise invalid("to", "is out of range")
    if since.year < 1900:
        raise invalid("from", "must not be before 1900")


async def _read(past: Past, call: Call[ReportQuery, None], asked: Asked, limit: int, after: Any = None) -> Piece:
    found = await past.read(call, lambda connection: rows_of(connection, asked, limit, after, places=past.places))
    await past.name(found.things, found.name)
    return found


async def _page(past: Past, call: Call[ReportQuery, None], report: ReportTable, asked: Asked) -> Response:
    limit = call.query.limit or 200
    after = None if call.query.cursor is None else _place(report, call.query.cursor)
    found = await _read(past, call, asked, limit, after)
    following = None if found.after is None else encode_cursor(*found.after)
    days: dict[str, object] = {"from": asked.since, "to": asked.until}
    shown, named = as_object(report), place_names(report.kind)

    def row(thing: Any) -> dict[str, Any]:
        places = named(thing)
        return {**shown(found.make(thing)), "places": places} if places else shown(found.make(thing))

    return await page(
        past.node.slices,
        call.request,
        "rows",
        found.things,
        following,
        days,
        row,
        {**days, "timeZone": asked.time_zone},
    )


def _place(report: ReportTable, cursor: str) -> Any:
    place = decode_cursor(cursor, place_of(report.kind))
    for value in place:
        if isinstance(value, str) and value and not ID_PATTERN.match(value):
            raise invalid("cursor", "is not a cursor of this hub")
        if isinstance(value, datetime) and not 1900 <= value.year < 9999:
            raise invalid("cursor", "is not a cursor of this hub")
    return place


async def _workbook(
    past: Past, workbooks: Workbooks, asked: Asked, read: Callable[..., Awaitable[Piece]], first: Piece
) -> IO[bytes]:
    """The workbook, as a file without a name. Raises ``Problem``, 422 for too many rows."""
    most = past.node.settings.max_report_rows

    async def pieces() -> AsyncIterator[list[Row]]:
        found, count = first, 0
        while True:
            count += len(found.things)
            if count > most:
                detail = f"has more than {most} rows: choose fewer days or drivers, or csv, which has no limit"
                raise invalid("format", detail)
            async with past.node.slices.slice():
                rows = found.rows
            yield rows
            if found.after is None:
                return
            await asyncio.sleep(PAUSE)
            found = await read(PIECE, found.after)

    with ExitStack() as opened:
        file = opened.enter_context(tempfile.TemporaryFile())
        try:
            head = workbook.Head(asked.kind, asked.since, asked.until, asked.time_zone)
            await workbooks.write(file, head, pieces())
        except WorkbookFailed as error:
            raise Problem(500, "the workbook could not be written") from error
        opened.pop_all()  # ``_sent`` closes it
    return file


async def _sent(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(SENT):
            yield piece


async def _csv(
    past: Past, report: ReportTable, read: Callable[..., Awaitable[Piece]], found: Piece
) -> AsyncIterator[bytes]:
    """The file. A connection is held for each piece only, however slowly the client reads. If the history stops
    answering, the response is cut off, which the client notices."""
    yield lines_of([[column.name for column in report.columns]])
    try:
        while True:
            async for text in past.node.slices.written(found.things, partial(_lines, found.make)):
                yield text
            if found.after is None:
                return
            await asyncio.sleep(PAUSE)
            found = await read(PIECE, found.after)
    except Problem as problem:
        raise ConnectionAbortedError(problem.detail) from problem


def _lines(make: Callable[[Any], Row], things: Sequence[Any]) -> bytes:
    return lines_of(map(cell, make(thing)) for thing in things)
