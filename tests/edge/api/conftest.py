"""A guarded hub for each module of tests, with a database of its own whose rows the module writes (``FILL``)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
import redis

from hub.embedded.services import Services
from hub.settings import Settings
from tests.conftest import of_database
from tests.edge.running import Edge, edge
from tests.edge.test_auth import SECRET


@pytest.fixture(scope="module")
def past(request: pytest.FixtureRequest, services: Services, template: str) -> Iterator[Edge]:
    name = request.module.__name__.rpartition(".")[2]
    url = of_database(services.settings.database_url, name)

    async def execute(url: str, *statements: str) -> None:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(execute(services.settings.database_url, f"CREATE DATABASE {name} TEMPLATE {template}"))
    asyncio.run(execute(url, request.module.FILL))
    with redis.Redis.from_url(services.settings.redis_url) as client:
        client.flushall()
    with edge(
        Settings(
            port=0,
            redis_url=services.settings.redis_url,
            database_url=url,
            jwt_secret=SECRET,
            history_connections=2,
            history_timeout=1.0,
        )
    ) as running:
        yield running
    asyncio.run(execute(services.settings.database_url, f"DROP DATABASE {name} WITH (FORCE)"))
