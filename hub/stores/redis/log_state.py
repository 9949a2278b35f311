"""What Redis can tell of the log's state without reading the log."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from hub.wire.log import LOG_KEY, RECORDER_KEY


class LogState(Struct, frozen=True):
    """``fill`` is the part of Redis' memory that is used (0 without a limit), ``lag`` the age in seconds of the oldest
    entry that the recorder has not committed, None when no recorder reports."""

    fill: float
    lag: float | None
    problem: str = ""
    """What keeps the recorder from recording until an administrator acts, in words."""


async def read(redis: Redis) -> LogState:
    """Raises one of ``UNAVAILABLE``."""
    async with redis.pipeline(transaction=False) as both:
        both.info("memory")
        both.hget(RECORDER_KEY, "lag_seconds")
        both.hget(RECORDER_KEY, "problem")
        memory, lag, problem = await both.execute()
    return msgspec.structs.replace(_state(memory, lag), problem=(problem or b"").decode())


async def size(redis: Redis) -> tuple[int, int]:
    """Entries of the log, and about how many bytes of Redis' memory they take. Raises one of ``UNAVAILABLE``."""
    async with redis.pipeline(transaction=False) as both:
        both.xlen(LOG_KEY)
        both.memory_usage(LOG_KEY)
        entries, taken = await both.execute()
    return entries, taken or 0


def _state(memory: dict[str, Any], lag: bytes | None) -> LogState:
    limit = int(memory.get("maxmemory", 0))
    return LogState(int(memory["used_memory"]) / limit if limit else 0.0, float(lag) if lag is not None else None)
