"""What happened to jobs, and what the recorder is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from hub.core.audit import Actor
from hub.core.jobs.status import Event, Happened, Outcome, Status
from hub.stores.postgres.connection import Connection, columns, statements, storable
from hub.stores.postgres.jobs.jobs import Job
from hub.wire.events import JobMessage, RouteMessage

SQL = statements(Path(__file__).with_name("events.sql"))


class JobEvent(Struct, rename="camel", omit_defaults=True):
    """One event of the history of a job. ``source``: ``person`` of a command, ``position`` of a fact. ``at``: when it
    happened, by the clock of the device; ``noticed_at``: when the hub stored it. ``status`` and ``version``: of the job
    after that. ``actor_kind`` and ``actor_id`` as in the audit log."""

    job_id: UUID
    event: Event
    source: str
    at: datetime
    noticed_at: datetime
    status: Status
    version: int
    actor_kind: str = ""
    actor_id: str = ""
    driver_id: str | None = None
    route_id: UUID | None = None
    command_id: str | None = None
    outcome: Outcome | None = None
    reason: str | None = None

    @property
    def happened(self) -> Happened:
        """What the status depends on."""
        return Happened(self.event, self.source == "position")


class NewEvent(NamedTuple):
    """A command to a job that is locked, which gets ``status``."""

    job: Job
    event: Event
    status: Status
    at: datetime
    actor: Actor
    command_id: str | None = None
    outcome: Outcome | None = None
    reason: str | None = None


class Told(NamedTuple):
    """What the recorder is told of a driver: ``since`` when its waypoints may be others, and a message."""

    fleet: str
    driver_id: str
    since: datetime | None = None
    message: JobMessage | RouteMessage | None = None


async def events(connection: Connection, job_id: UUID) -> list[JobEvent]:
    """The history of a job in the order of acceptance."""
    return list(map(event_of, await connection.fetch(SQL.events, job_id)))


async def command(connection: Connection, job_id: UUID, command_id: str) -> JobEvent | None:
    """What a command did that was stored before; None for a new one."""
    row = await connection.fetchrow(SQL.command, job_id, command_id)
    return None if row is None else event_of(row)


async def put(connection: Connection, new: Sequence[NewEvent]) -> list[JobEvent]:
    """Store what commands did, and the status of their jobs, in the open transaction."""
    if not new:
        return []
    rows = [
        (
            one.job.job_id,
            one.at,
            one.event.value,
            one.status.value,
            None if one.outcome is None else one.outcome.value,
            one.reason,
            one.actor.kind.value,
            storable(one.actor.id),
            one.job.driver_id,
            one.job.route_id,
            one.command_id,
        )
        for one in new
    ]
    return list(map(event_of, await connection.fetch(SQL.put_commands, *columns(rows))))


async def said_arrived(connection: Connection, job_id: UUID, at: datetime) -> None:
    """The driver says that it arrived; positions that have shown it count more."""
    await connection.execute(SQL.said_arrived, job_id, at)


async def tell(connection: Connection, told: Sequence[Told]) -> None:
    """Tell the recorder, in the open transaction."""
    if told:
        rows = [(*one[:3], None if one.message is None else msgspec.json.encode(one.message).decode()) for one in told]
        await connection.execute(SQL.tell, *columns(rows))


def event_of(row: Any) -> JobEvent:
    """The event of a row."""
    values = dict(row)
    values["event"], values["status"] = Event(values["event"]), Status(values["status"])
    values["outcome"] = None if values["outcome"] is None else Outcome(values["outcome"])
    return JobEvent(**values)
