"""The short path of the few routes that phones and dispatchers ask all the time: found in a table, and called without
the layers of Starlette. Checks, answers and problems are those of the route itself.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.edge.http.problems import handler_of, on_error
from hub.edge.http.requests import ShortRequest

SHORT = (
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


class ShortPath:
    """Calls the endpoints of ``SHORT``; passes every other request to ``other``."""

    def __init__(self, app: Starlette, other: ASGIApp) -> None:
        self.app, self.other = app, other
        # (method, path) -> route; (method, path up to the last slash) -> route, name of the parameter behind it.
        self._exact: dict[tuple[str, str], Route] = {}
        self._last: dict[tuple[str, str], tuple[Route, str]] = {}
        for path in SHORT:
            head, _, parameter = path.rstrip("}").partition("{")
            for method in ("GET", "POST"):
                route = _route(app, method, path)
                if route is not None and parameter:
                    self._last[method, head[:-1]] = route, parameter
                elif route is not None:
                    self._exact[method, path] = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = None
        if scope["type"] == "http":
            path: str = scope["path"]
            route, parameters = self._exact.get((scope["method"], path)), {}
            if route is None:
                head, _, last = path.rpartition("/")
                found = self._last.get((scope["method"], head))
                if found is not None and last:
                    route, parameters = found[0], {found[1]: last}
        if route is None:
            await self.other(scope, receive, send)
            return
        scope["app"], scope["route"], scope["path_params"] = self.app, route, parameters
        request = ShortRequest(scope, receive, send)
        try:
            response = await route.endpoint(request)
        except Exception as error:
            handler = handler_of(error)
            response = await handler(request, error)
            await response(scope, receive, send)
            if handler is on_error:
                raise  # uvicorn logs it
        else:
            await response(scope, receive, send)


def _route(app: Starlette, method: str, path: str) -> Route | None:
    """The route of this very path that Starlette would find, if there is one."""
    scope: Scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    found = next((route for route in app.routes if route.matches(scope)[0] is Match.FULL), None)
    return found if isinstance(found, Route) and found.path == path else None
