"""Who may read what: a token sees its own fleet, and a driver's token itself only."""

from __future__ import annotations

from starlette.requests import Request

from hub.core.nouns import ID_PATTERN
from hub.core.principal import MANAGERS, Principal
from hub.edge.http.problems import Problem
from hub.edge.http.requests import principal_of
from hub.identity.identity import Identity


async def reader_of(identity: Identity, request: Request, driver_id: str | None = None) -> Principal:
    """The principal of a request that asks for its fleet, or for one driver. Raises ``Problem`` 401, 403 or 503."""
    principal = await principal_of(identity, request)
    check_reader(principal, driver_id)
    return principal


def check_reader(principal: Principal, driver_id: str | None = None) -> None:
    """Whether a principal may read its fleet, or one driver. Raises ``Problem`` 403."""
    if not principal.subscribes and (driver_id is None or principal.driver != driver_id):
        raise Problem(403, f"the role {principal.role} may not read this")


async def admin_of(identity: Identity, request: Request) -> Principal:
    """The principal of a request that manages its fleet. Raises ``Problem`` 401, 403 or 503."""
    principal = await principal_of(identity, request)
    if principal.role not in MANAGERS:
        raise Problem(403, f"the role {principal.role} may not manage the fleet")
    return principal


def driver_in(request: Request) -> str:
    """The driver id in the path of a request. Raises ``Problem`` 404 for what cannot be one."""
    driver_id: str = request.path_params["driver_id"]
    if not ID_PATTERN.match(driver_id):
        raise Problem(404, "there is no such driver")
    return driver_id
