"""What the recorders (``hub/recorder/report.py``) and the notifier report: what waits, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from redis.asyncio import Redis

from hub.wire.layout import Layout
from hub.wire.notices.queues import Queues

QUEUES_KEY = "hub:notifier"
"""``Queues`` as JSON; it expires when no notifier follows events."""

TOTALS_KEY = "hub:deliveries"
"""Hash ``<outcome> <kind>`` -> count, of all notifiers since the database was created."""

EXPIRES = 15
"""Seconds after which the queues expire: without them, no notifier runs."""

SUMS = {"backlog_entries", "commits", "rows", "duplicates", "dead_letters", "retries", "lost"}
"""Fields that are added up over partitions."""

LATEST = {"lag_seconds", "damaged_at", "last_commit"}
"""Fields of which the highest counts."""


async def recorder_report(redis: Redis, layout: Layout) -> dict[str, str]:
    """The fields of the report, for all partitions together; none if a partition has had no report for 15 s. Raises one
    of ``UNAVAILABLE``."""
    async with redis.pipeline(transaction=False) as all:
        for partition in layout.partitions:
            all.hgetall(partition.recorder)
        reports: Any = await all.execute()
    read = [{name.decode(): value.decode(errors="replace") for name, value in fields.items()} for fields in reports]
    return read[0] if len(read) == 1 else _together(read)


def _together(reports: list[dict[str, str]]) -> dict[str, str]:
    if not all(reports):
        return {}
    found: dict[str, str] = {}
    for name in dict.fromkeys(name for report in reports for name in report):
        values = [report[name] for report in reports if name in report]
        if name in SUMS:
            found[name] = str(sum(map(int, values)))
        elif name in LATEST:
            found[name] = max(values, key=float)
        elif name == "reported_at":
            found[name] = min(values, key=float)
        elif name == "state":
            found[name] = "retrying" if "retrying" in values else values[0]
        elif name != "offset":  # each partition has its own
            found[name] = ", ".join(dict.fromkeys(filter(None, values)))
    return found


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
