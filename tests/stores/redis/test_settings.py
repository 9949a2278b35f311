"""The settings of Redis on which an ack rests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.settings import RedisSettings, checked, problems, read

GOOD = RedisSettings(
    appendonly=True, appendfsync="always", sync_on_rewrite=True, maxmemory=1_000, maxmemory_policy="noeviction"
)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    names = ("appendfsync", "maxmemory", "maxmemory-policy", "no-appendfsync-on-rewrite")
    async with connect(redis_url, 30) as client:
        before = {name: (await client.config_get(name))[name] for name in names}
        yield client
        for name, value in before.items():
            await client.config_set(name, value)


async def test_what_redis_tells(redis: Redis) -> None:
    await redis.config_set("appendfsync", "always")
    found = await read(redis)
    assert (found.appendonly, found.appendfsync, found.sync_on_rewrite) == (True, "always", True)
    assert problems(found, "always") == {}
    await redis.config_set("appendfsync", "no")
    await redis.config_set("maxmemory", "1gb")
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    await redis.config_set("no-appendfsync-on-rewrite", "yes")
    wrong = problems(await read(redis), "everysec")
    assert list(wrong) == ["appendfsync", "no-appendfsync-on-rewrite", "maxmemory-policy"]
    assert wrong["maxmemory-policy"].startswith("Redis has maxmemory-policy allkeys-lru: ")
    await redis.config_set("maxmemory", "0")  # nothing is evicted without a limit
    assert "maxmemory-policy" not in problems(await read(redis), "everysec")


def test_what_breaks_the_promise() -> None:
    assert problems(GOOD, "always") == problems(GOOD, "everysec") == {}
    everysec = RedisSettings(appendonly=True, appendfsync="everysec")
    assert list(problems(everysec, "always")) == ["appendfsync"]
    assert problems(everysec, "everysec") == {}
    assert list(problems(RedisSettings(appendonly=False), "always")) == ["appendonly"]


async def test_a_redis_that_refuses_config_tells_a_part(redis: Redis, redis_url: str) -> None:
    await redis.acl_setuser("hosted", enabled=True, nopass=True, keys="*", commands=["+@all", "-config"])
    await redis.acl_setuser("strict", enabled=True, nopass=True, keys="*", commands=["+@all", "-config", "-info"])
    try:
        for name, told in (("hosted", {"appendonly", "maxmemory-policy"}), ("strict", set())):
            async with Redis.from_url(redis_url, username=name, password="") as client:
                found = await read(client)
            assert checked(found) == told
            assert problems(found, "always") == {}
    finally:
        await redis.acl_deluser("hosted", "strict")


async def test_a_redis_that_is_away_is_an_error() -> None:
    async with connect("unix:///nowhere/redis.sock", 1.0) as client:
        with pytest.raises(UNAVAILABLE):
            await read(client)
