"""The connection to Redis: no retries, short timeouts, so that every error reaches whoever can decide."""

from __future__ import annotations

import asyncio
from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

# What a failing Redis raises: redis-py's errors and the operating system's.
from redis.exceptions import RedisError

UNAVAILABLE = (RedisError, OSError, TimeoutError)


class _Packing(AbstractConnection):
    """Packs commands in C, as redis-py's blocking connections do: a quarter of the time for a group commit."""

    def pack_command(self, *args: Any) -> list[bytes]:
        # "CONFIG SET" goes as two words.
        return [hiredis.pack_command((*args[0].split(), *args[1:]))]

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        # redis-py limits a write by `asyncio.wait_for`, which before Python 3.12 loses a cancellation that comes as the
        # write ends: a task that was told to stop would go on, and the hub would never end.
        limit, self.socket_timeout = self.socket_timeout, None
        try:
            async with asyncio.timeout(limit):
                await super().send_packed_command(command, check_health)
        finally:
            self.socket_timeout = limit


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
