"""Maintenance that was done.

POST /api/v1/rules/{id}/done    a rule of the kind maintenance counts a driver's distance and days from then on
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct
from starlette.responses import Response

from hub.core.alerts.rules import drivers_of
from hub.core.audit import Audited
from hub.core.names import Id
from hub.edge.api.alerts.rules import PATH
from hub.edge.api.pages import Instant, written
from hub.edge.api.registry.answers import answer, refusal, taken
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.stores.postgres.alerts import maintenance, rules
from hub.stores.postgres.audit import audit
from hub.stores.postgres.registry.groups import current

FIRST = datetime(2000, 1, 1, tzinfo=UTC)


class MaintenanceDone(Struct, rename="camel", forbid_unknown_fields=True):
    """``at``: when it was done, by default now."""

    driver_id: Id
    at: Instant | None = None


class CountedFrom(Struct, rename="camel"):
    """Distance and days of the driver are counted from ``at`` on."""

    rule_id: UUID
    driver_id: str
    at: datetime


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def done(call: Call[None, MaintenanceDone]) -> Response:
        id, driver_id, now = call.ids["rule_id"], call.body.driver_id, datetime.now(UTC)
        node.sight.check(call.principal, driver_id)
        at = call.body.at or now
        if not FIRST <= at <= now:
            raise invalid("at", "must be from 2000-01-01 to now")
        async with registry.transaction() as connection:
            rule = await rules.rule(connection, call.fleet, id)
            if rule is None or node.sight.watching(call.principal, rule) is None:
                raise refusal("rule", None)
            if rule.kind != "maintenance":
                raise taken("kind", f"a rule of the kind {rule.kind} has no maintenance")
            live = driver_id in node.hub.fleet(call.fleet).latest
            known = live or await maintenance.known(connection, call.fleet, driver_id)
            if not (known or await node.is_live(call.fleet, driver_id)):
                raise invalid("driverId", "there is no such driver")
            groups = (await current(connection)).get(call.fleet, {}) if rule.watch.groups else {}
            watched = drivers_of(rule.watch, groups)
            if watched is not None and driver_id not in watched:
                raise invalid("driverId", "the rule does not watch this driver")
            await maintenance.done(connection, call.fleet, id, driver_id, at)
            await audit(connection, call.actor, Audited.MAINTENANCE_DONE, id, driverId=driver_id, at=written(at))
        return answer(CountedFrom(id, driver_id, at))

    return [
        Operation(
            node.door,
            "POST",
            f"{PATH}/{{rule_id}}/done",
            done,
            access=Access.FLEET,
            summary="Note that maintenance of a driver was done, and count from then on",
            body=MaintenanceDone,
            answer=CountedFrom,
            problems=(409,),
        )
    ]
