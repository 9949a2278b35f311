"""Deliveries, pickups and services of a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from hub.core.jobs.fields import Contact, JobKind, ProofKind, Window
from hub.core.jobs.status import Outcome, Status
from hub.stores.postgres.connection import Connection, collect, statements
from hub.stores.postgres.jobs.rows import attributes_of, decoded, record, records

SQL = statements(Path(__file__).with_name("jobs.sql"))

EXPIRED_AT_ONCE = 5_000
"""Jobs whose recipients are deleted in one call: recording waits for it, some tens of milliseconds."""


class Job(Struct, rename="camel", omit_defaults=True):
    """Something to be done at a place. ``attempt`` and ``previous`` are of a retry. ``windows``: when it may be done;
    ``service_time`` in seconds. ``outcome``, ``reason`` and ``ended_at`` are of a job that ended. ``route_id`` to
    ``arrival_source`` are of a job in a route: ``number`` is its place in the order, from 0. ``arrived_at`` is from
    positions or else the word of the driver, as ``arrival_source`` says; ``departed_at`` is from positions. ``version``
    rises with each change and each change of status; instants are in UTC."""

    job_id: UUID
    kind: JobKind
    latitude: float
    longitude: float
    status: Status
    version: int
    created_at: datetime
    updated_at: datetime
    reference: str | None = None
    attempt: int = 1
    previous: UUID | None = None
    shipment_id: str | None = None
    place_id: UUID | None = None
    address: str = ""
    recipient: Contact | None = None
    windows: list[Window] = []
    service_time: float | None = None
    load: list[int] = []
    skills: list[str] = []
    priority: int = 0
    proof_required: list[ProofKind] = []
    notes: str = ""
    attributes: Raw | UnsetType = UNSET
    outcome: Outcome | None = None
    reason: str | None = None
    ended_at: datetime | None = None
    route_id: UUID | None = None
    driver_id: str | None = None
    number: int | None = None
    planned_arrival: datetime | None = None
    planned_departure: datetime | None = None
    locked: bool = False
    published_at: datetime | None = None
    approached_at: datetime | None = None
    arrived_at: datetime | None = None
    departed_at: datetime | None = None
    arrival_source: str | None = None


class JobFields(Struct, frozen=True):
    """The fields of a job that are edited."""

    kind: JobKind
    latitude: float
    longitude: float
    reference: str | None = None
    shipment_id: str | None = None
    place_id: UUID | None = None
    address: str = ""
    recipient: Contact | None = None
    windows: list[Window] = []
    service_time: float | None = None
    load: list[int] = []
    skills: list[str] = []
    priority: int = 0
    proof_required: list[ProofKind] = []
    notes: str = ""
    attributes: Raw | UnsetType | None = UNSET

    @classmethod
    def of(cls, job: Job) -> JobFields:
        """Those of a job."""
        return cls(**{name: getattr(job, name) for name in cls.__struct_fields__})


class Wanted(NamedTuple):
    """Which jobs are wanted; all where None. ``among``: without a driver, or with one of these."""

    statuses: list[str] | None = None
    kinds: list[str] | None = None
    driver_id: str | None = None
    route_id: UUID | None = None
    place_id: UUID | None = None
    shipment_id: str | None = None
    reference: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    among: list[str] | None = None


class NewJob(NamedTuple):
    """A job to be added; ``attempt`` and ``previous`` of a retry."""

    fields: JobFields
    attempt: int = 1
    previous: UUID | None = None


async def jobs(
    connection: Connection, fleet: str, limit: int, wanted: Wanted, after: tuple[datetime, UUID]
) -> list[Job]:
    """Jobs of a fleet by time of creation, at most ``limit``, after an instant and id."""
    return await collect(connection, job_of, SQL.list_jobs, fleet, limit, *after, *wanted)


async def job(connection: Connection, fleet: str, id: UUID) -> Job | None:
    """A job of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.job, fleet, id)
    return None if row is None else job_of(row)


