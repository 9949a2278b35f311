"""The alerts of a fleet.

GET /api/v1/alerts                       the alerts, newest first, with filters
GET /api/v1/alerts/{id}                  one of them
POST /api/v1/alerts/{id}/acknowledge     a user has seen it
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Id
from hub.edge.api.pages import Instant, decode_cursor, encode_cursor, page
from hub.edge.api.registry.answers import answer, groups_of, refusal, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.stores.postgres.alerts import alerts as stored
from hub.stores.postgres.alerts.alerts import NEWEST, Filters
from hub.stores.postgres.audit import audit
from hub.wire.notices.alerts import Alert

PATH = "/api/v1/alerts"


class AlertQuery(Struct, rename={"since": "from", "until": "to", "driver_id": "driverId", "rule_id": "ruleId"}):
    """``from`` (included) and ``to`` (not included): when it happened. ``unacknowledged``: only those.
    ``group``: names of groups, separated by commas."""

    driver_id: Id | None = None
    rule_id: UUID | None = None
    state: Literal["open", "resolved", "corrected"] | None = None
    unacknowledged: bool = False
    group: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100
    cursor: str | None = None


class AlertPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    alerts: list[Alert]
    next: str | None = None


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_alerts(call: Call[AlertQuery, None]) -> Response:
        query = call.query
        before = NEWEST if query.cursor is None else decode_cursor(query.cursor, tuple[int])[0]
        if not 0 <= before <= NEWEST:
            raise invalid("cursor", "is not a cursor of this hub")
        filters = Filters(
            query.driver_id,
            query.rule_id,
            query.state,
            query.since,
            query.until,
            query.unacknowledged,
            node.sight.drivers(call.principal, groups_of(query.group)),
        )
        async with registry.transaction() as connection:
            found = await stored.listed(connection, call.fleet, query.limit, filters, before)
        following = encode_cursor(found[-1].number) if len(found) == query.limit else None
        alerts = [one.alert for one in found]
        return unstored(await page(node.slices, call.request, "alerts", alerts, following))

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            found = await stored.alert(connection, call.fleet, call.ids["alert_id"])
        if found is None or not node.sight.sees(call.principal, found.driver_id):
            raise refusal("alert", None)
        return answer(found)

    async def acknowledge(call: Plain) -> Response:
        id = call.ids["alert_id"]
        async with registry.transaction() as connection:
            known = await stored.alert(connection, call.fleet, id)
            if known is None or not node.sight.sees(call.principal, known.driver_id):
                raise refusal("alert", None)
            found = await stored.acknowledge(
                connection, call.fleet, id, None, call.principal.subject, datetime.now(UTC)
            )
            if found is not None:
                said = {"driverId": found.driver_id}
                await audit(connection, call.actor, Audited.ALERT_ACKNOWLEDGED, id, **said)
            else:  # acknowledged before: the first one counts
                found = await stored.alert(connection, call.fleet, id)
        if found is None:
            raise refusal("alert", None)
        return answer(found)

    one = f"{PATH}/{{alert_id}}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_alerts,
            access=Access.FLEET,
            summary="The fleet's alerts, newest first",
            query=AlertQuery,
            answer=AlertPage,
        ),
        Operation(node.door, "GET", one, read, access=Access.FLEET, summary="One alert", answer=Alert),
        Operation(
            node.door,
            "POST",
            f"{one}/acknowledge",
            acknowledge,
            access=Access.FLEET,
            summary="Note that a user has seen the alert",
            answer=Alert,
        ),
    ]
