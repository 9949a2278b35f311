"""The generated secret of hubs that share a Redis (``HUB_JWT_SECRET=auto``)."""

from __future__ import annotations

import asyncio
import contextlib
from typing import cast

from hub.stores.redis.connection import UNAVAILABLE, connect

SECRET_KEY = "hub:jwt-secret"
"""Not in a backup, as little as the file in a data directory (``copies``)."""

PAUSE = 0.2
"""Seconds between two attempts."""


async def shared_secret(url: str, own: str, *, answer_time: float, patience: float) -> str:
    """The secret in Redis; ``own`` is put there if there is none. Each call may take ``answer_time`` seconds, and Redis
    ``patience`` seconds until it can be reached. Raises one of ``UNAVAILABLE``, and ``ValueError`` for a URL that
    redis-py refuses."""
    redis = connect(url, answer_time)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    try:
        while True:
            try:
                await redis.set(SECRET_KEY, own, nx=True)
                return cast(bytes, await redis.get(SECRET_KEY)).decode()
            except UNAVAILABLE:
                if loop.time() >= deadline:
                    raise
            await asyncio.sleep(PAUSE)
    finally:
        with contextlib.suppress(*UNAVAILABLE):
            await redis.aclose()
