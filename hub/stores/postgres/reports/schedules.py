"""Reports that are sent by schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from msgspec import Struct

from hub.core.reports.schedules import Period
from hub.core.reports.tables import REPORTS
from hub.stores.postgres.alerts.channels import FIRST
from hub.stores.postgres.connection import Connection, statements
from hub.wire.notices.reports import KIND

SQL = statements(Path(__file__).with_name("schedules.sql"))

KNOWN = list(REPORTS)
"""Kinds of reports; a newer hub may know more."""


class ReportSchedule(Struct, rename={
    "speed_limit": "speedLimit", "clock": "at", "time_zone": "timeZone", "next_at": "nextAt", "sent_to": "sentTo",
    "sent_at": "sentAt", "created_at": "createdAt", "updated_at": "updatedAt",
}):  # fmt: skip
    """A report that is sent after each ``period``, at the time ``at`` in ``timeZone``: of the ``drivers`` and those of
    the ``groups``, all where both are empty. ``nextAt``: when it is sent next. ``sentTo``: last day of the last report;
    ``sentAt``: when it was handed to the channels. ``version`` rises with each change; instants are in UTC."""

    id: UUID
    name: str
    kind: str
    drivers: list[str]
    groups: list[str]
    speed_limit: float | None
    period: Period
    clock: str
    time_zone: str
    channels: list[UUID]
    enabled: bool
    next_at: datetime
    sent_to: date | None
    sent_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class ScheduleValues(NamedTuple):
    """What users can change of a schedule, and when it is due next."""

    name: str
    kind: str
    drivers: list[str]
    groups: list[str]
    speed_limit: float | None
    period: Period
    clock: str
    time_zone: str
    channels: list[UUID]
    enabled: bool
    next_at: datetime


class Due(NamedTuple):
    """What the notifier needs of a schedule that is due."""

    id: UUID
    fleet: str
    name: str
    kind: str
    drivers: list[str]
    groups: list[str]
    speed_limit: float | None
    period: Period
    clock: str
    time_zone: str
    channels: list[UUID]
    sent_to: date | None


async def schedules(
    connection: asyncpg.Connection, fleet: str, limit: int, after: UUID = FIRST
) -> list[ReportSchedule]:
    """Schedules of a fleet by id, at most ``limit``, after an id."""
    return [ReportSchedule(**row) for row in await connection.fetch(SQL.list_schedules, fleet, after, limit)]


async def schedule(connection: asyncpg.Connection, fleet: str, id: UUID) -> ReportSchedule | None:
    """A schedule of a fleet; None for an unknown id."""
    return _maybe(await connection.fetchrow(SQL.schedule, fleet, id))


async def count(connection: asyncpg.Connection, fleet: str) -> int:
    """How many schedules a fleet has, those of concurrent transactions included."""
    return int(await connection.fetchval(SQL.count_schedules, fleet))


async def unsuitable(connection: asyncpg.Connection, fleet: str, channels: Sequence[UUID]) -> UUID | None:
    """The first of some channels that the fleet does not have, or that sends no reports."""
    found: UUID | None = await connection.fetchval(SQL.unsuitable, fleet, list(channels), KIND)
    return found


async def add(connection: asyncpg.Connection, fleet: str, values: ScheduleValues) -> ReportSchedule:
    return ReportSchedule(**await connection.fetchrow(SQL.add_schedule, fleet, *values))


async def put(
    connection: asyncpg.Connection, fleet: str, id: UUID, version: int | None, values: ScheduleValues
) -> ReportSchedule | None:
    """Replace the values; None if no schedule has this ``version`` (None: any)."""
    return _maybe(await connection.fetchrow(SQL.put_schedule, fleet, id, version, *values))


async def delete(connection: asyncpg.Connection, fleet: str, id: UUID, version: int | None) -> bool:
    """Delete a schedule of this ``version`` (None: any); False if there is none."""
    return await connection.fetchval(SQL.delete_schedule, fleet, id, version) is not None


async def any_due(connection: Connection, now: datetime) -> bool:
    """Whether ``due`` would find a schedule."""
    return bool(await connection.fetchval(SQL.any_due, now, KNOWN))


async def due(connection: Connection, now: datetime, limit: int) -> list[Due]:
    """Schedules of all fleets that are due, locked until the end of the transaction."""
    return [Due(*row) for row in await connection.fetch(SQL.due, now, KNOWN, limit)]


async def done(connection: Connection, id: UUID, next_at: datetime, sent_to: date | None, now: datetime) -> None:
    """Note when a schedule is due next and, where it was sent, up to which day."""
    await connection.execute(SQL.done, id, next_at, sent_to, now)


def _maybe(row: Any) -> ReportSchedule | None:
    return None if row is None else ReportSchedule(**row)
