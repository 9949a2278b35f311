"""Places and jobs as CSV files, as spreadsheets and order systems write them.

GET, POST /api/v1/places.csv     the places; new places and changes, all or none
GET, POST /api/v1/jobs.csv       the same of jobs
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import msgspec
from msgspec import Struct
from starlette.responses import Response

from hub.core.audit import Actor, Audited
from hub.core.jobs.fields import (
    Address,
    Contact,
    Email,
    JobKind,
    Load,
    Priority,
    Proofs,
    Radius,
    Reference,
    ServiceTime,
    Skills,
    in_order,
    read,
    written,
)
from hub.core.jobs.status import ENDED
from hub.core.names import Id, Name, Notes, Short
from hub.core.nouns import Latitude, Longitude
from hub.edge.api.jobs import jobs as of_jobs
from hub.edge.api.jobs import places as of_places
from hub.edge.api.jobs.jobs import JobFilter
from hub.edge.api.jobs.moves import edited
from hub.edge.api.jobs.places import Called
from hub.edge.api.registry.answers import NO_STORE, answer, taken
from hub.edge.api.registry.database import Registry
from hub.edge.api.registry.imports import Imported, ImportQuery, Undone
from hub.edge.api.registry.tables import CSV, Files, Table, placed, table_of
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.pieces import Pieces
from hub.edge.http.problems import faulty
from hub.edge.node import Node
from hub.settings import Settings
from hub.stores.postgres.audit import audit, audit_each
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs import jobs as job_tables
from hub.stores.postgres.jobs import places as place_tables
from hub.stores.postgres.jobs.jobs import Job, JobFields
from hub.stores.postgres.jobs.places import Change, FleetPlace, PlaceFields
from hub.stores.postgres.registry.shares import BEFORE_ALL
from hub.wire.validation import Code, Fault

PLACES = "/api/v1/places.csv"
JOBS = "/api/v1/jobs.csv"

PAGE = 1_000
"""Rows that are read at a time."""


class PlaceRow(Struct, rename="camel"):
    reference: Reference
    name: Called
    latitude: Latitude
    longitude: Longitude
    address: Address = ""
    radius: Radius | None = None
    service_time: ServiceTime | None = None
    contact_name: Name = ""
    contact_phone: Short = ""
    contact_email: Email = ""
    notes: Notes = ""


class JobRow(Struct, rename="camel"):
    """``place``: the reference of a place. From ``status`` on the columns are read only: an import ignores them."""

    reference: Reference
    kind: JobKind = JobKind.DELIVERY
    shipment_id: Id | None = None
    place: Reference | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    address: Address | None = None
    windows: list[str] = []
    service_time: ServiceTime | None = None
    load: Load = []
    skills: Skills = []
    priority: Priority | None = None
    proof_required: Proofs = []
    recipient_name: Name = ""
    recipient_phone: Short = ""
    recipient_email: Email = ""
    notes: Notes = ""
    status: str | None = None
    outcome: str | None = None
    reason: str | None = None
    driver_id: str | None = None
    arrived_at: str | None = None
    departed_at: str | None = None
    ended_at: str | None = None


SAME = ("kind", "shipment_id", "service_time", "load", "skills", "proof_required", "notes")
"""Columns that are fields of a job as they are."""


def place_row(place: FleetPlace) -> PlaceRow:
    """A place without a reference has an empty column, which an import refuses: it could not be found again."""
    contact = place.contact or Contact()
    return PlaceRow(
        place.reference or "",
        place.name,
        place.latitude,
        place.longitude,
        place.address,
        place.radius,
        place.service_time,
        contact.name,
        contact.phone,
        contact.email,
        place.notes,
    )


def job_row(job: Job, places: dict[Any, str]) -> JobRow:
    """``places``: references of places by their ids."""
    to, at = job.recipient or Contact(), (job.arrived_at, job.departed_at, job.ended_at)
    instants = [None if instant is None else instant.isoformat().replace("+00:00", "Z") for instant in at]
    return JobRow(
        job.reference or "",
        place=places.get(job.place_id),
        latitude=job.latitude,
        longitude=job.longitude,
        address=job.address,
        windows=[written(window) for window in job.windows],
        priority=job.priority,
        recipient_name=to.name,
        recipient_phone=to.phone,
        recipient_email=to.email,
        status=job.status,
        outcome=job.outcome,
        reason=job.reason,
        driver_id=job.driver_id,
        arrived_at=instants[0],
        departed_at=instants[1],
        ended_at=instants[2],
        **{name: getattr(job, name) for name in SAME},
    )


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def export_places(call: Plain) -> Response:
        found: list[FleetPlace] = []
        async with registry.transaction() as connection:
            await audit(connection, call.actor, Audited.PLACES_EXPORTED, call.fleet, format="csv")
            after = None
            while some := await place_tables.places(connection, call.fleet, PAGE, after=after):
                found += some
                after = some[-1].name, some[-1].place_id
        return await file(PlaceRow, found, place_row, "places.csv")

    async def export_jobs(call: Call[JobFilter, None]) -> Response:
        wanted, after = call.query.wanted(node.sight.drivers(call.principal)), BEFORE_ALL
        found: list[Job] = []
        async with registry.transaction() as connection:
            await audit(connection, call.actor, Audited.JOBS_EXPORTED, call.fleet, format="csv")
            while some := await job_tables.jobs(connection, call.fleet, PAGE, wanted, after):
                found += some
                after = some[-1].created_at, some[-1].job_id
            references = await place_tables.references(connection, call.fleet)
        return await file(JobRow, found, lambda job: job_row(job, references), "jobs.csv")

    async def file(kind: type[Struct], rows: list[Any], make: Callable[[Any], Struct], name: str) -> Response:
        files = Files(kind)

        def lines(some: Any) -> bytes:
            return files.lines(map(make, some))

        pieces = [files.head(), *[piece async for piece in node.slices.written(rows, lines)]]
        headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
        return Pieces(pieces, headers, f"{CSV}; charset=utf-8")

    async def import_places(call: Call[ImportQuery, bytes]) -> Response:
        table = await table_of(node.slices, call.body, PlaceRow, "reference")
        return await stored(call, lambda connection: enter_places(connection, call.actor, node.settings, table))

    async def import_jobs(call: Call[ImportQuery, bytes]) -> Response:
        table = await table_of(node.slices, call.body, JobRow, "reference")
        return await stored(call, lambda connection: enter_jobs(connection, call.actor, node.settings, table))

    async def stored(call: Call[ImportQuery, bytes], store: Callable[[Connection], Awaitable[Imported]]) -> Response:
        """What ``store`` returns, in a transaction that is undone where it was to be tried only."""
        counted = Imported(0, 0, 0)
        try:
            async with registry.transaction() as connection:
                try:
                    counted = await store(connection)
                except asyncpg.UniqueViolationError as error:
                    raise taken("reference", "another user entered a row meanwhile: import the file again") from error
                if call.query.dry_run:
                    raise Undone
        except Undone:
            pass
        return answer(counted)

    def into(path: str, handler: Callable[[Any], Awaitable[Response]], summary: str) -> Operation:
        return Operation(
            node.door,
            "POST",
            path,
            handler,
            access=Access.FLEET,
            summary=summary,
            query=ImportQuery,
            body=str,
            decode=bytes,
            longest=lambda settings: settings.max_import_bytes,
            body_media=CSV,
            answer=Imported,
            problems=(409,),
        )

    return [
        Operation(
            node.door,
            "GET",
            PLACES,
            export_places,
            access=Access.FLEET,
            summary="The places as CSV",
            media=(CSV,),
        ),
        into(PLACES, import_places, "Enter and change places from a CSV file, all or none"),
        Operation(
            node.door,
            "GET",
            JOBS,
            export_jobs,
            access=Access.FLEET,
            summary="The jobs as CSV",
            query=JobFilter,
            media=(CSV,),
        ),
        into(JOBS, import_jobs, "Enter and change jobs from a CSV file, all or none"),
    ]


def contact_of(table: Table[Any], row: Any, prefix: str, before: Contact | None) -> Contact | None:
    """The contact of a row after the columns that the file has; None where all are empty."""
    parts = {
        name: getattr(row, f"{prefix}_{name}")
        for name in Contact.__struct_fields__
        if f"{prefix}{name.capitalize()}" in table.fields
    }
    found = msgspec.structs.replace(before or Contact(), **parts)
    return None if found == Contact() else found


async def enter_places(connection: Connection, actor: Actor, settings: Settings, table: Table[PlaceRow]) -> Imported:
    """Store the places of a file with their entries in the audit log. Raises ``Problem``."""
    given = [row.reference for row in table.rows]
    known = {place.reference: place for place in await place_tables.lock_places(connection, actor.fleet, (), given)}
    names = given_names(table, PlaceFields)
    new: list[PlaceFields] = []
    changes: list[tuple[FleetPlace, PlaceFields]] = []
    for row in table.rows:
        before = known.get(row.reference)
        base = PlaceFields(row.name, row.latitude, row.longitude) if before is None else PlaceFields.of(before)
        fields = msgspec.structs.replace(
            base,
            **{name: getattr(row, name) for name in names},
            contact=contact_of(table, row, "contact", base.contact),
        )
        if before is None:
            new.append(fields)
        elif fields != base:
            changes.append((before, fields))
    await of_places.check_room(connection, settings, actor.fleet, len(new))
    made = await place_tables.add_places(connection, actor.fleet, new)
    moves = [Change(place.place_id, fields) for place, fields in changes]
    await place_tables.change_places(connection, actor.fleet, moves, [place for place, _ in changes])
    await audit_each(connection, actor, Audited.PLACE_CREATED, [place.place_id for place in made])
    changed = [place.place_id for place, _ in changes]
    await audit_each(connection, actor, Audited.PLACE_CHANGED, changed, fields=sorted(table.fields))
    return Imported(len(made), len(changes), len(table.rows) - len(made) - len(changes))


async def enter_jobs(connection: Connection, actor: Actor, settings: Settings, table: Table[JobRow]) -> Imported:
    """The same of jobs: a row changes the last attempt of its reference."""
    fleet = actor.fleet
    named = list({row.place for row in table.rows if row.place is not None})
    places = {place.reference: place for place in await place_tables.lock_places(connection, fleet, (), named)}
    locked = await job_tables.lock_jobs(connection, fleet, (), [row.reference for row in table.rows])
    known = {job.reference: job for job in locked.values()}
    names = given_names(table, JobFields) & set(SAME)
    new: list[JobFields] = []
    changes: list[tuple[Job, JobFields]] = []
    faults: list[Fault] = []
    for line, row in zip(table.lines, table.rows, strict=True):
        before = known.get(row.reference)
        try:
            fields = job_fields(table, row, names, places, None if before is None else JobFields.of(before))
        except RowFault as fault:
            faults.append(Fault(placed(line, fault.field), fault.code, str(fault)))
            continue
        if before is None:
            new.append(fields)
        elif fields != JobFields.of(before):
            if before.status in ENDED:
                faults.append(Fault(placed(line, "reference"), Code.INVALID, f"the job is {before.status}"))
            changes.append((before, fields))
    if faults:
        raise faulty(*faults)
    await of_jobs.check_room(connection, settings, fleet, len(new))
    made = await job_tables.add_jobs(connection, fleet, [job_tables.NewJob(fields) for fields in new])
    changed = await job_tables.change_jobs(connection, fleet, changes)
    await edited(connection, fleet, changed)
    await audit_each(connection, actor, Audited.JOB_CREATED, [job.job_id for job in made])
    ids = [job.job_id for job in changed]
    await audit_each(connection, actor, Audited.JOB_CHANGED, ids, fields=sorted(table.fields))
    return Imported(len(made), len(changed), len(table.rows) - len(made) - len(changed))


class RowFault(Exception):
    """A field of a row is wrong."""

    def __init__(self, field: str, detail: str, code: Code = Code.INVALID) -> None:
        super().__init__(detail)
        self.field, self.code = field, code


def given_names(table: Table[Any], kind: type[Struct]) -> set[str]:
    """The fields of ``kind`` that the file has columns for, as names in Python."""
    names = {field.encode_name: field.name for field in msgspec.structs.fields(kind)}
    by_wire = {_camel(name): name for name in names.values()}
    return {by_wire[name] for name in table.fields if name in by_wire}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def job_fields(
    table: Table[JobRow], row: JobRow, names: set[str], places: dict[str | None, FleetPlace], before: JobFields | None
) -> JobFields:
    """The fields of a job after a row. Raises ``RowFault``."""
    at = None
    if row.place is not None:
        at = places.get(row.place)
        if at is None:
            raise RowFault("place", f"there is no place with the reference {row.place}")
    if (row.latitude is None) != (row.longitude is None):
        missing = "latitude" if row.latitude is None else "longitude"
        raise RowFault(missing, "required with the other coordinate", Code.REQUIRED)
    location: dict[str, Any] = {}
    if row.latitude is not None and row.longitude is not None:
        location = {"latitude": row.latitude, "longitude": row.longitude}
    elif at is not None:
        location = {"latitude": at.latitude, "longitude": at.longitude, "address": at.address}
    elif before is None:
        raise RowFault("latitude", "required, with longitude, without a place", Code.REQUIRED)
    if row.address is not None:
        location["address"] = row.address
    if at is not None:
        location["place_id"] = at.place_id
    if "windows" in table.fields:
        try:
            location["windows"] = in_order([read(text) for text in row.windows])
        except ValueError as error:
            raise RowFault("windows", str(error)) from error
    if "priority" in table.fields:
        location["priority"] = row.priority or 0
    base = before or JobFields(row.kind, location["latitude"], location["longitude"], row.reference)
    values = {name: getattr(row, name) for name in names}
    values |= {name: sorted(set(values[name])) for name in ("skills", "proof_required") if name in values}
    return msgspec.structs.replace(
        base, **values, **location, recipient=contact_of(table, row, "recipient", base.recipient)
    )
