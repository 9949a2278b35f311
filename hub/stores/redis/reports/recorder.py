"""Reads the recorder's report (written by ``hub/recorder/report.py``)."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from hub.wire.log import RECORDER_KEY


async def recorder_report(redis: Redis) -> dict[str, str]:
    """The fields of the report, none if no recorder has reported for 15 s. Raises one of ``UNAVAILABLE``."""
    fields: Any = await redis.hgetall(RECORDER_KEY)
    return {name.decode(): value.decode(errors="replace") for name, value in fields.items()}
