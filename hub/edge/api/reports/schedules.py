"""Reports that are sent by e-mail, once for each period.

GET, POST /api/v1/report-schedules                  the schedules in pages, or a new one
GET, PATCH, DELETE /api/v1/report-schedules/{id}    one of them; a change needs ``If-Match``
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Groups, Id, Name
from hub.core.reports.schedules import Period, next_run
from hub.core.reports.tables import ReportKind
from hub.core.time_zones import TimeZones, zone
from hub.edge.api.alerts.channels import PageQuery
from hub.edge.api.pages import encode_cursor, page
from hub.edge.api.registry.answers import answer, given_fields, in_order, no_content, refusal, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.reports import schedules as stored
from hub.stores.postgres.reports.schedules import ReportSchedule, ScheduleValues

PATH = "/api/v1/report-schedules"

Title = Annotated[Name, Meta(min_length=1)]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]
Zone = Annotated[str, Meta(max_length=64)]
Drivers = Annotated[list[Id], Meta(max_length=1_000)]
Channels = Annotated[list[UUID], Meta(min_length=1, max_length=20)]
Limit = Annotated[float, Meta(gt=0, le=400)]


TIMES = {"period", "clock", "time_zone", "enabled"}
"""Fields whose change makes another next time. Any other change must not move one that has just come."""


class NewSchedule(Struct, rename={"speed_limit": "speedLimit", "clock": "at", "time_zone": "timeZone"},
                  forbid_unknown_fields=True):  # fmt: skip
    """``name`` is the subject of the e-mails. ``drivers`` and those of ``groups``; all of the fleet where both are
    empty. ``period``: the days of one report; a week ends on Sunday. ``at``: when it is sent, the first such time in
    ``timeZone`` after the period has ended in the zone of the fleet, which is also the default of ``timeZone``.
    ``channels`` are of the kind email."""

    name: Title
    kind: ReportKind
    channels: Channels
    period: Period = "day"
    clock: Clock = "06:00"
    time_zone: Zone | None = None
    drivers: Drivers = []
    groups: Groups = []
    speed_limit: Limit | None = None
    enabled: bool = True


class ScheduleChange(Struct, rename={"speed_limit": "speedLimit", "clock": "at", "time_zone": "timeZone"},
                     forbid_unknown_fields=True):  # fmt: skip
    """Absent fields do not change; lists are replaced as a whole."""

    name: Title | UnsetType = UNSET
    kind: ReportKind | UnsetType = UNSET
    channels: Channels | UnsetType = UNSET
    period: Period | UnsetType = UNSET
    clock: Clock | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET
    drivers: Drivers | UnsetType = UNSET
    groups: Groups | UnsetType = UNSET
    speed_limit: Limit | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class SchedulePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    schedules: list[ReportSchedule]
    next: str | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    zones = TimeZones(node.settings.time_zone)

    async def list_schedules(call: Call[PageQuery, None]) -> Response:
        after = call.query.after()
        async with registry.transaction() as connection:
            found = await stored.schedules(connection, call.fleet, call.query.limit, after)
        following = encode_cursor(found[-1].id) if len(found) == call.query.limit else None
        return unstored(await page(node.slices, call.request, "schedules", found, following))

    async def create(call: Call[None, NewSchedule]) -> Response:
        fields = msgspec.structs.asdict(call.body)
        fields["time_zone"] = call.body.time_zone or zones.of(call.fleet)
        async with registry.transaction() as connection:
            if await stored.count(connection, call.fleet) >= node.settings.max_report_schedules:
                most = node.settings.max_report_schedules
                raise Problem(409, f"the fleet has its {most} report schedules already")
            values = _values(fields, zones.of(call.fleet))
            _check_channels(await stored.unsuitable(connection, call.fleet, values.channels), values)
            made = await stored.add(connection, call.fleet, values)
            await audit(connection, call.actor, Audited.REPORT_SCHEDULE_CREATED, made.id, report=made.kind)
        return answer(made, 201, {"location": f"{PATH}/{made.id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await stored.schedule(connection, call.fleet, call.ids["schedule_id"])
        if found is None:
            raise refusal("report schedule", None)
        return answer(found)

    async def change(call: Call[None, ScheduleChange]) -> Response:
        id, wanted = call.ids["schedule_id"], msgspec.structs.asdict(call.body)
        given = {name: value for name, value in wanted.items() if value is not UNSET}
        async with registry.transaction() as connection:
            present = await stored.schedule(connection, call.fleet, id)
            if present is None or call.version not in (None, present.version):
                raise refusal("report schedule", present)
            values = _values({name: getattr(present, name) for name in wanted} | given, zones.of(call.fleet))
            if given.keys().isdisjoint(TIMES):
                values = values._replace(next_at=present.next_at)
            if "channels" in given:
                _check_channels(await stored.unsuitable(connection, call.fleet, values.channels), values)
            # Of two changes that are meant for any version, the second must not undo the first.
            changed = await stored.put(connection, call.fleet, id, present.version, values)
            if changed is None:
                raise refusal("report schedule", await stored.schedule(connection, call.fleet, id))
            said = given_fields(call.body, "enabled")
            await audit(connection, call.actor, Audited.REPORT_SCHEDULE_CHANGED, id, **said)
        return answer(changed)

    async def delete(call: Plain) -> Response:
        id = call.ids["schedule_id"]
        async with registry.transaction() as connection:
            if not await stored.delete(connection, call.fleet, id, call.version):
                raise refusal("report schedule", await stored.schedule(connection, call.fleet, id))
            await audit(connection, call.actor, Audited.REPORT_SCHEDULE_DELETED, id)
        return no_content()

    door, one, manage = node.door, f"{PATH}/{{schedule_id}}", Access.MANAGE
    return [
        Operation(
            door,
            "GET",
            PATH,
            list_schedules,
            access=manage,
            summary="The reports that are sent by schedule",
            query=PageQuery,
            answer=SchedulePage,
        ),
        Operation(
            door,
            "POST",
            PATH,
            create,
            access=manage,
            summary="Send a report by schedule",
            body=NewSchedule,
            answer=ReportSchedule,
            status=201,
            problems=(409,),
        ),
        Operation(
            door,
            "GET",
            one,
            read,
            access=manage,
            summary="One report schedule",
            answer=ReportSchedule,
            versioned=True,
        ),
        Operation(
            door,
            "PATCH",
            one,
            change,
            access=manage,
            summary="Change a report schedule, or switch it off",
            body=ScheduleChange,
            answer=ReportSchedule,
            versioned=True,
        ),
        Operation(
            door,
            "DELETE",
            one,
            delete,
            access=manage,
            summary="Send a report no more",
            status=204,
            versioned=True,
        ),
    ]


def _values(fields: dict[str, Any], days_in: str) -> ScheduleValues:
    """The values of a schedule, due from now on. Raises ``Problem`` 422 for fields that do not fit together."""
    try:
        zone(fields["time_zone"])
    except ValueError as error:
        raise invalid("timeZone", str(error)) from error
    if fields["speed_limit"] is not None and fields["kind"] != "speeding":
        raise invalid("speedLimit", "is for the report speeding only")
    due = next_run(fields["period"], fields["clock"], fields["time_zone"], days_in, datetime.now(UTC)).at
    fields["channels"] = list(dict.fromkeys(fields["channels"]))
    ordered = {name: in_order(fields[name]) for name in ("drivers", "groups")}
    return ScheduleValues(**fields | ordered, next_at=due)


def _check_channels(wrong: UUID | None, values: ScheduleValues) -> None:
    """Raises ``Problem`` 422 where ``wrong`` is one of the channels."""
    if wrong is not None:
        place = values.channels.index(wrong)
        raise invalid(f"channels[{place}]", "must be a channel of the kind email")
