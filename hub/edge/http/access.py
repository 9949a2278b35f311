"""Access rules of operations. A token gives access to its own fleet, a driver's token to its own driver."""

from __future__ import annotations

from enum import StrEnum

from hub.core.principal import MANAGERS, Principal
from hub.edge.http.problems import Problem


class Access(StrEnum):
    """The access that an ``Operation`` declares. All but ``PUBLIC`` need a token, except on an open hub."""

    PUBLIC = "public"
    """No token is read."""
    TOKEN = "token"
    """Any token: the answer is about the token itself."""
    OWN = "own"
    """Dispatchers and admins, and drivers; the handler refuses a driver what belongs to another driver."""
    DRIVER = "driver"
    """Dispatchers and admins, and the driver that the path's ``driver_id`` or the parameter ``driverId`` names."""
    FLEET = "fleet"
    """Dispatchers and admins."""
    PUBLISH = "publish"
    """Drivers and gateways."""
    MANAGE = "manage"
    """Admins."""


def authorize(access: Access, principal: Principal, driver_id: str | None = None) -> None:
    """Check a principal against a declaration; ``driver_id`` is the driver that the request names. Raises ``Problem``
    403."""
    match access:
        case Access.PUBLIC | Access.TOKEN:
            return
        case Access.PUBLISH:
            allowed, action = principal.publishes, "publish positions"
        case Access.MANAGE:
            allowed, action = principal.role in MANAGERS, "manage the fleet"
        case Access.FLEET:
            allowed, action = principal.subscribes, "read this"
        case Access.OWN:
            allowed, action = principal.subscribes or principal.driver is not None, "read this"
        case Access.DRIVER:
            own = driver_id is not None and principal.driver == driver_id
            allowed, action = principal.subscribes or own, "read this"
    if not allowed:
        raise Problem(403, f"the role {principal.role} may not {action}")
