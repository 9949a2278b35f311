"""Admission of a handshake of ``/ws``: its principal, or a refusal."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from hub.core.principal import Principal
from hub.edge.http.bearer import bearer
from hub.edge.http.origins import host_allowed, origin_allowed, own_page
from hub.edge.http.problems import Problem, unavailable
from hub.edge.http.requests import CHALLENGE
from hub.edge.node import Node
from hub.identity.tokens import Unauthenticated, Undecided


async def admit(node: Node, handshake: HTTPConnection, token: str | None = None) -> Principal:
    """The principal of a handshake. ``token``: one that came otherwise than in its headers, and is used instead of
    theirs. Raises ``Problem`` 401, 403 or 503."""
    settings, headers = node.settings, handshake.headers
    if node.draining or node.sockets.count >= settings.max_connections:
        detail = "the hub is shutting down" if node.draining else "the hub has no room for another connection"
        raise unavailable(f"{detail}, come back shortly", settings.retry_after)
    if not origin_allowed(settings, headers):
        raise Problem(403, "an open hub takes no sockets from pages of other sites")
    if not host_allowed(settings, headers):
        raise Problem(403, "an open hub takes sockets by the name of localhost only")
    principal = await _principal(node, handshake, token)
    # What it sends and what it gets depends on the latest positions.
    await node.needs.of(principal.fleet)
    return principal


async def _principal(node: Node, handshake: HTTPConnection, token: str | None) -> Principal:
    settings, headers = node.settings, handshake.headers
    try:
        if token is None:
            token = bearer(headers, handshake.scope.get("subprotocols", ()))
        given = handshake.query_params.getlist("ticket")
        if not given:
            return await node.identity.principal(token)
        if token is not None or len(given) > 1:
            raise Unauthenticated("either a token is needed or one ticket")
        if not settings.open and not own_page(settings, headers):
            raise Unauthenticated("the page is of another site than the ticket")
        principal = await node.identity.tickets.redeem(given[0], headers.get("origin"))
        node.identity.check(principal)
        return node.identity.limited(principal)
    except Unauthenticated as error:
        raise Problem(401, str(error), headers=CHALLENGE) from error
    except Undecided as error:
        raise unavailable(str(error), settings.retry_after) from error
