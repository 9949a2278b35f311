"""Paths that older fleet systems have, as further names of ours: the same requests, answers and access.

POST /api/location, /api/vehicle/ingest         POST /api/v1/location
GET /vehicle/status, /api/vehicle/status        GET /api/v1/drivers
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute

from hub.edge.http.operations import Operation

ALIASES = {
    "/api/location": ("POST", "/api/v1/location"),
    "/api/vehicle/ingest": ("POST", "/api/v1/location"),
    "/vehicle/status": ("GET", "/api/v1/drivers"),
    "/api/vehicle/status": ("GET", "/api/v1/drivers"),
}
"""Older path -> method and path of the operation."""


def routes(operations: Iterable[BaseRoute]) -> list[Operation]:
    """The older paths of those among ``operations`` that have one."""
    ours = {(found.method, found.path): found for found in operations if isinstance(found, Operation)}
    return [ours[original].renamed(path) for path, original in ALIASES.items()]
