"""The routes of the direct path, and what is done for each of their requests.

Checks, answers and problems are those of the route itself. A request for which the middleware does more than to count,
to limit and to name it takes the usual way; that is found before anything is done for it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from hub.core.network import network_of, plain
from hub.edge.direct.calls import Connection, DirectCall, Taken
from hub.edge.direct.heads import LINE, Head, KnownHeads
from hub.edge.http.heads import Heads, lines_of
from hub.edge.http.limits import Addresses
from hub.edge.http.problems import BUG, Problem, answer_of, handler_of, on_error
from hub.edge.http.requests import DirectRequest, fields_of
from hub.edge.ops.figures import Answers
from hub.logs import REQUEST_ID, TRACEPARENT, Action, get_logger
from hub.settings import Settings, listed
from hub.tracing import process as tracing

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


class Direct:
    """The routes of ``PATHS``, and what the middleware does for their requests."""

    def __init__(
        self, app: Starlette, settings: Settings, addresses: Addresses, answers: Answers, heads: Heads
    ) -> None:
        self.app, self.addresses, self.answers, self.heads = app, addresses, answers, heads
        self._known = KnownHeads()
        self._default: list[tuple[bytes, bytes]] = []
        self._default_lines = b""
        self.cors, self.max_header_bytes = bool(settings.allowed_origins), settings.max_header_bytes
        proxies = listed(settings.trusted_proxies)
        self.proxied: ASGIApp | None = ProxyHeadersMiddleware(_nothing, proxies) if proxies else None  # type: ignore[arg-type, assignment]
        # (method, path) -> route; (method, path up to the last slash) -> route, name of the parameter behind it.
        self._exact: dict[tuple[bytes, bytes], Route] = {}
        self._last: dict[tuple[bytes, bytes], tuple[Route, str]] = {}
        self.traced = tracing.current is not None
        # Each request may begin a trace then.
        for path in () if tracing.current is not None and tracing.current.ratio else PATHS:
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

    def call(self, connection: Connection, method: bytes, target: bytes, scope: Scope) -> DirectCall | None:
        """The call of a request whose headers are complete. None for a request that takes the usual way."""
        if b"#" in target or (self.cors and any(name == b"origin" for name, _ in scope["headers"])):
            return None
        if self.traced and any(name == b"traceparent" for name, _ in scope["headers"]):
            return None
        route = self._find(method, target, scope)
        return None if route is None else DirectCall(connection, route, scope)

    def _find(self, method: bytes, target: bytes, scope: Scope) -> Route | None:
        """The route of a request. ``scope`` gets what its first line says."""
        path, _, query = target.partition(b"?")
        route = self._exact.get((method, path))
        parameters: dict[str, str] = {}
        if route is None:
            head, _, last = path.rpartition(b"/")
            found = self._last.get((method, head))
            if found is None or not last or b"%" in last or not last.isascii():
                return None
            route, parameters = found[0], {found[1]: last.decode()}
        scope["method"], scope["path"], scope["raw_path"] = method.decode(), path.decode(), path
        scope["query_string"], scope["app"] = query, self.app
        scope["route"], scope["path_params"] = route, parameters
        return route

    def start(self, call: DirectCall, data: bytes) -> bool:
        """Answer a call that the parser has read from ``data``. False, and nothing was done, if it has to take the
        usual way."""
        scope = call.scope
        ids, fault = self.heads.read(scope["headers"], scope["http_version"])
        if fault is not None:
            return False
        if client := scope["client"]:
            scope["client"] = plain(client[0]), client[1]
        if self.proxied is not None:
            with suppress(StopIteration):  # it does not suspend
                self.proxied(scope, call.receive, _unused).send(None)  # type: ignore[attr-defined]
        client = scope["client"]
        host = client[0] if client else ""
        network = None if self.addresses.exempt(host) else network_of(host)
        head = Head(data[: data.find(b"\r\n") + 2], scope, fields_of(scope["headers"]), network)
        if data and call.connection.client:
            self._known.remember(call.connection.client[0], data, head)
        call.head, (call.request_id, call.traceparent) = head, ids
        self.run(call)
        return True

    def repeat(self, connection: Connection, data: bytes) -> DirectCall | None:
        """The call of the request that ``data`` consists of, for ``run``; None if its head is not known."""
        peer = connection.client
        known = None if peer is None else self._known.find(peer[0], data)
        if known is None:
            return None
        head, body = known
        scope = head.scope
        if not data.startswith(head.line):
            line = LINE.match(data)
            if line is None or len(data) - len(body) - len(b"\r\n\r\n") > self.max_header_bytes:
                return None
            method, target = line[1], line[2]
            path, _, query = target.partition(b"?")
            if path == scope["raw_path"] and method.decode() == scope["method"]:
                scope = {**scope, "query_string": query}
            elif self._find(method, target, scope := {**scope}) is None:
                return None
        call = DirectCall(connection, scope["route"], scope, body)
        call.head, call.request_id = head, self.heads.new_id()
        return call

    def run(self, call: DirectCall) -> None:
        """Count and answer a call, at once, when the log has its fixes, or in a task."""
        head = call.head
        request = DirectRequest(call.scope, call.receive, _unused, head.fields, call.body)
        before, before_parent = REQUEST_ID.set(call.request_id.decode()), TRACEPARENT.set(call.traceparent)
        try:
            if head.network is not None:
                self.addresses.spend(head.network, call.scope["path"], call.began)
            take: Callable[[DirectRequest], Taken | None] | None = getattr(call.route, "take", None)
            taken = None if take is None else take(request)
            if taken is None:
                call.task = call.connection.loop.create_task(self._respond(call, request))
                call.connection.tasks.add(call.task)
                return
            if taken.when_logged is not None:
                taken.when_logged(partial(self._end, call, taken))
                return
            response = taken.answer()
        except Exception as error:
            response = _refused(error)
        finally:
            REQUEST_ID.reset(before)
            TRACEPARENT.reset(before_parent)
        self._answer(call, response)

    def _end(self, call: DirectCall, taken: Taken, problem: Problem | None) -> None:
        """The log has confirmed the fixes of a call, or not. Does not raise: other requests wait for the same batch."""
        before, before_parent = REQUEST_ID.set(call.request_id.decode()), TRACEPARENT.set(call.traceparent)
        try:
            try:
                response = taken.answer() if problem is None else answer_of(problem)
            except Exception as error:
                response = _refused(error)
            self._answer(call, response)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="answer")
            call.connection.transport.abort()
        finally:
            REQUEST_ID.reset(before)
            TRACEPARENT.reset(before_parent)

    async def _respond(self, call: DirectCall, request: DirectRequest) -> None:
        try:
            endpoint: Callable[[Request], Awaitable[Response]] = call.route.endpoint
            try:
                response = await endpoint(request)
            except Exception as error:
                handler = handler_of(error)
                if handler is on_error:
                    log.exception(Action.INTERNAL_ERROR, where="request")
                response = await handler(request, error)
            self._answer(call, response)
        finally:
            call.connection.tasks.discard(call.task)

    def _answer(self, call: DirectCall, response: Response) -> None:
        status = response.status_code
        self.answers.count(call.route.path, status, time.monotonic() - call.began)
        default = call.connection.server_state.default_headers
        if default is not self._default:  # uvicorn replaces them each second, for the date
            self._default, self._default_lines = default, lines_of(default)
        head = self.heads.lines(tuple(response.raw_headers), call.scope["scheme"])
        end = b"\r\n\r\n" if call.keep_alive else b"\r\nconnection: close\r\n\r\n"
        call.answer(
            b"".join(
                (STATUS_LINE[status], self._default_lines, head, b"x-request-id: ", call.request_id, end, response.body)
            )
        )


def _refused(error: Exception) -> Response:
    """The answer to a request whose fixes were refused, or to one that found a bug."""
    if isinstance(error, Problem):
        return answer_of(error)
    log.exception(Action.INTERNAL_ERROR, where="request")
    return answer_of(BUG)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind the middleware that reads the headers of proxies."""


async def _unused(message: Message) -> None:
    raise AssertionError("an endpoint of the direct path returns its answer")


def _route(app: Starlette, method: str, path: str) -> Route | None:
    """The route of this very path that Starlette would find, if there is one."""
    scope: Scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    found = next((route for route in app.routes if route.matches(scope)[0] is Match.FULL), None)
    return found if isinstance(found, Route) and found.path == path else None
