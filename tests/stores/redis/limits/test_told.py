"""Nodes hear what others tell of their limits."""

from __future__ import annotations

from redis.asyncio import Redis

from hub.stores.redis.limits import told


async def test_nodes_hear_what_others_tell(redis: Redis) -> None:
    assert await told.exchange(redis, "a", b"1", forget=False) == {}
    assert await told.exchange(redis, "b", b"2", forget=False) == {"a": b"1"}
    assert await told.exchange(redis, "c", None, forget=False) == {"a": b"1", "b": b"2"}
    assert 0 < await redis.ttl(told.TOLD_KEY) <= told.KEPT
    assert await told.exchange(redis, "a", None, forget=True) == {"b": b"2"}
    await told.remove(redis, ["b"])
    assert await told.exchange(redis, "a", None, forget=False) == {}
