"""The REST API: one file for each kind of thing that is asked for."""

from __future__ import annotations

from starlette.routing import BaseRoute

from hub.edge.api import (
    aliases,
    auth,
    drivers,
    feeds,
    fleet_drivers,
    location,
    phone_tokens,
    positions,
    shares,
    ticket,
    track,
    trips,
    users,
    vehicles,
)
from hub.edge.api.past import Past
from hub.edge.node import Node
from hub.edge.passwords import Passwords
from hub.edge.registry import Registry


def routes(node: Node, past: Past, registry: Registry) -> list[BaseRoute]:
    """All paths of the API."""
    passwords = Passwords()
    operations: list[BaseRoute] = [
        *auth.routes(node, registry, passwords),
        *users.routes(node, registry, passwords),
        *ticket.routes(node),
        *location.routes(node),
        *drivers.routes(node),
        *feeds.routes(node),
        *track.routes(past),
        *trips.routes(past),
        *positions.routes(past),
        *fleet_drivers.routes(node, registry),
        *phone_tokens.routes(node, registry),
        *vehicles.routes(node, registry),
        *shares.routes(node, registry),
    ]
    return [*operations, *aliases.routes(operations)]
