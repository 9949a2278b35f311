"""Writes the log: one transaction for each batch, with its entry, the latest positions and the geo index."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from hub.core.live.unlogged import Batch
from hub.wire.log import FLEETS_KEY, LOG_KEY, encode_again, encode_entry, geo_key, latest_key

GEO_LIMIT = 85.05112878
"""Redis does not store places closer to the poles (Web Mercator)."""


async def append(redis: Redis, node: str, batch: Batch, before: int) -> None:
    """Append a batch to the log. On return it is as durable as Redis is configured to make it. ``before``: the number
    of positions that ``node`` appended in earlier batches.

    Raises one of ``UNAVAILABLE``; then the batch may or may not be in the log, and has to be appended again: positions
    have identity, so PostgreSQL stores each once."""
    async with redis.pipeline(transaction=True) as transaction:
        transaction.xadd(LOG_KEY, encode_entry(node, batch.payloads, before))  # type: ignore[arg-type]
        for fleet, latest in batch.latest.items():
            if not latest:
                continue
            transaction.sadd(FLEETS_KEY, fleet)
            transaction.hset(latest_key(fleet), items=[x for d, (_, payload) in latest.items() for x in (d, payload)])
            places: list[float | str] = []
            polar: list[str] = []
            for driver_id, (update, _) in latest.items():
                if -GEO_LIMIT <= update.latitude <= GEO_LIMIT:
                    places += (update.longitude, update.latitude, driver_id)
                else:
                    polar.append(driver_id)
            if places:
                transaction.geoadd(geo_key(fleet), places)
            if polar:
                transaction.zrem(geo_key(fleet), *polar)
        await transaction.execute()


async def append_again(redis: Redis, fleet: str, payload: bytes) -> str:
    """Append a dead letter of a fleet to the log, and return the id of its entry. Raises one of ``UNAVAILABLE``."""
    entry_id: Any = await redis.xadd(LOG_KEY, encode_again(fleet, payload))  # type: ignore[arg-type]
    return str(entry_id, "ascii")
