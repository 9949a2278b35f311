"""The connection to Redis: no retries, short timeouts, so that every error reaches whoever can decide."""

from __future__ import annotations

from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

# What a failing Redis raises: redis-py's errors and the operating system's.
from redis.exceptions import RedisError

UNAVAILABLE = (RedisError, OSError, TimeoutError)


class _Packing:
    """Packs commands in C, as redis-py's blocking connections do: a quarter of the time for a group commit."""

    def pack_command(self, *args: Any) -> list[bytes]:
        # "CONFIG SET" goes as two words.
        return [hiredis.pack_command((*args[0].split(), *args[1:]))]


def connect(url: str, timeout: float) -> Redis:
    """A client for ``redis://``, ``rediss://`` or ``unix://``; each call waits at most ``timeout`` seconds."""
    client = Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        # By default redis-py sends a command again after a cut reply, which would double log entries.
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )
    pool = client.connection_pool
    pool.connection_class = type("Connection", (_Packing, pool.connection_class), {})
    return client
