"""A hub with a database of its own for tests that enter drivers and vehicles, and the tokens of who asks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import asyncpg
import redis

from hub.embedded.services import Services
from hub.settings import Settings
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import Answer, call
from tests.support.databases import of_database
from tests.support.running import Edge, edge

DRIVERS = "/api/v1/fleet/drivers"
VEHICLES = "/api/v1/fleet/vehicles"
SHARES = "/api/v1/shares"

ADMIN = token(role="admin", fleet="f")
DISPATCHER = token(role="dispatcher", fleet="f")
DRIVER = token(role="driver", driver="d", fleet="f")
GATEWAY = token(role="gateway", fleet="f")
STRANGER = token(role="admin", fleet="g")
"""Manages another fleet."""


@contextmanager
def hub_with(services: Services, template: str, name: str, **settings: Any) -> Iterator[Edge]:
    """A hub on an empty database ``name``; guarded unless ``settings`` say otherwise."""
    url = services.settings.database_url
    asyncio.run(execute(url, f"CREATE DATABASE {name} TEMPLATE {template}"))
    with redis.Redis.from_url(services.settings.redis_url) as client:
        client.flushall()
    given = {"jwt_secret": SECRET, "history_timeout": 20.0, **settings}
    try:
        with edge(
            Settings(port=0, redis_url=services.settings.redis_url, database_url=of_database(url, name), **given)
        ) as running:
            yield running
    finally:
        asyncio.run(execute(url, f"DROP DATABASE {name} WITH (FORCE)"))


async def execute(url: str, statement: str, *values: object) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()


ENDED = (asyncpg.OperatorInterventionError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)
"""What a statement fails with on a connection that the server has ended."""


class _Reader:
    """The connection of ``fetch``, to one database at a time: to open it takes longer than most statements."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._url = ""
        self._connection: asyncpg.Connection | None = None

    def fetch(self, url: str, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        return self._runner.run(self._fetch(url, statement, values))

    async def _fetch(self, url: str, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        if self._connection is not None and url == self._url:
            # A database is made again between two tests.
            with contextlib.suppress(*ENDED):
                return [tuple(row) for row in await self._connection.fetch(statement, *values)]
        if self._connection is not None:
            self._connection.terminate()
        # A statement that is kept would not know of a change of the schema.
        self._connection, self._url = await asyncpg.connect(url, statement_cache_size=0), url
        return [tuple(row) for row in await self._connection.fetch(statement, *values)]


@cache
def _reader() -> _Reader:
    return _Reader()


def fetch(hub: Edge, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the hub's database."""
    return _reader().fetch(hub.settings.database_url, statement, values)


def change(hub: Edge, method: str, path: str, body: object = None, *, etag: str = "", token: str = ADMIN) -> Answer:
    """The answer to a change, meant for a version where there is an ``etag``."""
    return call(hub, method, path, body, {"if-match": etag} if etag else {}, token)


def fields(answer: Answer) -> list[str]:
    return [error["field"] for error in answer.json.get("errors", [])]
