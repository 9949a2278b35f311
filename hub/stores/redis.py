"""The connection to Redis: no retries, short timeouts, so that every error reaches whoever can decide."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

# What a failing Redis raises: redis-py's errors and the operating system's.
from redis.exceptions import RedisError

UNAVAILABLE = (RedisError, OSError, TimeoutError)


def connect(url: str, timeout: float) -> Redis:
    """A client for ``redis://``, ``rediss://`` or ``unix://``; each call waits at most ``timeout`` seconds."""
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        # By default redis-py sends a command again after a cut reply, which would double log entries.
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )
