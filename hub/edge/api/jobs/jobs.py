"""The jobs of a fleet: deliveries, pickups and services.

GET, POST /api/v1/jobs                   the jobs in pages, or a new one
GET, PATCH, DELETE /api/v1/jobs/{id}     one of them; a change needs ``If-Match``
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.jobs.fields import JobKind, Reference
from hub.core.jobs.status import ENDED, WITH_DRIVER, Status
from hub.core.names import Id, Name
from hub.core.principal import Principal
from hub.edge.api.jobs.bodies import JobChange, NewJob, fields_of, place_of
from hub.edge.api.jobs.changes import conflict, differs
from hub.edge.api.jobs.moves import edited
from hub.edge.api.pages import Instant, encode_cursor, page
from hub.edge.api.registry.answers import OldestFirst, answer, given_fields, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid, not_allowed
from hub.edge.node import Node
from hub.settings import Settings
from hub.stores.postgres.audit import audit
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs import jobs as tables
from hub.stores.postgres.jobs.jobs import Job, JobFields, Wanted

PATH = "/api/v1/jobs"


RENAMED = {"driver_id": "driverId", "route_id": "routeId", "place_id": "placeId", "shipment_id": "shipmentId"}
RENAMED |= {"since": "from", "until": "to"}


class JobFilter(Struct, rename=RENAMED):
    """``status``, ``kind``: one or more, separated by commas. ``from``, ``to``: jobs with a window in this span, or
    without windows. ``q``: text in the reference, address or name of the recipient, in any case."""

    status: str | None = None
    kind: str | None = None
    driver_id: Id | None = None
    route_id: UUID | None = None
    place_id: UUID | None = None
    shipment_id: Id | None = None
    reference: Reference | None = None
    since: Instant | None = None
    until: Instant | None = None
    q: Name = ""

    def wanted(self, among: list[str] | None) -> Wanted:
        """Raises ``Problem`` 422."""
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise invalid("from", "must be before to")
        return Wanted(
            _listed("status", self.status, Status),
            _listed("kind", self.kind, JobKind),
            self.driver_id,
            self.route_id,
            self.place_id,
            self.shipment_id,
            self.reference,
            _utc(self.since),
            _utc(self.until),
            self.q,
            among,
        )


class JobsQuery(JobFilter, rename=RENAMED):
    """``status``, ``kind``: one or more, separated by commas. ``from``, ``to``: jobs with a window in this span, or
    without windows. ``q``: text in the reference, address or name of the recipient, in any case."""

    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None

    def after(self) -> tuple[datetime, UUID]:
        """Instant and id after which the page begins. Raises ``Problem`` 422."""
        return OldestFirst(self.limit, self.cursor).after()


class JobPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    jobs: list[Job]
    next: str | None = None


def _listed(name: str, text: str | None, kind: type[Status] | type[JobKind]) -> list[str] | None:
    if text is None:
        return None
    values, allowed = text.split(","), [member.value for member in kind]
    if not set(values) <= set(allowed):
        raise not_allowed(name, allowed, ", or several of them separated by commas")
    return values


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)


def seen(node: Node, principal: Principal, job: Job | None) -> Job:
    """The job. Raises ``Problem`` 404 where there is none, or the principal does not see its driver."""
    if job is None or (job.driver_id is not None and not node.sight.sees(principal, job.driver_id)):
        raise refusal("job", None)
    return job


async def check_room(connection: Connection, settings: Settings, fleet: str, more: int) -> None:
    """Raises ``Problem`` 409 where a fleet would have too many jobs."""
    if await tables.count_unfinished(connection, fleet) + more > settings.max_jobs:
        detail = f"a fleet has at most {settings.max_jobs} jobs that are neither done nor cancelled (HUB_MAX_JOBS)"
        raise taken("jobs", detail)


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_jobs(call: Call[JobsQuery, None]) -> Response:
        query = call.query
        wanted, after = query.wanted(node.sight.drivers(call.principal)), query.after()
        async with registry.transaction() as connection:
            found = await tables.jobs(connection, call.fleet, query.limit, wanted, after)
        following = encode_cursor(found[-1].created_at, found[-1].job_id) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "jobs", found, following))

    async def create(call: Call[None, NewJob]) -> Response:
        async with registry.transaction() as connection:
            fields = fields_of(call.body, await place_of(connection, call.fleet, call.body))
            await check_room(connection, node.settings, call.fleet, 1)
            try:
                (made,) = await tables.add_jobs(connection, call.fleet, [tables.NewJob(fields)])
            except asyncpg.UniqueViolationError as error:
                raise taken("reference", f"there is a job with the reference {fields.reference}") from error
            await audit(connection, call.actor, Audited.JOB_CREATED, made.job_id)
        return answer(made, 201, {"location": f"{PATH}/{made.job_id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await tables.job(connection, call.fleet, call.ids["job_id"])
        return answer(seen(node, call.principal, found))

    async def change(call: Call[None, JobChange]) -> Response:
        async with registry.transaction() as connection:
            before = await locked(call, connection)
            if before.status in ENDED:
                raise conflict(f"a job that is {before.status} does not change", "status")
            at = await place_of(connection, call.fleet, call.body)
            fields = fields_of(call.body, at, JobFields.of(before))
            try:
                (changed,) = await tables.change_jobs(connection, call.fleet, [(before, fields)])
            except asyncpg.UniqueViolationError as error:
                raise taken("reference", f"there is a job with the reference {fields.reference}") from error
            await edited(connection, call.fleet, [changed])
            await audit(connection, call.actor, Audited.JOB_CHANGED, changed.job_id, **given_fields(call.body))
        return answer(changed)

    async def delete(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await locked(call, connection)
            if found.status is Status.PLANNED or found.status in WITH_DRIVER:
                detail = f"the job is {found.status}: cancel it, or take it out of its route first"
                raise conflict(detail, "status", [Status.OPEN, *sorted(ENDED)])
            await tables.delete_job(connection, found.job_id)
            await audit(connection, call.actor, Audited.JOB_DELETED, found.job_id)
        return no_content()

    async def locked(call: Call[None, JobChange] | Plain, connection: Connection) -> Job:
        """The job of a path, locked. Raises ``Problem`` 404 and 412."""
        id = call.ids["job_id"]
        found = seen(node, call.principal, (await tables.lock_jobs(connection, call.fleet, [id])).get(id))
        if differs(call.version, found):
            raise refusal("job", found)
        return found

    one = f"{PATH}/{{job_id}}"
    door = node.door
    return [
        Operation(
            door,
            "GET",
            PATH,
            list_jobs,
            access=Access.FLEET,
            summary="The fleet's jobs in the order of creation",
            query=JobsQuery,
            answer=JobPage,
        ),
        Operation(
            door,
            "POST",
            PATH,
            create,
            access=Access.FLEET,
            summary="Add a job",
            body=NewJob,
            answer=Job,
            status=201,
            problems=(409,),
        ),
        Operation(door, "GET", one, read, access=Access.FLEET, summary="One job", answer=Job, versioned=True),
        Operation(
            door,
            "PATCH",
            one,
            change,
            access=Access.FLEET,
            summary="Change a job that is neither done nor cancelled",
            body=JobChange,
            answer=Job,
            versioned=True,
            problems=(409,),
        ),
        Operation(
            door,
            "DELETE",
            one,
            delete,
            access=Access.FLEET,
            summary="Delete a job that is open, done or cancelled, with its history",
            status=204,
            versioned=True,
            problems=(409,),
        ),
    ]
