"""The Starlette application: its routes, and the endpoint that turns a handshake into a ``Socket``."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from hub.edge import api, web
from hub.edge.api import phones
from hub.edge.api.history.past import Past
from hub.edge.api.plans.searches import Searches
from hub.edge.api.registry.database import Registry
from hub.edge.basemap.base_map import BaseMap
from hub.edge.documents import routes as documents
from hub.edge.http.middleware import Addressed, around
from hub.edge.http.operations import Operation
from hub.edge.http.problems import HANDLERS, Problem, answer_of
from hub.edge.key_use import KeyUse
from hub.edge.node import Node
from hub.edge.ops import health, metrics
from hub.edge.ops.figures import Answers
from hub.edge.ops.health import Problems
from hub.edge.ops.siblings import Siblings
from hub.edge.quarantine import Quarantine
from hub.edge.ws.admission import admit
from hub.edge.ws.handshake import EXTENSION
from hub.edge.ws.socket import Socket
from hub.extras import missing
from hub.identity.tokens import SUBPROTOCOL
from hub.logs import Action, get_logger
from hub.startup import StartupError
from hub.wire.errors import Close

log = get_logger()

PLAIN = {
    "/livez": "public: whether the process runs",
    "/readyz": "public: names parts that fail, no data",
    "/health": "public: names parts that fail, no data",
    "/metrics": "checks HUB_METRICS_TOKEN, or that the request comes from this machine",
    "/osmand": "checks the token as Phones does: Bearer or Basic",
    "/owntracks": "checks the token as Phones does: Bearer or Basic",
    "/traccar": "checks the token as Phones does: Bearer or Basic",
    "/t/{token}": "checks the token in its path",
    "/": "public: the page, which logs in through the API",
    "/share/{token}": "public: the page of a share link, which asks the API",
    "/share/{token}/drivers": "public: the page of a share link to several drivers, which asks the API",
    "/worker.js": "public: the service worker of the page",
    "/manifest.webmanifest": "public: what a browser needs to install the page as an app",
    "/web": "public: the files of the pages",
    "/map/{name}.pmtiles": "public: the file of the base map, which pages of share links show, too",
    "/js": "public: the files of the JavaScript client",
    "/ws": "checks the handshake in admit(); without a handshake answers 426 and no data",
    "/socket.io": "checks the handshake in admit() when a client connects; before that it answers no data",
    "/{path:path}": "refuses every WebSocket at another path",
}
"""Routes that are not an ``Operation`` -> what guards them."""


def check_declared(routes: Iterable[BaseRoute]) -> None:
    """Raises ``TypeError`` for a route that is neither an ``Operation`` nor in ``PLAIN``: its requests would not be
    checked."""
    for route in routes:
        path = getattr(route, "path", "")
        known = isinstance(route, Route | Mount | WebSocketRoute) and (path.rstrip("/") or "/") in PLAIN
        if not isinstance(route, Operation) and not known:
            raise TypeError(f"{path or route!r}: declare the route as an Operation, or add it to PLAIN")


def upgrade_hint(request: Request) -> str:
    """What is wrong with a request for the socket that is not a WebSocket handshake."""
    if request.scope["http_version"] == "1.0":
        wrong = "HTTP/1.0 cannot be upgraded to a WebSocket"
    elif request.headers.get("upgrade", "").lower() != "websocket":
        wrong = "the request has no header 'Upgrade: websocket'"
    else:
        wrong = "the request has no header 'Connection: Upgrade'"
    return (
        f"{wrong}: open /ws with a WebSocket client; a proxy in between has to use HTTP/1.1 and pass the headers "
        "Upgrade and Connection on (nginx: proxy_http_version, proxy_set_header)"
    )


def _socketio(node: Node) -> list[BaseRoute]:
    """The route of Socket.IO if it is on. Raises ``StartupError`` without the extra."""
    if node.settings.socketio == "off":
        return []
    if find_spec("socketio") is None:
        raise StartupError(f"HUB_SOCKETIO: {missing('socketio')}")
    # Only here, because an extra is needed.
    from hub.edge.socketio.gateway import Gateway

    return [Mount("/socket.io", Gateway(node))]


def build(node: Node, problems: Problems, degraded: Problems, siblings: Siblings | None = None) -> Addressed:
    """The application of a node. As text: ``problems`` outside this process that keep it from acking, and parts that
    are ``degraded`` (history) while it serves. ``siblings``: the other processes of the hub. Raises
    ``StartupError``."""

    async def open_socket(websocket: WebSocket) -> None:
        try:
            owner = await admit(node, websocket)
        except Problem as refusal:
            log.info(Action.HANDSHAKE_REFUSED, status=refusal.status)
            await websocket.send_denial_response(answer_of(refusal))
            return
        offered = websocket.scope["subprotocols"]
        await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        plain = node.settings.open and websocket.query_params.get("subscribe") != "none"

        def take_over(transport: asyncio.Transport) -> Socket:
            socket = Socket(node.sockets, owner, transport, plain=plain)
            # Revocation may have run between admission and takeover; check again.
            if node.identity.directory.refusal(owner) is not None:
                socket.close(Close.REVOKED)
            return socket

        websocket.scope["extensions"][EXTENSION](take_over)

    async def no_socket(websocket: WebSocket) -> None:
        await websocket.send_denial_response(answer_of(Problem(404, "sockets are opened at /ws")))

    async def no_upgrade(request: Request) -> Response:
        raise Problem(426, upgrade_hint(request), headers={"upgrade": "websocket", "connection": "Upgrade"})

    past, registry = Past(node), Registry(node.settings, node.registry_pool)
    quarantine = Quarantine(node.settings, registry.pool)
    key_use = KeyUse(node.identity.directory, node.sockets, registry.pool)
    counted = phones.Phones(node, quarantine)
    checked = health.Health(node, registry.pool, problems, degraded, siblings, past.replica)
    answers = Answers()
    base_map = BaseMap(node.settings)
    searches = Searches(registry)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await past.open()
        await registry.pool.open()
        await asyncio.to_thread(web.report_not_built)
        tasks = [
            asyncio.create_task(quarantine.run()),
            asyncio.create_task(key_use.run()),
            asyncio.create_task(node.removals.run(registry.pool)),
            asyncio.create_task(base_map.run()),
            asyncio.create_task(node.geocoder.run()),
        ]
        if past.replica is not None:
            tasks.append(asyncio.create_task(past.replica.run()))
        try:
            await node.removals.begun()
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await searches.close()
            await quarantine.close()
            await key_use.close()
            await node.identity.tickets.close()
            await node.geocoder.close()
            await past.close()
            await registry.pool.close()

    routes: list[BaseRoute] = [
        *_socketio(node),
        WebSocketRoute("/ws", open_socket),
        WebSocketRoute("/{path:path}", no_socket),
        Route("/ws", no_upgrade, methods=["GET"]),
        *health.routes(checked),
        *api.routes(node, past, registry, counted, checked, searches),
        *documents.routes(node),
        *phones.routes(counted),
        *metrics.routes(node, counted, checked, answers, siblings, past.replica),
        *web.routes(node, base_map),
    ]
    check_declared(routes)
    app = Starlette(
        routes=routes,
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    # Starlette would redirect a path with a final slash to the Host and scheme of the request, which may be forged.
    app.router.redirect_slashes = False
    return around(app, node.settings, node.addresses, answers)
