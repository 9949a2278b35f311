"""The Starlette application: its routes, and the endpoint that turns a handshake into a ``Socket``."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from hub.edge import api, metrics, phones, web
from hub.edge.api.past import Past
from hub.edge.auth import SUBPROTOCOL, Unauthenticated, bearer, host_allowed, origin_allowed
from hub.edge.handshake import EXTENSION
from hub.edge.node import Node
from hub.edge.problems import HANDLERS, problem
from hub.edge.registry import Registry
from hub.edge.socket import Socket
from hub.logs import Action, get_logger

log = get_logger()

Problems = Callable[[], list[str]]


def build(node: Node, problems: Problems, degraded: Problems) -> Starlette:
    """The application of a node. In words: ``problems`` beyond this process that keep it from acking, and what is
    ``degraded`` (history) while it serves."""

    async def open_socket(websocket: WebSocket) -> None:
        refusal = None
        principal = None
        if node.draining or node.connections >= node.settings.max_connections:
            detail = "the hub is going down" if node.draining else "no room for another connection"
            refusal = problem(503, "Service Unavailable", f"{detail}, come back shortly", {"retry-after": "2"})
        elif not origin_allowed(node.settings, websocket.headers):
            refusal = problem(403, "Forbidden", "an open hub takes no sockets from pages of other sites")
        elif not host_allowed(node.settings, websocket.headers):
            refusal = problem(403, "Forbidden", "an open hub takes sockets by the name of localhost only")
        else:
            try:
                token = bearer(websocket.headers, websocket.scope["subprotocols"])
                principal = await node.identity.principal(token)
            except Unauthenticated as error:
                refusal = problem(401, "Unauthorized", str(error), {"www-authenticate": "Bearer"})
        if refusal is not None or principal is None:
            assert refusal is not None
            log.info(Action.HANDSHAKE_REFUSED, status=refusal.status_code)
            await websocket.send_denial_response(refusal)
            return
        offered = websocket.scope["subprotocols"]
        await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        plain = node.settings.open and websocket.query_params.get("subscribe") != "none"
        owner = principal
        websocket.scope["extensions"][EXTENSION](lambda transport: Socket(node, owner, transport, plain=plain))

    async def no_socket(websocket: WebSocket) -> None:
        await websocket.send_denial_response(problem(404, "Not Found", "sockets are opened at /ws"))

    async def livez(request: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    async def readyz(request: Request) -> Response:
        wrong = [] if not node.draining else ["draining: the hub is going down"]
        if node.appender is not None and node.appender.problem:
            wrong.append(node.appender.problem)
        wrong += problems()
        # Taking every hub out of service because PostgreSQL is away would end what still works.
        lines = [*wrong, *(f"degraded: {line}" for line in degraded())]
        return Response(
            "".join(f"{line}\n" for line in lines) or "ok\n", 503 if wrong else 200, media_type="text/plain"
        )

    past, registry, counted = Past(node), Registry(node.settings), phones.Phones(node)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await past.pool.open()
        await registry.pool.open()
        try:
            yield
        finally:
            await past.pool.close()
            await registry.pool.close()

    return Starlette(
        routes=[
            WebSocketRoute("/ws", open_socket),
            WebSocketRoute("/{path:path}", no_socket),
            Route("/livez", livez),
            Route("/readyz", readyz),
            *api.routes(node, past, registry),
            *phones.routes(node, counted),
            *metrics.routes(node, counted),
            *web.routes(node),
        ],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
