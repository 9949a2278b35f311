"""Tickets in Redis: for any node of the hub, for a moment, and once."""

from __future__ import annotations

from typing import cast

from redis.asyncio import Redis

TICKET_KEY = "hub:ticket:"
"""What the key of a ticket begins with; the SHA-256 of the ticket follows, so that who reads Redis has none."""


async def put(redis: Redis, hash: str, content: bytes, seconds: int) -> None:
    """Keep what a ticket stands for. Raises one of ``UNAVAILABLE``."""
    await redis.set(TICKET_KEY + hash, content, ex=seconds)


async def take(redis: Redis, hash: str) -> bytes | None:
    """What a ticket stands for; from then on nothing. Raises one of ``UNAVAILABLE``."""
    return cast("bytes | None", await redis.getdel(TICKET_KEY + hash))
