"""The workbook of a report that is sent by schedule, and the lines about it. It is made when the notice is sent, so
that positions that came late are in it, and a try after a failure makes it again."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import msgspec

from hub.core.alerts.rules import RuleWatch, drivers_of
from hub.core.reports.asked import Asked
from hub.core.reports.tables import Row
from hub.core.time_zones import TimeZones
from hub.settings import Settings
from hub.stores.postgres.places.names import PlaceNames
from hub.stores.postgres.pool import Pool
from hub.stores.postgres.registry.groups import current
from hub.stores.postgres.reports.reads import rows_of
from hub.wire.files import workbook
from hub.wire.notices.mail import Letter, attachment
from hub.wire.notices.notice import Notice
from hub.wire.notices.reports import ReportDue
from hub.workbook import Workbooks

PIECE = 500
"""Rows that are read at a time."""


class _TooLong(Exception):
    """The report has more rows than a workbook may have."""


async def letter(settings: Settings, pool: Pool, workbooks: Workbooks, notice: Notice) -> Letter:
    """What the e-mail has besides the notice. Raises ``DatabaseAway`` and ``WorkbookFailed``."""
    due = msgspec.json.decode(notice.data, type=ReportDue)
    asked = await _asked(settings, pool, notice.fleet, due)
    lines = [_link(settings, due)] if settings.public_url and _shown(due) else []
    count, places = 0, PlaceNames(settings)

    async def pieces() -> AsyncIterator[list[Row]]:
        nonlocal count
        after = None
        while True:
            async with pool.connection() as connection:
                found = await rows_of(connection, asked, PIECE, after, places=places)
            count += len(found.things)
            if count > settings.max_report_rows:
                raise _TooLong
            # In a process of its own, whose loop sends no positions.
            for thing in found.things:
                found.name(thing)
            yield found.rows
            if found.after is None:
                return
            after = found.after

    with tempfile.TemporaryFile() as file:
        try:
            head = workbook.Head(asked.kind, asked.since, asked.until, asked.time_zone)
            await workbooks.write(file, head, pieces())
        except _TooLong:
            most = (
                f"It has more rows than HUB_MAX_REPORT_ROWS ({settings.max_report_rows}) allows, and is not attached:"
            )
            return Letter([f"{most} save it on the screen as CSV.", *lines])
        file.seek(0)
        name = f"{asked.file_name}.{workbook.EXTENSION}"
        attached = await asyncio.to_thread(attachment, name, workbook.MEDIA_TYPE, file.read())
    rows = "1 row" if count == 1 else f"{count} rows"
    return Letter([f"{rows}; days and times are those of the time zone {asked.time_zone}.", *lines], [attached])


async def _asked(settings: Settings, pool: Pool, fleet: str, due: ReportDue) -> Asked:
    watch = RuleWatch(drivers=due.drivers, groups=due.groups)
    groups = {}
    if due.groups:
        async with pool.connection() as connection:
            groups = (await current(connection)).get(fleet, {})
    drivers = drivers_of(watch, groups)
    return Asked(
        kind=due.kind,
        fleet=fleet,
        since=due.since,
        until=due.until,
        time_zone=TimeZones(settings.time_zone).of(fleet),
        drivers=None if drivers is None else sorted(drivers),
        speed_limit=due.speed_limit,
    )


def _shown(due: ReportDue) -> bool:
    """Whether the screen can show the same: it has one group at a time, and of named drivers those in it."""
    return not due.groups or (len(due.groups) == 1 and not due.drivers)


def _link(settings: Settings, due: ReportDue) -> str:
    """The address of the report on the screen."""
    query = [("from", str(due.since)), ("to", str(due.until)), *(("driver", one) for one in due.drivers)]
    query += [("group", one) for one in due.groups]
    if due.speed_limit is not None:
        query.append(("speedLimit", str(due.speed_limit)))
    return f"{settings.public_url.rstrip('/')}/#/reports/{due.kind}?{urlencode(query)}"
