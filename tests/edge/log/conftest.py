"""Two hubs on one Redis, with a database of their own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
import redis

from hub.embedded.services import Services
from hub.settings import Settings
from tests.support.api.fleets import execute
from tests.support.databases import of_database
from tests.support.running import PATIENCE, Edge, edge


def knows_past(hub: Edge) -> Edge:
    """The hub, once it has read past removals."""
    deadline = time.monotonic() + PATIENCE
    while not hub.call(lambda: hub.node.hub.knows_past):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return hub


@pytest.fixture(scope="module")
def settings(services: Services, template: str) -> Iterator[Settings]:
    found = services.settings
    asyncio.run(execute(found.database_url, f"CREATE DATABASE tail TEMPLATE {template}"))
    # So often that a test need not wait for a token.
    yield Settings(
        port=0,
        redis_url=found.redis_url,
        database_url=of_database(found.database_url, "tail"),
        heartbeat_interval=1.0,
        redis_timeout=5.0,
    )
    asyncio.run(execute(found.database_url, "DROP DATABASE tail WITH (FORCE)"))


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
def hubs(settings: Settings, store: redis.Redis) -> Iterator[tuple[Edge, Edge]]:
    store.flushall()
    with edge(settings) as one, edge(settings) as two:
        yield knows_past(one), knows_past(two)
