"""Embedded services against real servers."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import redis.asyncio

from hub.embedded.services import running
from hub.settings import Settings


async def test_both_are_started_and_their_data_survives_a_restart(tmp_path: Path) -> None:
    for run in (1, 2):
        async with running(Settings(data_dir=tmp_path / "hub")) as services:
            assert services.problems() == []
            async with redis.asyncio.from_url(services.settings.redis_url) as client:
                assert await client.incr("runs") == run
            connection = await asyncpg.connect(services.settings.database_url)
            await connection.execute("CREATE TABLE IF NOT EXISTS runs (); INSERT INTO runs DEFAULT VALUES")
            assert await connection.fetchval("SELECT count(*) FROM runs") == run
            await connection.close()


async def test_what_is_configured_is_not_started(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "hub", redis_url="redis://r", database_url="postgresql://d")
    async with running(settings) as services:
        assert services.settings == settings
        assert services.parts == {}
    assert not settings.data_dir.exists()
