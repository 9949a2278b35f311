"""The declaration of an operation: it checks what it declares, and cannot be left out."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from hub.core.principal import Principal, Role
from hub.edge.app import PLAIN, check_declared
from hub.edge.http.access import Access, authorize
from hub.edge.http.door import Door
from hub.edge.http.limits import Addresses
from hub.edge.http.operations import Operation
from hub.edge.http.problems import Problem
from hub.edge.http.writes import Writes
from hub.identity.identity import Identity
from hub.settings import Settings
from tests.identity.test_tokens import SECRET
from tests.support.api.calls import call
from tests.support.running import Edge

SETTINGS = {"jwt_secret": SECRET}
GUARDED = Settings(jwt_secret=SECRET)


def door() -> Door:
    needs: Any = None  # asked when a request comes
    return Door(Identity(GUARDED), Addresses(GUARDED), lambda principal, driver_id: None, Writes(), needs)


async def answer(call: Any) -> Response:
    return Response()


def routes_of(hub: Edge) -> list[BaseRoute]:
    app: Any = hub.server.config.app
    while not isinstance(app, Starlette):
        app = app.app
    return app.routes


def test_an_operation_without_access_cannot_be_constructed() -> None:
    declare: Any = Operation
    with pytest.raises(TypeError, match="access"):
        declare(door(), "GET", "/api/v1/new", answer, summary="New")
    with pytest.raises(TypeError, match="access must be an Access"):
        declare(door(), "GET", "/api/v1/new", answer, summary="New", access=None)


def test_a_path_parameter_without_a_check_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="depot_id"):
        Operation(door(), "GET", "/api/v1/depots/{depot_id}", answer, summary="A depot", access=Access.FLEET)


async def rogue(request: Request) -> Response:
    return Response("secret")


@pytest.mark.parametrize(
    "route",
    [Route("/api/v1/rogue", rogue), Mount("/files", rogue), WebSocketRoute("/live", rogue), Starlette().router],
    ids=["route", "mount", "socket", "router"],
)
def test_a_route_outside_both_lists_stops_the_start(route: Any) -> None:
    with pytest.raises(TypeError, match="declare the route"):
        check_declared([route])


def test_the_list_of_plain_routes_holds_no_route_that_is_gone(hub: Edge) -> None:
    plain = [route for route in routes_of(hub) if not isinstance(route, Operation)]
    check_declared(plain)
    served = PLAIN.keys() - {"/socket.io"}  # HUB_SOCKETIO is off
    assert {(route.path.rstrip("/") or "/") for route in plain} == served  # type: ignore[attr-defined]


PUBLIC = {
    "/api/openapi.json",
    "/api/asyncapi.json",
    "/api/docs",
    "/api/docs/start.js",
    "/api/v1/auth/token",
    "/api/v1/auth/refresh",
    "/api/v1/auth/logout",
    "/api/v1/auth/totp",
    "/api/v1/auth/oidc/login",
    "/api/v1/auth/oidc/callback",
    "/api/v1/auth/oidc/logout",
    "/api/v1/share/{token}",
    "/api/v1/share/{cars_token}/nearby",
    "/api/v1/share/{drivers_token}/drivers",
    "/api/v1/screen",
    "/api/v1/unsubscribe/{mailbox_token}",
}


def test_every_operation_but_the_public_ones_refuses_a_request_without_a_token(hub: Edge) -> None:
    operations = [route for route in routes_of(hub) if isinstance(route, Operation)]
    assert {operation.path for operation in operations if operation.public} == PUBLIC
    for operation in operations:
        if not operation.public:
            path = operation.path
            for name in operation.param_convertors:
                path = path.replace(f"{{{name}}}", "00000000-0000-0000-0000-000000000000")
            assert call(hub, operation.method, path).status == 401, path


DRIVER = Principal("f", Role.DRIVER, driver="van7")
ALLOWED = {
    Access.PUBLIC: {"open", "driver", "gateway", "dispatcher", "admin"},
    Access.TOKEN: {"open", "driver", "gateway", "dispatcher", "admin"},
    Access.OWN: {"open", "driver", "dispatcher", "admin"},
    Access.DRIVER: {"open", "dispatcher", "admin"},
    Access.FLEET: {"open", "dispatcher", "admin"},
    Access.PUBLISH: {"open", "driver", "gateway"},
    Access.MANAGE: {"open", "admin"},
}


@pytest.mark.parametrize("access", Access)
@pytest.mark.parametrize("role", Role)
def test_a_role_is_held_to_the_access(access: Access, role: Role) -> None:
    principal = Principal("f", role, driver="van7" if role is Role.DRIVER else None)
    if role in ALLOWED[access]:
        authorize(access, principal)
    else:
        with pytest.raises(Problem) as refused:
            authorize(access, principal)
        assert refused.value.status == 403


def test_a_driver_reads_itself_only() -> None:
    authorize(Access.DRIVER, DRIVER, "van7")
    for other in ("van8", None):
        with pytest.raises(Problem, match="the role driver may not read this"):
            authorize(Access.DRIVER, DRIVER, other)
