"""The REST API: one file for each kind of thing that is asked for."""

from __future__ import annotations

from starlette.routing import BaseRoute

from hub.edge.api import location
from hub.edge.node import Node


def routes(node: Node) -> list[BaseRoute]:
    """All paths of the API."""
    return [*location.routes(node)]
