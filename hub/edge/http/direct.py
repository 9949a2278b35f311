"""The direct path: requests of the few routes that phones and dispatchers ask all the time go from the parser to the
endpoint, and the answer from there to the transport, without uvicorn's cycle, the middleware and Starlette's routing.

Checks, answers and problems are those of the route itself. A request for which the middleware does more than to count,
to limit and to name it takes the usual way; that is found before anything is done for it.
"""

from __future__ import annotations

import time
from asyncio import Task
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from hub.core.network import network_of, plain
from hub.edge.http.heads import Heads, lines_of
from hub.edge.http.limits import Addresses
from hub.edge.http.problems import Problem, answer_of, handler_of, on_error
from hub.edge.http.requests import DirectRequest
from hub.edge.ops.figures import Answers
from hub.logs import Action, bind_contextvars, get_logger
from hub.settings import Settings, listed

log = get_logger()

PATHS = (
    "/api/v1/location",
    "/api/location",
    "/api/vehicle/ingest",
    "/api/v1/drivers/{driver_id}",
    "/api/v1/nearby",
    "/osmand",
    "/owntracks",
    "/traccar",
    "/t/{token}",
)
"""Paths whose answers are small and quick to make: they need not wait for a turn (``InTurn``) either. A parameter can
only be the last segment."""

MOST = 65_536
"""Bytes of a body. uvicorn pauses the reading of a larger one while the endpoint reads it."""


class Connection(Protocol):
    """What a call needs of ``HttpProtocol``."""

    transport: Any
    tasks: set[Task[None]]
    server_state: Any
    loop: Any

    def on_response_complete(self) -> None: ...


class _Nothing:
    """Stands where uvicorn wakes the task that waits for a body."""

    def set(self) -> None:
        """Nothing waits."""


class DirectCall:
    """A request on the direct path, in the place of uvicorn's cycle of request and response."""

    response_started = False
    task: Task[None]
    message_event = _Nothing()

    def __init__(self, connection: Connection, route: Route, scope: Scope) -> None:
        self.connection, self.route, self.scope = connection, route, scope
        self.began = time.monotonic()
        self.body = b""
        self.response_complete = self.disconnected = False
        self.keep_alive = True

    async def receive(self) -> Message:
        """The body; uvicorn would send it in pieces."""
        return {"type": "http.request", "body": self.body, "more_body": False}

    def answer(self, data: bytes) -> None:
        """Write the answer."""
        if self.disconnected:
            return
        self.response_complete = True
        self.connection.transport.write(data)
        if not self.keep_alive:
            self.connection.transport.close()
        self.connection.on_response_complete()


class Direct:
    """The routes of ``PATHS``, and what the middleware does for their requests."""

    def __init__(
        self, app: Starlette, settings: Settings, addresses: Addresses, answers: Answers, heads: Heads
    ) -> None:
        self.app, self.addresses, self.answers, self.heads = app, addresses, answers, heads
        self._default: list[tuple[bytes, bytes]] = []
        self._default_lines = b""
        self.cors = bool(settings.allowed_origins)
        proxies = listed(settings.trusted_proxies)
        self.proxied: ASGIApp | None = ProxyHeadersMiddleware(_nothing, proxies) if proxies else None  # type: ignore[arg-type, assignment]
        # (method, path) -> route; (method, path up to the last slash) -> route, name of the parameter behind it.
        self._exact: dict[tuple[bytes, bytes], Route] = {}
        self._last: dict[tuple[bytes, bytes], tuple[Route, str]] = {}
        for path in PATHS:
            head, _, parameter = path.rstrip("}").partition("{")
            for method in ("GET", "POST"):
                route = _route(app, method, path)
                if route is not None and parameter:
                    self._last[method.encode(), head[:-1].encode()] = route, parameter
                elif route is not None:
                    self._exact[method.encode(), path.encode()] = route

    @property
    def routes(self) -> list[Route]:
        return [*self._exact.values(), *(route for route, _ in self._last.values())]

    def call(self, connection: Connection, method: bytes, url: bytes, scope: Scope) -> DirectCall | None:
        """The call of a request whose headers are complete. None for a request that takes the usual way."""
        path, _, query = url.partition(b"?")
        route, parameters = self._exact.get((method, path)), {}
        if route is None:
            head, _, last = path.rpartition(b"/")
            found = self._last.get((method, head))
            if found is None or not last or b"%" in last or not last.isascii():
                return None
            route, parameters = found[0], {found[1]: last.decode()}
        if b"#" in url or (self.cors and any(name == b"origin" for name, _ in scope["headers"])):
            return None
        scope["method"], scope["path"], scope["raw_path"] = method.decode(), path.decode(), path
        scope["query_string"], scope["app"] = query, self.app
        scope["route"], scope["path_params"] = route, parameters
        return DirectCall(connection, route, scope)

    def start(self, call: DirectCall) -> bool:
        """Answer a call whose body is complete. False, and nothing was done, if it has to take the usual way."""
        scope = call.scope
        request_id, fault = self.heads.read(scope["headers"], scope["http_version"])
        if fault is not None:
            return False
        if client := scope["client"]:
            scope["client"] = plain(client[0]), client[1]
        if self.proxied is not None:
            with suppress(StopIteration):  # it does not suspend
                self.proxied(scope, call.receive, _unused).send(None)  # type: ignore[attr-defined]
        client = scope["client"]
        host = client[0] if client else ""
        if not self.addresses.exempt(host):
            try:
                self.addresses.spend(network_of(host), scope["path"], call.began)
            except Problem as refused:
                self._answer(call, request_id, answer_of(refused))
                return True
        connection = call.connection
        call.task = connection.loop.create_task(self._run(call, request_id))
        connection.tasks.add(call.task)
        return True

    async def _run(self, call: DirectCall, request_id: bytes) -> None:
        try:
            bind_contextvars(request_id=request_id.decode())
            request = DirectRequest(call.scope, call.receive, _unused, call.body)
            endpoint: Callable[[Request], Awaitable[Response]] = call.route.endpoint
            try:
                response = await endpoint(request)
            except Exception as error:
                handler = handler_of(error)
                if handler is on_error:
                    log.exception(Action.INTERNAL_ERROR, where="request")
                response = await handler(request, error)
            self._answer(call, request_id, response)
        finally:
            call.connection.tasks.discard(call.task)

    def _answer(self, call: DirectCall, request_id: bytes, response: Response) -> None:
        status = response.status_code
        self.answers.count(call.route.path, status, time.monotonic() - call.began)
        default = call.connection.server_state.default_headers
        if default is not self._default:  # uvicorn replaces them each second, for the date
            self._default, self._default_lines = default, lines_of(default)
        head = self.heads.lines(tuple(response.raw_headers), call.scope["scheme"])
        end = b"\r\n\r\n" if call.keep_alive else b"\r\nconnection: close\r\n\r\n"
        call.answer(
            b"".join(
                (STATUS_LINE[status], self._default_lines, head, b"x-request-id: ", request_id, end, response.body)
            )
        )


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind the middleware that reads the headers of proxies."""


async def _unused(message: Message) -> None:
    raise AssertionError("an endpoint of the direct path returns its answer")


def _route(app: Starlette, method: str, path: str) -> Route | None:
    """The route of this very path that Starlette would find, if there is one."""
    scope: Scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    found = next((route for route in app.routes if route.matches(scope)[0] is Match.FULL), None)
    return found if isinstance(found, Route) and found.path == path else None
