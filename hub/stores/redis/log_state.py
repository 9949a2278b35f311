"""The state of the log: memory, backlog and losses, without reading the log."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from hub.wire.log import LOG_KEY, RECORDER_KEY


class LogState(Struct, frozen=True):
    """``fill`` is the used part of Redis' memory (0 without a limit). The others come from the recorder's report and
    are None without one: ``lag`` is the age in seconds of the oldest entry that is not committed, ``lost`` counts the
    positions that were removed from the log before they were stored, ``damaged_at`` is the Unix time at which the log
    was last found damaged."""

    fill: float
    lag: float | None
    lost: int | None
    damaged_at: float | None
    problem: str = ""
    """Why the recorder cannot record until an administrator acts, in words."""
    failing: str = ""
    """Folds that fail, and for how many drivers, in words."""
    stored: dict[str, int] = {}
    """Hub process -> number of its first positions of which none is missing in PostgreSQL, as far as any can be."""


async def read(redis: Redis) -> LogState:
    """Raises one of ``UNAVAILABLE``."""
    async with redis.pipeline(transaction=False) as both:
        both.info("memory")
        both.hmget(RECORDER_KEY, "lag_seconds", "lost", "damaged_at", "problem", "failing", "stored")
        memory, (lag, lost, damaged_at, problem, failing, stored) = await both.execute()
    words = {"problem": (problem or b"").decode(), "failing": (failing or b"").decode()}
    return msgspec.structs.replace(_state(memory, lag, lost, damaged_at), **words, stored=_numbers(stored))


async def stored(redis: Redis) -> dict[str, int]:
    """``LogState.stored``. Raises one of ``UNAVAILABLE``."""
    numbers: Any = await redis.hget(RECORDER_KEY, "stored")
    return _numbers(numbers)


async def size(redis: Redis) -> tuple[int, int]:
    """Number of entries in the log, and about how many bytes of memory they take. Raises one of ``UNAVAILABLE``."""
    async with redis.pipeline(transaction=False) as both:
        both.xlen(LOG_KEY)
        both.memory_usage(LOG_KEY)
        entries, taken = await both.execute()
    return entries, taken or 0


def _numbers(stored: bytes | None) -> dict[str, int]:
    """Hub process -> number, as the recorder reports it; none from an older recorder."""
    return msgspec.json.decode(stored, type=dict[str, int]) if stored else {}


async def fill(redis: Redis) -> float:
    """The used part of Redis' memory, 0 without a limit. Raises one of ``UNAVAILABLE``."""
    return _fill(await redis.info("memory"))


def _fill(memory: dict[str, Any]) -> float:
    limit = int(memory.get("maxmemory", 0))
    return int(memory["used_memory"]) / limit if limit else 0.0


def _state(memory: dict[str, Any], lag: bytes | None, lost: bytes | None, damaged_at: bytes | None) -> LogState:
    return LogState(
        _fill(memory),
        None if lag is None else float(lag),
        None if lost is None else int(lost),
        None if damaged_at is None else float(damaged_at),
    )