async def lock_jobs(
    connection: Connection, fleet: str, ids: Sequence[UUID] = (), references: Sequence[str] = ()
) -> dict[UUID, Job]:
    """The jobs with one of the ids, and the last attempts of the references, by id, locked until the end of the
    transaction."""
    found = [row[0] for row in await connection.fetch(SQL.lock_jobs, fleet, list(ids), list(references))]
    # Read once they are locked: a row that was waited for is another one now.
    return await jobs_by_id(connection, fleet, found)


async def jobs_by_id(connection: Connection, fleet: str, ids: Sequence[UUID]) -> dict[UUID, Job]:
    rows = await connection.fetch(SQL.jobs_by_id, fleet, list(ids))
    return {row["job_id"]: job_of(row) for row in rows}


async def shipments(connection: Connection, fleet: str, shipment_ids: Sequence[str]) -> dict[str, list[UUID]]:
    """The jobs of each shipment that are not cancelled."""
    found: dict[str, list[UUID]] = {}
    for id, shipment_id in await connection.fetch(SQL.shipments, fleet, list(shipment_ids)):
        found.setdefault(shipment_id, []).append(id)
    return found


async def count_unfinished(connection: Connection, fleet: str) -> int:
    number: int = await connection.fetchval(SQL.count_unfinished, fleet)
    return number


async def add_jobs(connection: Connection, fleet: str, new: Sequence[NewJob]) -> list[Job]:
    """Add jobs by one statement. Raises ``asyncpg.UniqueViolationError`` for a reference that is taken, and for a
    second retry."""
    ids = [uuid4() for _ in new]
    rows = records(
        record(one.fields, id) | {"attempt": one.attempt, "previous": one.previous}
        for id, one in zip(ids, new, strict=True)
    )
    attributes = attributes_of(one.fields for one in new)
    now = await connection.fetchval(SQL.add_jobs, fleet, rows, ids, attributes)
    return [
        Job(
            job_id=id,
            status=Status.OPEN,
            version=1,
            created_at=now,
            updated_at=now,
            attempt=one.attempt,
            previous=one.previous,
            **_given(one.fields),
        )
        for id, one in zip(ids, new, strict=True)
    ]


async def change_jobs(connection: Connection, fleet: str, changes: Sequence[tuple[Job, JobFields]]) -> list[Job]:
    """Give jobs that are locked other fields. Raises the same."""
    rows = records(record(fields, job.job_id) for job, fields in changes)
    ids, attributes = [job.job_id for job, _ in changes], attributes_of(fields for _, fields in changes)
    now = dict(map(tuple, await connection.fetch(SQL.change_jobs, fleet, rows, ids, attributes)))
    return [
        msgspec.structs.replace(job, version=job.version + 1, updated_at=now[job.job_id], **_given(fields))
        for job, fields in changes
    ]


async def delete_job(connection: Connection, id: UUID) -> None:
    """Delete a job with its history."""
    await connection.execute(SQL.delete_job, id)


async def expire_recipients(connection: Connection, now: datetime, days: int) -> None:
    """Delete recipients and notes of jobs that ended ``days`` days before ``now``, at most ``EXPIRED_AT_ONCE``; none
    for 0 days."""
    if days:
        await connection.execute(SQL.expire_recipients, now - timedelta(days=days), EXPIRED_AT_ONCE)


def job_of(row: Any) -> Job:
    """The job of a row of ``job_details``."""
    values = decoded(row, {"recipient": Contact}, {"fleet"})
    values["kind"], values["status"] = JobKind(values["kind"]), Status(values["status"])
    values["proof_required"] = [ProofKind(kind) for kind in values["proof_required"]]
    values["outcome"] = None if values["outcome"] is None else Outcome(values["outcome"])
    values["locked"] = bool(values["locked"])
    return Job(**values)


def _given(fields: JobFields) -> dict[str, Any]:
    values = msgspec.structs.asdict(fields)
    if not values["attributes"]:
        values["attributes"] = UNSET
    return values
