"""Two hubs on one Valkey and one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import redis

from hub.embedded.services import Services
from hub.settings import Settings
from tests.deploy.fronts import free_ports
from tests.deploy.pairs import METRICS, Pair
from tests.identity.test_tokens import SECRET
from tests.support.api.fleets import execute
from tests.support.databases import of_database
from tests.support.running import Served


@pytest.fixture(scope="module")
def pair(services: Services, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two hubs that keep their ports over restarts; a test that stops one starts it again. They end with the module:
    what other tests take out of Redis, a hub that lives puts there again."""
    url = services.settings.database_url
    asyncio.run(execute(url, f"CREATE DATABASE pair TEMPLATE {template}"))
    with redis.Redis.from_url(services.settings.redis_url) as client:
        client.flushall()
    common = Settings(
        redis_url=services.settings.redis_url,
        database_url=of_database(url, "pair"),
        redis_appendfsync="everysec",
        jwt_secret=SECRET,
        metrics_token=METRICS,
        trusted_proxies="127.0.0.1",
        log_format="json",
    )
    folders: list[Path] = [tmp_path_factory.mktemp("hub") for _ in range(2)]
    both = [
        msgspec.structs.replace(common, port=port, data_dir=folder)
        for port, folder in zip(free_ports(2), folders, strict=True)
    ]
    running = Pair([Served(settings) for settings in both])
    try:
        yield running
    finally:
        for hub in running.hubs:
            hub.kill()
        asyncio.run(execute(url, "DROP DATABASE pair WITH (FORCE)"))
