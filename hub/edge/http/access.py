"""Access rules of operations. A token gives access to its own fleet, a driver's token to its own driver."""

from __future__ import annotations

from collections.abc import Callable
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
    if not _ALLOWED[access](principal, driver_id):
        action = _ACTIONS.get(access, "read this")
        raise Problem(403, f"the role {principal.role} may not {action}")


# A table, because naming the members of an enumeration one after the other takes a microsecond.
_ALLOWED: dict[Access, Callable[[Principal, str | None], bool]] = {
    Access.PUBLIC: lambda principal, driver_id: True,
    Access.TOKEN: lambda principal, driver_id: True,
    Access.OWN: lambda principal, driver_id: principal.subscribes or principal.driver is not None,
    Access.DRIVER: lambda principal, driver_id: (
        principal.subscribes or (driver_id is not None and principal.driver == driver_id)
    ),
    Access.FLEET: lambda principal, driver_id: principal.subscribes,
    Access.PUBLISH: lambda principal, driver_id: principal.publishes,
    Access.MANAGE: lambda principal, driver_id: principal.role in MANAGERS,
}

_ACTIONS = {Access.PUBLISH: "publish positions", Access.MANAGE: "manage the fleet"}
