"""The state of the log: memory, backlog and losses, without reading the log."""

from __future__ import annotations

import math
from typing import Any

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from hub.stores.redis.cluster import memories
from hub.wire.layout import ONLY, Layout, Partition


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
    stored: list[dict[str, int]] = []
    """By partition: hub process -> number of its first positions of which none is missing in PostgreSQL, as far as any
    can be."""


async def read(redis: Redis, layout: Layout) -> LogState:
    """That of all partitions: the longest lag, the sum of losses, the first problem. Raises one of ``UNAVAILABLE``."""
    used = await fill(redis)
    async with redis.pipeline(transaction=False) as all:
        for partition in layout.partitions:
            all.hmget(partition.recorder, "lag_seconds", "lost", "damaged_at", "problem", "failing", "stored")
        reports = await all.execute()
    told, lost_counts, damages_told, problems, failings, stored = zip(*reports, strict=True)
    lags, losts, damages = (list(map(_figure, found)) for found in (told, lost_counts, damages_told))
    return LogState(
        used,
        # A partition without a report has no recorder.
        None if None in lags else max(lags),
        None if None in losts else int(sum(losts)),
        None if None in damages else max(damages),
        problem=next((text.decode(errors="replace") for text in problems if text), ""),
        failing=", ".join(dict.fromkeys(text.decode(errors="replace") for text in failings if text)),
        stored=[_numbers(numbers) for numbers in stored],
    )


async def stored(redis: Redis, partition: Partition = ONLY) -> dict[str, int]:
    """That of ``LogState.stored``. Raises one of ``UNAVAILABLE``."""
    numbers: Any = await redis.hget(partition.recorder, "stored")
    return _numbers(numbers)


async def size(redis: Redis, layout: Layout) -> tuple[int, int]:
    """Number of entries in the log, and about how many bytes of memory they take. Raises one of ``UNAVAILABLE``."""
    async with redis.pipeline(transaction=False) as all:
        for partition in layout.partitions:
            all.xlen(partition.log)
            all.memory_usage(partition.log)
        answers = await all.execute()
    return sum(answers[::2]), sum(taken or 0 for taken in answers[1::2])


def _numbers(stored: bytes | None) -> dict[str, int]:
    """Hub process -> number, as the recorder reports it; none from an older recorder, or if it is invalid."""
    try:
        return msgspec.json.decode(stored, type=dict[str, int]) if stored else {}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _figure(text: bytes | None) -> Any:
    """A number of a report; None without one that can be read."""
    try:
        figure = float(text or b"nan")
    except ValueError:
        return None
    return figure if math.isfinite(figure) else None


async def fill(redis: Redis) -> float:
    """The used part of Redis' memory, 0 without a limit; of a cluster that of the fullest server. Raises one of
    ``UNAVAILABLE``."""
    return max(map(_fill, await memories(redis)))


def _fill(memory: dict[str, Any]) -> float:
    limit = int(memory.get("maxmemory", 0))
    return int(memory["used_memory"]) / limit if limit else 0.0
