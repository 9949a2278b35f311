"""The rules of a fleet: what makes an alert.

GET, POST /api/v1/rules                  the rules in pages, or a new one
GET, PATCH, DELETE /api/v1/rules/{id}    one of them; a change needs ``If-Match``
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.responses import Response

from hub.core.alerts.rules import AT_BEGIN, KINDS, Battery, Maintenance, RuleWatch, Severity
from hub.core.alerts.schedules import Schedule
from hub.core.audit import Audited
from hub.core.names import Name
from hub.edge.api.alerts.channels import PageQuery
from hub.edge.api.pages import encode_cursor, page
from hub.edge.api.registry.answers import answer, given_fields, no_content, refusal, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, faulty, invalid
from hub.edge.node import Node
from hub.stores.postgres.alerts import rules as stored
from hub.stores.postgres.alerts.rules import RuleValues, StoredRule
from hub.stores.postgres.audit import audit
from hub.wire.validation import fault_of

PATH = "/api/v1/rules"

Kind = Literal[
    "trip.started",
    "trip.ended",
    "stopped",
    "offline",
    "battery",
    "alarm",
    "overspeed",
    "maintenance",
    "fence.entered",
    "fence.exited",
    "fence.crossed",
    "fence.dwelled",
    "fence.inside",
    "fence.outside",
]
Title = Annotated[Name, Meta(min_length=1)]
Channels = Annotated[list[UUID], Meta(max_length=20)]
Pause = Annotated[float, Meta(ge=0, le=7 * 86_400)]
Age = Annotated[float, Meta(ge=0, le=366 * 86_400)]


class NewRule(Struct, rename="camel", forbid_unknown_fields=True):
    """``params`` depends on the kind (docs/alerts.md). Seconds. ``maxAge``: what happened longer ago is only listed."""

    name: Title
    kind: Kind
    params: dict[str, Any] = {}
    watch: RuleWatch = msgspec.field(default_factory=RuleWatch)
    schedule: Schedule | None = None
    channels: Channels = []
    severity: Severity = "warning"
    cooldown: Pause = 0.0
    digest: Pause = 0.0
    max_age: Age = 900.0
    tell_resolved: bool = True
    enabled: bool = True


class RuleChange(Struct, rename="camel", forbid_unknown_fields=True):
    """Absent fields do not change; ``params``, ``watch`` and ``schedule`` are replaced as a whole."""

    name: Title | UnsetType = UNSET
    params: dict[str, Any] | UnsetType = UNSET
    watch: RuleWatch | UnsetType = UNSET
    schedule: Schedule | UnsetType | None = UNSET
    channels: Channels | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    cooldown: Pause | UnsetType = UNSET
    digest: Pause | UnsetType = UNSET
    max_age: Age | UnsetType = UNSET
    tell_resolved: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class RulePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    rules: list[StoredRule]
    next: str | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_rules(call: Call[PageQuery, None]) -> Response:
        after = call.query.after()
        async with registry.transaction() as connection:
            found = await stored.rules(connection, call.fleet, call.query.limit, after)
        following = encode_cursor(found[-1].id) if len(found) == call.query.limit else None
        shown = [one for rule in found if (one := node.sight.watching(call.principal, rule)) is not None]
        return unstored(await page(node.slices, call.request, "rules", shown, following))

    async def create(call: Call[None, NewRule]) -> Response:
        new = call.body
        fields = {name: getattr(new, name) for name in RuleValues.__struct_fields__}
        values = RuleValues(**fields | {"params": _params(new.kind, new.params)})
        _check(new.kind, values)
        async with registry.transaction() as connection:
            if await stored.count(connection, call.fleet) >= node.settings.max_rules:
                raise Problem(409, f"the fleet has its {node.settings.max_rules} rules already")
            made = await stored.add(connection, call.fleet, new.kind, values)
            await audit(connection, call.actor, Audited.RULE_CREATED, made.id, kind=new.kind)
        return answer(made, 201, {"location": f"{PATH}/{made.id}"})

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await stored.rule(connection, call.fleet, call.ids["rule_id"])
        shown = None if found is None else node.sight.watching(call.principal, found)
        if shown is None:
            raise refusal("rule", None)
        return answer(shown)

    async def change(call: Call[None, RuleChange]) -> Response:
        id, wanted = call.ids["rule_id"], msgspec.structs.asdict(call.body)
        async with registry.transaction() as connection:
            present = await stored.rule(connection, call.fleet, id)
            if present is None or call.version not in (None, present.version):
                raise refusal("rule", present)
            fields = {name: getattr(present, name) for name in RuleValues.__struct_fields__}
            fields |= {name: value for name, value in wanted.items() if value is not UNSET}
            params = call.body.params
            before = bytes(present.params).decode()
            fields["params"] = before if isinstance(params, UnsetType) else _params(present.kind, params)
            values = RuleValues(**fields)
            _check(present.kind, values)
            # Of two changes that are meant for any version, the second must not undo the first.
            changed = await stored.put(connection, call.fleet, id, present.version, values)
            if changed is None:
                raise refusal("rule", await stored.rule(connection, call.fleet, id))
            await audit(connection, call.actor, Audited.RULE_CHANGED, id, **given_fields(call.body, "enabled"))
        return answer(changed)

    async def delete(call: Plain) -> Response:
        id = call.ids["rule_id"]
        async with registry.transaction() as connection:
            if not await stored.delete(connection, call.fleet, id, call.version):
                raise refusal("rule", await stored.rule(connection, call.fleet, id))
            await audit(connection, call.actor, Audited.RULE_DELETED, id)
        return no_content()

    one = f"{PATH}/{{rule_id}}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_rules,
            access=Access.FLEET,
            summary="The fleet's rules",
            query=PageQuery,
            answer=RulePage,
        ),
        Operation(
            node.door,
            "POST",
            PATH,
            create,
            access=Access.MANAGE,
            summary="Create a rule",
            body=NewRule,
            answer=StoredRule,
            status=201,
            problems=(409,),
        ),
        Operation(
            node.door, "GET", one, read, access=Access.FLEET, summary="One rule", answer=StoredRule, versioned=True
        ),
        Operation(
            node.door,
            "PATCH",
            one,
            change,
            access=Access.MANAGE,
            summary="Change a rule, or switch it off",
            body=RuleChange,
            answer=StoredRule,
            versioned=True,
        ),
        Operation(
            node.door,
            "DELETE",
            one,
            delete,
            access=Access.MANAGE,
            summary="Delete a rule; its alerts stay",
            status=204,
            versioned=True,
        ),
    ]


def _params(kind: str, params: dict[str, Any]) -> str:
    """The params of a kind as JSON, with the defaults. Raises ``Problem`` 422."""
    try:
        found = msgspec.convert(params, KINDS[kind])
    except msgspec.ValidationError as error:
        fault = fault_of(error, KINDS[kind])
        raise faulty(fault._replace(field=f"params.{fault.field}" if fault.field else "params")) from error
    if isinstance(found, Maintenance) and found.every is None and found.days is None:
        raise invalid("params.every", "a rule of the kind maintenance needs every (metres), days, or both")
    if isinstance(found, Battery) and found.above <= found.below:
        raise invalid("params.above", "must be greater than below")
    return msgspec.json.encode(found).decode()


def _check(kind: str, values: RuleValues) -> None:
    """Rules between fields. Raises ``Problem`` 422."""
    if values.schedule is not None:
        try:
            values.schedule.check()
        except ValueError as error:
            raise invalid("schedule.timeZone", str(error)) from error
    if kind in AT_BEGIN and values.schedule is None:
        raise invalid("schedule", f"a rule of the kind {kind} asks when an interval of its schedule begins")
    if kind == "fence.outside" and not values.watch.drivers and not values.watch.groups:
        raise invalid("watch.drivers", "a rule of the kind fence.outside has to name its drivers or groups")
    if values.watch.fences and not kind.startswith("fence."):
        raise invalid("watch.fences", f"a rule of the kind {kind} is not about fences")
    if kind == "alarm" and values.digest:
        raise invalid("digest", "an alarm is sent at once")
