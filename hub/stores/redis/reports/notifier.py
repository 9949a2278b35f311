"""What the notifier reports for ``/metrics``: what waits, and what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from redis.asyncio import Redis

from hub.wire.notices.queues import Queues

QUEUES_KEY = "hub:notifier"
"""``Queues`` as JSON; it expires when no notifier follows events."""

TOTALS_KEY = "hub:deliveries"
"""Hash ``<outcome> <kind>`` -> count, of all notifiers since the database was created."""

EXPIRES = 15
"""Seconds after which the queues expire: without them, no notifier runs."""


async def write_queues(redis: Redis, queues: Queues) -> None:
    """Replace the queues. Raises one of ``UNAVAILABLE``."""
    await redis.set(QUEUES_KEY, msgspec.json.encode(queues), ex=EXPIRES)


async def add_totals(redis: Redis, counts: Mapping[tuple[str, str], int]) -> None:
    """Add counts by outcome and kind, all or none. Raises one of ``UNAVAILABLE``."""
    pipeline = redis.pipeline(transaction=True)
    for (outcome, kind), count in counts.items():
        pipeline.hincrby(TOTALS_KEY, f"{outcome} {kind}", count)
    await pipeline.execute()


async def notifier_report(redis: Redis) -> tuple[Queues | None, dict[tuple[str, str], int]]:
    """The queues, None if no notifier has reported for 15 s, and the totals by outcome and kind. Raises one of
    ``UNAVAILABLE``."""
    pipeline = redis.pipeline(transaction=False)
    pipeline.get(QUEUES_KEY)
    pipeline.hgetall(TOTALS_KEY)
    found: Any = await pipeline.execute()
    queues = None if found[0] is None else msgspec.json.decode(found[0], type=Queues)
    totals = {}
    for name, count in found[1].items():
        outcome, _, kind = name.decode().partition(" ")
        totals[outcome, kind] = int(count)
    return queues, totals
