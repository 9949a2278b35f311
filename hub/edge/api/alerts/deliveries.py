"""What a channel sends: its log, a test, and sending again.

GET /api/v1/channels/{id}/deliveries    the log, newest first
POST /api/v1/channels/{id}/test         send a test message
POST /api/v1/channels/{id}/replay       send deliveries of a time again
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import uuid4

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.edge.api.pages import DAY, Instant, decode_cursor, encode_cursor, page, written
from hub.edge.api.registry.answers import answer, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import invalid
from hub.edge.node import Node
from hub.stores.postgres.alerts import channels, deliveries
from hub.stores.postgres.alerts.deliveries import NEWEST, Delivery, NewDelivery
from hub.stores.postgres.audit import audit

PATH = "/api/v1/channels/{channel_id}"

REPLAYED_AT_ONCE = 10_000
"""Deliveries that one request sends again; they are written in one transaction."""

TEST_TEXT = "This is a test of the channel. It works."


class LogQuery(Struct):
    state: Literal["pending", "sent", "dead", "skipped"] | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100
    cursor: str | None = None


class DeliveryPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    deliveries: list[Delivery]
    next: str | None = None


class Replay(Struct, forbid_unknown_fields=True, rename={"since": "from", "until": "to"}):
    """Deliveries of what happened at or after ``from`` and before ``to``, by default in the last 24 hours: those that
    were given up or skipped, with ``sent`` also those that were sent. Each keeps its id."""

    since: Instant | None = None
    until: Instant | None = None
    sent: bool = False


class Queued(Struct, rename="camel"):
    """``queued`` deliveries were added; of a test, ``message_ids`` are the ids that the receiver gets."""

    queued: int
    message_ids: list[str]


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def log(call: Call[LogQuery, None]) -> Response:
        query, id = call.query, call.ids["channel_id"]
        before = NEWEST if query.cursor is None else decode_cursor(query.cursor, tuple[int])[0]
        if not 0 <= before <= NEWEST:
            raise invalid("cursor", "is not a cursor of this hub")
        async with registry.transaction() as connection:
            if await channels.channel(connection, call.fleet, id) is None:
                raise refusal("channel", None)
            found = await deliveries.log(connection, call.fleet, id, query.limit, before, query.state)
        following = encode_cursor(found[-1].id) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "deliveries", found, following))

    async def test(call: Plain) -> Response:
        id, now = call.ids["channel_id"], datetime.now(UTC)
        async with registry.transaction() as connection:
            channel = await channels.channel(connection, call.fleet, id)
            if channel is None:
                raise refusal("channel", None)
            if channel.state in ("paused", "disabled"):
                raise taken("state", f"the channel is {channel.state}: set its state to active first")
            lanes = ["test"]
            if channel.kind == "webpush":
                lanes = [str(one) for one in (await channels.browsers(connection, [id])).get(id, ())]
            data = {"title": f"Test of {channel.name}", "text": TEST_TEXT, "severity": "info"}
            text = msgspec.json.encode(data).decode()
            new = [NewDelivery(id, lane, f"test_{uuid4()}", "hub.test", None, now, text) for lane in lanes]
            await deliveries.put(connection, new, now)
            await channels.try_now(connection, id, now)
        return answer(Queued(len(new), [one.message_id for one in new]))

    async def replay(call: Call[None, Replay]) -> Response:
        id, wanted, now = call.ids["channel_id"], call.body, datetime.now(UTC)
        until = wanted.until or now
        since = wanted.since or until - DAY
        if since >= until:
            raise invalid("from", "must be before to")
        async with registry.transaction() as connection:
            channel = await channels.channel(connection, call.fleet, id)
            if channel is None:
                raise refusal("channel", None)
            if channel.state == "disabled":
                raise taken("state", "the channel is disabled: set its state to active first")
            found = await deliveries.again(connection, id, since, until, REPLAYED_AT_ONCE + 1, sent=wanted.sent)
            if len(found) > REPLAYED_AT_ONCE:
                raise invalid("to", f"at most {REPLAYED_AT_ONCE} deliveries at once: choose a shorter time")
            await deliveries.put(connection, found, now)
            span = {"from": written(since), "to": written(until)}
            await audit(
                connection, call.actor, Audited.CHANNEL_REPLAYED, id, queued=len(found), sent=wanted.sent, **span
            )
        return answer(Queued(len(found), []))

    return [
        Operation(
            node.door,
            "GET",
            f"{PATH}/deliveries",
            log,
            access=Access.MANAGE,
            summary="What the channel has sent and will send, newest first",
            query=LogQuery,
            answer=DeliveryPage,
        ),
        Operation(
            node.door,
            "POST",
            f"{PATH}/test",
            test,
            access=Access.MANAGE,
            summary="Send a test message",
            answer=Queued,
            problems=(409,),
        ),
        Operation(
            node.door,
            "POST",
            f"{PATH}/replay",
            replay,
            access=Access.MANAGE,
            summary="Send deliveries again",
            body=Replay,
            answer=Queued,
            problems=(409,),
        ),
    ]
