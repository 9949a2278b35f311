"""Requests of phones with refused points, for admins: to look at, and to send again after a fix.

GET /api/v1/quarantine                the requests in pages, newest first
GET /api/v1/quarantine/{id}           one of them with its body
POST /api/v1/quarantine/{id}/send     decode it with the present code and publish its points
"""

from __future__ import annotations

import base64
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.principal import Principal, Role
from hub.edge.api.pages import Instant, decode_cursor, encode_cursor, page
from hub.edge.api.phones import Phones, Sent
from hub.edge.api.registry.answers import answer, refusal, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.history.quarantine import Listed, Payload, delete_payloads, payload, payloads

PATH = "/api/v1/quarantine"


class QuarantineQuery(Struct):
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None


class QuarantinePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    payloads: list[Listed]
    next: str | None = None


class QuarantinedPayload(Listed, rename="camel"):
    """A request with its body: as ``text`` if it is UTF-8, else in base64 as ``data``. Values of credentials are
    ``***``."""

    path: str
    query: str
    sender: str | None
    content_encoding: str
    text: str | None
    data: str | None


class SentAgain(Struct, rename="camel", omit_defaults=True):
    """How many points were ``accepted`` and are still ``refused``. Without refused points the request leaves the
    quarantine; else ``field`` and ``detail`` are of the first."""

    accepted: int
    refused: int
    field: str | None = None
    detail: str | None = None


def routes(node: Node, registry: Registry, phones: Phones) -> list[Operation]:
    async def list_payloads(call: Call[QuarantineQuery, None]) -> Response:
        query = call.query
        after = None if query.cursor is None else decode_cursor(query.cursor, tuple[Instant, UUID])
        async with registry.transaction() as connection:
            found = await payloads(connection, call.fleet, query.limit, after)
        following = encode_cursor(found[-1].received_at, found[-1].id) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "payloads", found, following))

    async def read(call: Plain) -> Response:
        listed, kept = await found_payload(call)
        try:
            text, data = kept.body.decode(), None
        except UnicodeDecodeError:
            text, data = None, base64.b64encode(kept.body).decode()
        fields = {name: getattr(listed, name) for name in Listed.__struct_fields__}
        return answer(
            QuarantinedPayload(
                **fields,
                path=kept.path,
                query=kept.query,
                sender=kept.sender,
                content_encoding=kept.coding,
                text=text,
                data=data,
            )
        )

    async def send(call: Plain) -> Response:
        listed, kept = await found_payload(call)
        role = Role.GATEWAY if kept.driver_id is None else Role.DRIVER
        principal = Principal(call.fleet, role, "quarantine", kept.driver_id)
        sent = Sent(kept.path, kept.query, kept.sender, kept.coding, kept.body)
        _, accepted, bad = await phones.publish_again(principal, sent, kept.received_at)
        refused = sum(one.points for one in bad)
        async with registry.transaction() as connection:
            if not bad:
                await delete_payloads(connection, call.fleet, [listed.id])
            said = {"accepted": accepted, "refused": refused}
            await audit(connection, call.actor, Audited.QUARANTINE_SENT, listed.id, **said)
        if not bad:
            return answer(SentAgain(accepted, 0))
        return answer(SentAgain(accepted, refused, bad[0].field, bad[0].detail))

    async def found_payload(call: Plain) -> tuple[Listed, Payload]:
        async with registry.transaction() as connection:
            found = await payload(connection, call.fleet, call.ids["payload_id"])
        if found is None:
            raise refusal("payload in the quarantine", None)
        return found

    one = f"{PATH}/{{payload_id}}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_payloads,
            access=Access.MANAGE,
            summary="Requests of phones with refused points, newest first",
            query=QuarantineQuery,
            answer=QuarantinePage,
        ),
        Operation(
            node.door,
            "GET",
            one,
            read,
            access=Access.MANAGE,
            summary="One of them with its body",
            answer=QuarantinedPayload,
        ),
        Operation(
            node.door,
            "POST",
            f"{one}/send",
            send,
            access=Access.MANAGE,
            summary="Decode it again and publish its points",
            answer=SentAgain,
            problems=(413,),
        ),
    ]
