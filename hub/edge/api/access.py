"""Who may read what: a token sees its own fleet, and a driver's token itself only."""

from __future__ import annotations

from starlette.requests import Request

from hub.core.nouns import ID_PATTERN
from hub.core.principal import Principal
from hub.edge.problems import Problem
from hub.edge.requests import principal_of
from hub.settings import Settings


def reader_of(settings: Settings, request: Request, driver_id: str | None = None) -> Principal:
    """The principal of a request that asks for its fleet, or for one driver. Raises ``Problem`` 401 or 403."""
    principal = principal_of(settings, request)
    if principal.subscribes or (driver_id is not None and principal.driver == driver_id):
        return principal
    raise Problem(403, f"the role {principal.role} may not read this")


def driver_in(request: Request) -> str:
    """The driver id in the path of a request. Raises ``Problem`` 404 for what cannot be one."""
    driver_id: str = request.path_params["driver_id"]
    if not ID_PATTERN.match(driver_id):
        raise Problem(404, "there is no such driver")
    return driver_id
