"""Commands to jobs, their history, and the retry of one that failed.

POST /api/v1/jobs/{id}/commands     accept, reject, depart, arrive, complete, fail, cancel; needs ``If-Match``
GET /api/v1/jobs/{id}/events        what happened to a job
POST /api/v1/jobs/{id}/retry        a new job in place of one that failed
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import asyncpg
from msgspec import UNSET, Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.jobs.status import DRIVERS, JOB_STATUS, Event, Outcome, Status, allowed
from hub.core.names import Id, Name
from hub.core.principal import Principal
from hub.edge.api.jobs.bodies import JobChange, fields_of, place_of
from hub.edge.api.jobs.changes import conflict, differs
from hub.edge.api.jobs.jobs import PATH, check_room, seen
from hub.edge.api.jobs.moves import Why, move, settle
from hub.edge.api.pages import Instant
from hub.edge.api.registry.answers import answer, refusal, taken
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, faulty, invalid
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs import events, jobs
from hub.stores.postgres.jobs import routes as route_tables
from hub.stores.postgres.jobs.events import JobEvent
from hub.stores.postgres.jobs.jobs import Job, JobFields
from hub.wire.validation import Code, Fault


class Commanded(StrEnum):
    """A command to a job."""

    ACCEPT = "accept"
    REJECT = "reject"
    DEPART = "depart"
    ARRIVE = "arrive"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"


class Done(StrEnum):
    """How a job was completed."""

    SUCCEEDED = "succeeded"
    PARTIAL = "partial"


class Command(Struct, rename="camel", forbid_unknown_fields=True):
    """``commandId`` is chosen by the sender: a command that is sent again has the same answer, and changes nothing.
    ``at``: when it happened, by the clock of the device; without it, and in the future, now. ``outcome`` goes with
    ``complete`` only; ``fail`` needs a ``reason``."""

    command: Annotated[Commanded, Meta(examples=["accept"])]
    command_id: Annotated[Id, Meta(examples=["0b3c9a52-3f3c-4a0e"])]
    at: Instant | None = None
    outcome: Done | None = None
    reason: Name | None = None


class History(Struct):
    """What happened to a job, in the order of acceptance."""

    events: list[JobEvent]


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def commanded(call: Call[None, Command]) -> Response:
        body, id = call.body, call.ids["job_id"]
        event, why = checked(call.principal, body)
        async with registry.transaction() as connection:
            locked = (await jobs.lock_jobs(connection, call.fleet, [id])).get(id)
            before = await events.command(connection, id, body.command_id) if locked is not None else None
            if before is not None and locked is not None:
                own(node, call.principal, locked, before)
                if before.event != event:
                    detail = f"{body.command_id} is the id of an earlier command, {before.event}"
                    raise taken("commandId", detail)
                return answer(before)
            job = own(node, call.principal, locked, None)
            if differs(call.version, job):
                raise refusal("job", job)
            if call.principal.driver is not None and event not in JOB_STATUS[job.status]:
                detail = f"a job that is {job.status} does not allow {event}"
                raise conflict(detail, "command", [name for name in allowed(job.status) if name in DRIVERS])
            if job.route_id is not None:
                await route_tables.lock_routes(connection, call.fleet, [job.route_id])
            now = datetime.now(UTC)
            at = now if body.at is None else min(body.at.astimezone(UTC), now)
            (stored,) = await move(connection, call.actor, [job], event, at, why)
            leaves = stored.status in (Status.OPEN, Status.CANCELLED)
            await settle(connection, call.fleet, [job.route_id], changed=leaves)
            if event is Event.CANCEL:
                await audit(connection, call.actor, Audited.JOB_CANCELLED, id)
        return answer(stored)

    async def history(call: Plain) -> Response:
        async with registry.transaction() as connection:
            job = seen(node, call.principal, await jobs.job(connection, call.fleet, call.ids["job_id"]))
            return answer(History(await events.events(connection, job.job_id)))

    async def retry(call: Call[None, JobChange]) -> Response:
        id = call.ids["job_id"]
        async with registry.transaction() as connection:
            failed = seen(node, call.principal, (await jobs.lock_jobs(connection, call.fleet, [id])).get(id))
            if failed.outcome is not Outcome.FAILED:
                raise conflict("only a job that has failed is repeated", "status")
            if call.body.reference is not UNSET:
                raise invalid("reference", "a retry has the reference of the failed job")
            await check_room(connection, node.settings, call.fleet, 1)
            fields = fields_of(call.body, await place_of(connection, call.fleet, call.body), JobFields.of(failed))
            made = await repeated(connection, call.fleet, failed, fields)
            await audit(connection, call.actor, Audited.JOB_CREATED, made.job_id, previous=str(id))
        return answer(made, 201, {"location": f"{PATH}/{made.job_id}"})

    one = f"{PATH}/{{job_id}}"
    door = node.door
    return [
        Operation(
            door,
            "POST",
            f"{one}/commands",
            commanded,
            access=Access.OWN,
            summary="Command a job: a dispatcher, or the driver that has it",
            body=Command,
            answer=JobEvent,
            versioned=True,
            problems=(409,),
        ),
        Operation(
            door, "GET", f"{one}/events", history, access=Access.FLEET, summary="The history of a job", answer=History
        ),
        Operation(
            door,
            "POST",
            f"{one}/retry",
            retry,
            access=Access.FLEET,
            summary="A new job in place of one that failed, with the fields of the body in place of its own",
            body=JobChange,
            answer=Job,
            status=201,
            problems=(409,),
        ),
    ]


def checked(principal: Principal, body: Command) -> tuple[Event, Why]:
    """The event of a command and what goes with it. Raises ``Problem`` 403 and 422."""
    event = Event(body.command)
    if principal.driver is not None and event not in DRIVERS:
        raise Problem(403, f"the role {principal.role} may not {event} a job")
    if body.outcome is not None and event is not Event.COMPLETE:
        raise invalid("outcome", "goes with the command complete only")
    outcome = None
    if event is Event.COMPLETE:
        outcome = Outcome(body.outcome or Done.SUCCEEDED)
    elif event is Event.FAIL:
        outcome = Outcome.FAILED
        if not body.reason:
            raise faulty(Fault("reason", Code.REQUIRED, "required: why the job failed"))
    return event, Why(body.command_id, outcome, body.reason or None)


def own(node: Node, principal: Principal, job: Job | None, before: JobEvent | None) -> Job:
    """The job. Raises ``Problem`` 404 for one that is not of the principal: of a driver, what it sees in its route, or
    has commanded ``before``."""
    if principal.driver is None:
        return seen(node, principal, job)
    sees = job is not None and (
        (job.driver_id == principal.driver and job.published_at is not None)
        or (before is not None and before.driver_id == principal.driver)
    )
    if job is None or not sees:
        raise refusal("job", None)
    return job


async def repeated(connection: Connection, fleet: str, failed: Job, fields: JobFields) -> Job:
    """The new job. Raises ``Problem`` 409 where there is one already."""
    try:
        new = jobs.NewJob(fields, failed.attempt + 1, failed.job_id)
        (made,) = await jobs.add_jobs(connection, fleet, [new])
    except asyncpg.UniqueViolationError as error:
        raise taken("previous", "the job was repeated already") from error
    return made
