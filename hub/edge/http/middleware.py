"""The middleware of every request, from the outside in: the client's address (behind trusted proxies), headers of every
answer, CORS, rate limits, and the order in which requests begin. Plain ASGI, some ten microseconds in all.
"""

from __future__ import annotations

import asyncio
import time
from asyncio import Protocol, Transport
from collections import deque
from collections.abc import Callable
from functools import partial

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from hub.core.network import network_of, plain
from hub.edge.basemap.base_map import content_policy
from hub.edge.direct.paths import Direct
from hub.edge.http.heads import Heads
from hub.edge.http.limits import Addresses
from hub.edge.http.problems import BUG, Problem, answer_of
from hub.edge.ops.figures import Answers
from hub.edge.ops.spans import Traced
from hub.edge.ws.handshake import EXTENSION
from hub.edge.ws.socket import Socket
from hub.logs import REQUEST_ID, TRACEPARENT, Action, get_logger
from hub.settings import Settings, listed
from hub.tracing import process as tracing

log = get_logger()

SOCKETS = "/ws"
PROBES = ("/livez", "/readyz", "/health")
"""Not limited: a refused probe would take the hub out of service."""

EXPOSED = ["ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "X-As-Of", "X-Request-ID"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
HEADERS = ["Authorization", "Content-Type", "If-Match", "If-None-Match", "Traceparent", "X-Request-ID"]

STARTS = {"http.response.start", "websocket.http.response.start"}


def around(starlette: Starlette, settings: Settings, addresses: Addresses, answers: Answers) -> Addressed:
    """The application as it is served."""
    heads = Heads(content_policy())
    app: ASGIApp = Limited(InTurn(starlette), addresses)
    origins = listed(settings.allowed_origins)
    if origins:
        app = CORSMiddleware(
            app, allow_origins=origins, allow_methods=METHODS, allow_headers=HEADERS, expose_headers=EXPOSED
        )
    if tracing.current is not None:
        app = Traced(app, tracing.current)
    app = Answered(app, heads, answers)
    proxies = listed(settings.trusted_proxies)
    if proxies:
        app = ProxyHeadersMiddleware(app, proxies)  # type: ignore[arg-type, assignment]
    return Addressed(app, Direct(starlette, settings, addresses, answers, heads))


class Addressed:
    """The application from outside; normalises IPv4-mapped IPv6 addresses. Requests of ``direct`` do not enter it."""

    def __init__(self, app: ASGIApp, direct: Direct) -> None:
        self.app, self.direct = app, direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client:
            scope["client"] = (plain(client[0]), client[1])
        await self.app(scope, receive, send)


class Answered:
    """Gives each request an id, which its log lines carry, and each answer the security headers; counts and times
    answers by route. Refuses what HTTP forbids and no proxy before us can be trusted to refuse (``Heads.read``)."""

    def __init__(self, app: ASGIApp, heads: Heads, answers: Answers) -> None:
        self.app, self.heads, self.answers = app, heads, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        (request_id, traceparent), fault = self.heads.read(scope["headers"], scope["http_version"])
        REQUEST_ID.set(request_id.decode())
        TRACEPARENT.set(traceparent)
        began = time.monotonic()
        http = scope["type"] == "http"
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] in STARTS:
                message["headers"] = self.heads.complete(message["headers"], request_id, scope["scheme"])
                if http:
                    route = getattr(scope.get("route"), "path", "none")
                    self.answers.count(route, message["status"], time.monotonic() - began)
            await send(message)

        try:
            if fault is not None:
                await _refuse(Problem(400, fault), scope, receive, answer)
            else:
                await self.app(scope, receive, answer)
        except Exception:
            if started:
                raise  # Starlette has answered, or it is too late
            log.exception(Action.INTERNAL_ERROR, where="request")
            await _refuse(BUG, scope, receive, answer)


class Limited:
    """Refuses requests beyond the rate of an address, and sockets beyond its number, before any other work."""

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        self.app, self.addresses = app, addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return
        client = scope.get("client")
        host = client[0] if client else ""
        if self.addresses.exempt(host):
            await self.app(scope, receive, send)
            return
        network = network_of(host)
        try:
            self.addresses.spend(network, scope["path"], time.monotonic())
            if scope["type"] == "websocket" and scope["path"] == SOCKETS:
                self.addresses.enter(network)
        except Problem as refused:
            await _refuse(refused, scope, receive, send)
            return
        if scope["type"] == "websocket" and scope["path"] == SOCKETS:
            await self._open(network, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _open(self, network: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A handshake counted for its address. Its socket is uncounted when it ends; without one the handshake is
        uncounted here."""
        handed_over = False
        take_over: Callable[[Callable[[Transport], Protocol]], None] = scope["extensions"][EXTENSION]

        def counted(make: Callable[[Transport], Socket]) -> None:
            def made(transport: Transport) -> Socket:
                nonlocal handed_over
                socket = make(transport)
                socket.leave = partial(self.addresses.leave, network)
                handed_over = True
                return socket

            take_over(made)

        scope["extensions"][EXTENSION] = counted
        try:
            await self.app(scope, receive, send)
        finally:
            if not handed_over:
                self.addresses.leave(network)


class InTurn:
    """Begins one ``GET`` request in each turn of the loop: twenty small answers in one turn would delay a live
    position by their sum. Other methods do not wait, a ``POST`` may carry positions."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            loop = asyncio.get_running_loop()
            if self._begun:
                turn = loop.create_future()
                self._waiting.append(turn)
                await turn
            else:
                self._begun = True
                loop.call_soon(self._next)
        await self.app(scope, receive, send)

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # a request that was cancelled meanwhile
                turn.set_result(None)
                asyncio.get_running_loop().call_soon(self._next)
                return
        self._begun = False


async def _refuse(refused: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    response = answer_of(refused)
    if scope["type"] == "websocket":
        log.info(Action.HANDSHAKE_REFUSED, status=refused.status)
        await WebSocket(scope, receive, send).send_denial_response(response)
    else:
        await response(scope, receive, send)
