"""``POST /api/v1/auth/ticket``: a page puts it into the address of its socket instead of a token."""

from __future__ import annotations

from msgspec import Struct
from starlette.responses import Response

from hub.edge.api.registry.answers import answer
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.http.problems import unavailable
from hub.edge.node import Node
from hub.identity.tickets import LIFETIME
from hub.identity.tokens import Undecided


class TicketMade(Struct, rename="camel"):
    """``ticket`` is good once, as ``/ws?ticket=…``, within ``expiresIn`` seconds."""

    ticket: str
    expires_in: int


def routes(node: Node) -> list[Operation]:
    async def create(call: Plain) -> Response:
        try:
            ticket = await node.identity.tickets.issue(call.principal, call.request.headers.get("origin"))
        except Undecided as error:
            raise unavailable(str(error), node.settings.retry_after) from error
        return answer(TicketMade(ticket, LIFETIME))

    summary = "A ticket that opens one socket with the rights of the token"
    return [
        Operation(
            node.door, "POST", "/api/v1/auth/ticket", create, access=Access.TOKEN, summary=summary, answer=TicketMade
        )
    ]
