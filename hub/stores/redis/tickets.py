"""Tickets in Redis: short-lived, valid once, at any node of the hub."""

from __future__ import annotations

from typing import cast

from redis.asyncio import Redis

TICKET_KEY = "hub:ticket:"
"""Prefix of a ticket's key. The SHA-256 of the ticket follows, so that reading Redis does not reveal tickets."""


async def put(redis: Redis, hash: str, content: bytes, seconds: int) -> None:
    """Store the content of a ticket. Raises one of ``UNAVAILABLE``."""
    await redis.set(TICKET_KEY + hash, content, ex=seconds)


async def take(redis: Redis, hash: str) -> bytes | None:
    """The content of a ticket, which is deleted; None if there is none. Raises one of ``UNAVAILABLE``."""
    return cast("bytes | None", await redis.getdel(TICKET_KEY + hash))
