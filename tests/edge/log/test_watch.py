"""Refuse before Redis does, and say how far behind history is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from hub.core.live.unlogged import Unlogged
from hub.edge.log.safety import LogSafety
from hub.edge.log.watch import LogWatch
from hub.wire.log import RECORDER_KEY


def ignored() -> None:
    """What is done about damage is the appender's."""


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        before = (await client.config_get("maxmemory"))["maxmemory"]
        yield client
        await client.config_set("maxmemory", before)


async def look(watch: LogWatch) -> None:
    """One look and a little more."""
    task = asyncio.create_task(watch.run())
    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.wait([task])


async def test_a_redis_that_is_nearly_full_closes_the_log_until_there_is_room(redis: Redis) -> None:
    unlogged = Unlogged(1_000, 100)
    watch = LogWatch(redis, unlogged, LogSafety(redis, "everysec", ignored), 0.9, 30)
    await redis.hset(RECORDER_KEY, "lag_seconds", "0.2")
    used = (await redis.info("memory"))["used_memory"]
    await redis.config_set("maxmemory", int(used * 1.05))
    await look(watch)
    assert unlogged.full
    assert watch.problems()[0].endswith("nothing is acked until the recorder has made room")
    await redis.config_set("maxmemory", used * 3)
    await look(watch)
    assert not unlogged.full and watch.problems() == [] and watch.degraded() == []
    await redis.config_set("maxmemory", 0)  # without a limit there is nothing to watch
    await look(watch)
    assert not unlogged.full


async def test_history_that_is_behind_or_stands_still_is_said(redis: Redis) -> None:
    watch = LogWatch(redis, Unlogged(1_000, 100), LogSafety(redis, "everysec", ignored), 0.9, 30)
    assert watch.degraded() == []  # nothing is known yet
    await look(watch)
    assert watch.degraded() == ["no recorder reports: history is not recorded"]
    await redis.hset(RECORDER_KEY, "lag_seconds", "45.04")
    await look(watch)
    assert watch.degraded() == ["history is 45 s behind"]
    await redis.hset(RECORDER_KEY, "lag_seconds", "29")
    await look(watch)
    assert watch.degraded() == []
