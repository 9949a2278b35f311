"""The OpenAPI document before any hub runs, to make tests from: a new path cannot be forgotten in them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import cache
from typing import Any

from starlette.applications import Starlette

from hub.edge import openapi
from hub.edge.app import build
from hub.edge.log_safety import LogSafety
from hub.edge.node import Node
from hub.settings import Settings
from hub.stores.redis import connect


@cache
def document() -> dict[str, Any]:
    async def make() -> Any:
        safety = LogSafety(connect("redis://unused", 1.0), "always", lambda: None)
        return build(Node(Settings(database_url="postgresql://unused")), list, list, safety)

    app = asyncio.run(make())
    while not isinstance(app, Starlette):
        app = app.app
    return openapi.document(app.routes)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and what is said of it."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation
