"""The clocks of Redis and PostgreSQL."""

from __future__ import annotations

from redis.asyncio import Redis

from hub.stores.postgres.connection import connect


async def redis_time(redis: Redis) -> float:
    """Unix time of Redis. Raises one of ``UNAVAILABLE``."""
    seconds, microseconds = await redis.time()
    return float(seconds) + microseconds / 1e6


async def database_time(url: str, patience: float) -> float:
    """Unix time of PostgreSQL. Raises one of ``AWAY``."""
    connection = await connect(url, role="clock", patience=patience)
    try:
        return float(await connection.fetchval("SELECT extract(epoch FROM clock_timestamp())"))
    finally:
        await connection.close()
