"""One hub for each module of tests; its settings are the module's ``SETTINGS``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from hub.embedded.services import Services
from hub.settings import Settings
from tests.support.running import Edge, edge


@pytest.fixture(scope="module")
def hub(request: pytest.FixtureRequest, services: Services) -> Iterator[Edge]:
    url = services.settings.redis_url
    with redis.Redis.from_url(url) as client:
        client.flushall()
    settings = {"database_url": services.settings.database_url, **getattr(request.module, "SETTINGS", {})}
    with edge(Settings(port=0, redis_url=url, **settings)) as running:
        yield running
