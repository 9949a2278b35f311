"""Reads the recorders' reports (written by ``hub/recorder/report.py``)."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from hub.wire.layout import Layout

SUMS = {"backlog_entries", "commits", "rows", "duplicates", "dead_letters", "retries", "lost"}
"""Fields that are added up over partitions."""

LATEST = {"lag_seconds", "damaged_at", "last_commit"}
"""Fields of which the highest counts."""


OWN = {"offset", "stored"}
"""Fields that are left out, since each partition has its own."""


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
        elif name not in OWN:
            found[name] = ", ".join(dict.fromkeys(filter(None, values)))
    return found
