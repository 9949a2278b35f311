"""What each node tells the others of the limits that it uses much of."""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis

TOLD_KEY = "hub:limits"
"""Hash: node -> what it told last."""

KEPT = 10
"""Seconds after which Redis deletes what all nodes told, if none tells any more."""


async def exchange(redis: Redis, node: str, told: bytes | None, *, forget: bool) -> dict[str, bytes]:
    """Store what a node tells; None for nothing, and ``forget`` if it told something before. Returns what others told
    last. Raises one of ``UNAVAILABLE``."""
    async with redis.pipeline(transaction=False) as pipeline:
        if told is not None:
            pipeline.hset(TOLD_KEY, node, told)
            pipeline.expire(TOLD_KEY, KEPT)
        elif forget:
            pipeline.hdel(TOLD_KEY, node)
        pipeline.hgetall(TOLD_KEY)
        *_, found = await pipeline.execute()
    return {name.decode(): text for name, text in found.items() if name != node.encode()}


async def remove(redis: Redis, nodes: Sequence[str]) -> None:
    """Remove what nodes told that tell nothing new. Raises one of ``UNAVAILABLE``."""
    await redis.hdel(TOLD_KEY, *nodes)
