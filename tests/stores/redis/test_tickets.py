"""Tickets are taken once, and expire."""

from __future__ import annotations

from redis.asyncio import Redis

from hub.stores.redis import tickets


async def test_a_ticket_is_taken_once(redis: Redis) -> None:
    await tickets.put(redis, "hash", b"content", 60)
    assert 0 < await redis.ttl(tickets.TICKET_KEY + "hash") <= 60
    assert await tickets.take(redis, "other") is None
    assert await tickets.take(redis, "hash") == b"content"
    assert await tickets.take(redis, "hash") is None
