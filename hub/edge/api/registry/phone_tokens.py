"""Tokens for the apps in drivers' phones, as a URL to type and a QR code to scan.

GET, POST /api/v1/fleet/drivers/{id}/tokens         a driver's tokens, or a new one
DELETE /api/v1/fleet/drivers/{id}/tokens/{tokenId}  revoke one
"""

from __future__ import annotations

import io
from datetime import datetime
from uuid import UUID

import segno
from msgspec import Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Name
from hub.edge.api.registry.answers import answer, no_content, refusal, taken
from hub.edge.api.registry.database import Registry
from hub.edge.api.registry.drivers import PATH
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.requests import public_url
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.registry.drivers import (
    MAX_TOKENS,
    PhoneToken,
    TooManyTokens,
    add_token,
    delete_token,
    driver,
    phone_tokens,
)

QUIET_ZONE = 4
"""Modules around a QR code, as ISO/IEC 18004 requires."""

MODULE = 6
"""Pixels of a module: about 220 a side in all."""


class NewToken(Struct, rename="camel", forbid_unknown_fields=True):
    """``label``: which phone it is for."""

    label: Name = ""


class MadeToken(Struct, rename="camel"):
    """``token`` and ``url`` are shown this once. ``qr`` is the URL's QR code, a whole SVG."""

    id: UUID
    token: str
    url: str
    qr: str
    label: str
    created_at: datetime


class TokenList(Struct, rename="camel"):
    tokens: list[PhoneToken]


def routes(node: Node, registry: Registry) -> list[Operation]:
    settings = node.settings

    async def list_tokens(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        async with registry.transaction() as connection:
            if await driver(connection, call.fleet, driver_id) is None:
                raise refusal("driver", None)
            found = await phone_tokens(connection, call.fleet, driver_id)
        return answer(TokenList(found))

    async def create(call: Call[None, NewToken]) -> Response:
        driver_id = call.ids["driver_id"]
        new = call.body
        base = public_url(settings, call.request)
        if settings.open:
            raise taken("driverId", f"an open hub has no tokens: the URL is {base}/osmand?id={driver_id}")
        async with registry.transaction() as connection:
            try:
                made = await add_token(connection, call.fleet, driver_id, new.label)
            except TooManyTokens as error:
                raise taken("driverId", f"the driver has {MAX_TOKENS} tokens: revoke one first") from error
            if made is None:
                raise refusal("driver", None)
            token, kept = made
            await audit(connection, call.actor, Audited.PHONE_TOKEN_CREATED, kept.id, driverId=driver_id)
        url = f"{base}/t/{token}"
        async with node.slices.slice():
            qr = qr_code(url)
        return answer(MadeToken(kept.id, token, url, qr, kept.label, kept.created_at), 201)

    async def delete(call: Plain) -> Response:
        driver_id = call.ids["driver_id"]
        id = call.ids["token_id"]
        async with registry.transaction() as connection:
            if not await delete_token(connection, call.fleet, driver_id, id):
                raise refusal("token", None)
            await audit(connection, call.actor, Audited.PHONE_TOKEN_REVOKED, id, driverId=driver_id)
        return no_content()

    path = f"{PATH}/{{driver_id}}/tokens"
    return [
        Operation(
            node.door,
            "GET",
            path,
            list_tokens,
            access=Access.FLEET,
            summary="A driver's phone tokens",
            answer=TokenList,
        ),
        Operation(
            node.door,
            "POST",
            path,
            create,
            access=Access.MANAGE,
            summary="A new phone token, as a URL and a QR code; shown once",
            body=NewToken,
            answer=MadeToken,
            status=201,
            problems=(409,),
        ),
        Operation(
            node.door,
            "DELETE",
            f"{path}/{{token_id}}",
            delete,
            access=Access.MANAGE,
            summary="Revoke a phone token",
            status=204,
        ),
    ]


def qr_code(text: str) -> str:
    """A text as an SVG with a size and a light ground, so that it can be scanned on a dark page too."""
    svg = io.BytesIO()
    segno.make(text, micro=False).save(
        svg, kind="svg", xmldecl=False, light="#fff", border=QUIET_ZONE, scale=MODULE, nl=False
    )
    return svg.getvalue().decode()
