"""The middleware of every request, from the outside in: the client's address (behind trusted proxies), headers of every
answer, CORS, and rate limits. Plain ASGI, some ten microseconds in all.
"""

from __future__ import annotations

import re
import secrets
import time
from asyncio import Protocol, Transport
from collections.abc import Callable
from functools import partial
from itertools import count

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from structlog.contextvars import bind_contextvars
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from hub.core.network import network_of, plain
from hub.edge.http.in_turn import InTurn
from hub.edge.http.limits import Addresses
from hub.edge.http.problems import BUG, Problem, answer_of
from hub.edge.http.short import ShortPath
from hub.edge.ops.figures import Answers
from hub.edge.web import content_policy
from hub.edge.ws.handshake import EXTENSION
from hub.edge.ws.socket import Socket
from hub.logs import Action, get_logger
from hub.settings import Settings, listed

log = get_logger()

SOCKETS = "/ws"
PROBES = ("/livez", "/readyz", "/health")
"""Not limited: a refused probe would take the hub out of service."""

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
"""The request ids accepted from clients: they are in the log."""

SAFE = [
    (b"x-content-type-options", b"nosniff"),
    # The path of a share link is a secret, also within this site.
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")
"""A year, as RFC 6797 has it in its examples."""

SPREAD = 0x9E37_79B9_7F4A_7C15
"""Odd, so that ids repeat after 2**64 requests; they look different from each other in a log."""

EXPOSED = ["ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-ID"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
HEADERS = ["Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Request-ID"]

SAFE_NAMES = frozenset(name for name, _ in SAFE)

STARTS = {"http.response.start", "websocket.http.response.start"}


def around(starlette: Starlette, settings: Settings, addresses: Addresses, answers: Answers) -> ASGIApp:
    """The application as it is served."""
    app: ASGIApp = Limited(ShortPath(starlette, InTurn(starlette)), addresses)
    origins = listed(settings.allowed_origins)
    if origins:
        app = CORSMiddleware(
            app, allow_origins=origins, allow_methods=METHODS, allow_headers=HEADERS, expose_headers=EXPOSED
        )
    app = Answered(app, settings, answers)
    proxies = listed(settings.trusted_proxies)
    if proxies:
        app = ProxyHeadersMiddleware(app, proxies)  # type: ignore[arg-type, assignment]
    return Addressed(app)


class Addressed:
    """Normalises IPv4-mapped IPv6 addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client:
            scope["client"] = (plain(client[0]), client[1])
        await self.app(scope, receive, send)


class Answered:
    """Gives each request an id, which its log lines carry, and each answer the security headers; counts and times
    answers by route. Refuses what HTTP forbids and no proxy before us can be trusted to refuse: other than one ``Host``
    (RFC 9112, section 3.2; HTTP/1.0 may leave it out), and a WebSocket handshake by HTTP/1.0 (RFC 6455, section
    4.2.1)."""

    def __init__(self, app: ASGIApp, settings: Settings, answers: Answers) -> None:
        self.app, self.answers = app, answers
        self.policy = (b"content-security-policy", content_policy(settings).encode())
        # Ids of requests: unique, and not worth a system call each.
        self._number = count(secrets.randbits(64))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        request_id, fault = self._read(scope)
        bind_contextvars(request_id=request_id.decode())
        secure = scope["scheme"] in ("https", "wss")
        began = time.monotonic()
        http = scope["type"] == "http"
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] in STARTS:
                given = dict(message["headers"])
                headers = [*message["headers"], (b"x-request-id", request_id)]
                headers += SAFE if given.keys().isdisjoint(SAFE_NAMES) else [h for h in SAFE if h[0] not in given]
                if secure:
                    headers.append(HTTPS_ONLY)
                if given.get(b"content-type", b"").startswith(b"text/html") and self.policy[0] not in given:
                    headers.append(self.policy)
                message["headers"] = headers
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

    def _read(self, scope: Scope) -> tuple[bytes, str | None]:
        """The id of a request, its own where it has a usable one; and what HTTP forbids in it."""
        headers = scope["headers"]
        names = [name for name, _ in headers]
        usable: list[bytes] = []
        if b"x-request-id" in names:
            usable = [value for name, value in headers if name == b"x-request-id" and REQUEST_ID.match(value)]
        request_id = usable[0] if usable else b"%016x" % (next(self._number) * SPREAD & 0xFFFF_FFFF_FFFF_FFFF)
        upgrades = b"upgrade" in names and (b"upgrade", b"websocket") in [(n, v.lower()) for n, v in headers]
        return request_id, _fault(scope["http_version"] == "1.0", names.count(b"host"), upgrades)


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


def _fault(old: bool, hosts: int, upgrades: bool) -> str | None:
    """What HTTP forbids in a request with so many lines of ``Host``; ``upgrades``: to a WebSocket."""
    if hosts > 1:
        return f"Host: the request has {hosts} lines of this header, it must have one"
    if not hosts and not old:
        return "Host: the header is missing, HTTP/1.1 requires it"
    if upgrades and old:
        return "Upgrade: a WebSocket handshake needs HTTP/1.1, the request uses HTTP/1.0"
    return None


async def _refuse(refused: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    response = answer_of(refused)
    if scope["type"] == "websocket":
        log.info(Action.HANDSHAKE_REFUSED, status=refused.status)
        await WebSocket(scope, receive, send).send_denial_response(response)
    else:
        await response(scope, receive, send)
