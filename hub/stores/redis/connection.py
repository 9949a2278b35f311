"""Connections to Redis, without retries and with short timeouts. The only place that connects."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError

from hub.stores.redis import cluster, sentinel, sockets

UNAVAILABLE = (RedisError, RedisClusterException, OSError, TimeoutError)
"""Errors of a Redis that fails: those of redis-py and of the operating system."""


def connections_made(client: Redis) -> int:
    """How often a client of ``connect`` has connected, also unnoticed, before a call."""
    made: type[Any] = client.connection_pool.connection_class
    return int(made.made)


async def disconnect(client: Redis) -> None:
    """Close the connections of a client, which connects again with its next command. To close one with TLS waits for
    the other side; redis-py raises an error where that is gone, and the connection is closed all the same."""
    with contextlib.suppress(*UNAVAILABLE):
        await client.connection_pool.disconnect()


def connect(url: str, timeout: float, block: float = 0.0, *, single: bool = False, key: str = "") -> Redis:
    """A client for ``redis://``, ``rediss://``, ``unix://``, for the primary that Sentinels name (``sentinel.py``), or
    for a cluster (``cluster.py``). Each call waits at most ``timeout`` seconds for Redis, after the ``block`` seconds
    that the call itself may wait for news. ``single``: with one connection, whose loss is an error of the next call
    instead of a reconnect. ``key``: the client is for transactions with keys in the slot of this one, which only a
    cluster needs to know. Raises ``ValueError`` for a URL that cannot be used."""
    options = {
        "socket_timeout": block + timeout,
        "socket_connect_timeout": timeout,
        # By default redis-py sends a command again after a cut reply, which would double log entries.
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }
    scheme = urlsplit(url).scheme
    try:
        if scheme in cluster.SCHEMES and not key:
            return cluster.client(url, options)
        if scheme in cluster.SCHEMES:
            pool = cluster.pool(url, key, options)
        elif scheme in sentinel.SCHEMES:
            pool = sentinel.pool(url, options)
        else:
            pool = ConnectionPool.from_url(url, **options)
    except TypeError as error:
        raise ValueError(f"an option of the URL is unknown: {error}") from error
    pool.connection_class = sockets.of(pool.connection_class)
    try:
        pool.make_connection()  # type: ignore[no-untyped-call]  # it does not connect
    except TypeError as error:
        raise ValueError(f"an option of the URL is unknown: {error}") from error
    client = Redis(connection_pool=pool, single_connection_client=single)
    client.auto_close_connection_pool = True
    return client
