"""Checks the settings of Redis that make acks durable."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from redis.asyncio import Redis
from redis.exceptions import ResponseError

KEEPS_EVERYTHING = "noeviction"


class RedisSettings(Struct, frozen=True):
    """None for a setting that Redis does not report."""

    appendonly: bool | None = None
    appendfsync: str | None = None
    sync_on_rewrite: bool | None = None
    """False: ``appendfsync`` does not hold while Redis rewrites its file (``no-appendfsync-on-rewrite yes``)."""
    maxmemory: int | None = None
    maxmemory_policy: str | None = None


async def read(redis: Redis) -> RedisSettings:
    """By ``CONFIG GET``, or by ``INFO`` if Redis refuses that (hosted ones do); ``INFO`` lacks the fsync policy. Raises
    one of ``UNAVAILABLE``."""
    found: dict[Any, Any] = {}
    try:
        # One pattern for each call, because Redis 6 takes only one.
        for pattern in ("*append*", "maxmemory*"):
            found |= await redis.config_get(pattern)
    except ResponseError:
        return await _by_info(redis)
    return RedisSettings(
        appendonly=found["appendonly"] == "yes",
        appendfsync=found["appendfsync"],
        sync_on_rewrite=found["no-appendfsync-on-rewrite"] == "no",
        maxmemory=int(found["maxmemory"]),
        maxmemory_policy=found["maxmemory-policy"],
    )


async def _by_info(redis: Redis) -> RedisSettings:
    try:
        found = await redis.info("persistence") | await redis.info("memory")
    except ResponseError:
        return RedisSettings()
    appendonly = found.get("aof_enabled")
    return RedisSettings(
        appendonly=None if appendonly is None else bool(appendonly),
        maxmemory=found.get("maxmemory"),
        maxmemory_policy=found.get("maxmemory_policy"),
    )


def problems(settings: RedisSettings, asked: str) -> dict[str, str]:
    """Setting -> the problem in words. ``asked`` is the setting ``redis_appendfsync``."""
    wrong = {}
    if settings.appendonly is False:
        wrong["appendonly"] = (
            "Redis has appendonly no: acknowledged positions are lost when it restarts; set appendonly yes"
        )
    fsync = settings.appendfsync
    if fsync == "no":
        wrong["appendfsync"] = (
            "Redis has appendfsync no: a power cut loses acknowledged positions of about 30 s; "
            "set appendfsync always or everysec"
        )
    elif fsync == "everysec" and asked == "always":
        wrong["appendfsync"] = (
            "Redis has appendfsync everysec: a power cut loses acknowledged positions of up to two seconds; "
            "set appendfsync always, or HUB_REDIS_APPENDFSYNC=everysec to accept the loss"
        )
    if settings.sync_on_rewrite is False:
        wrong["no-appendfsync-on-rewrite"] = (
            "Redis has no-appendfsync-on-rewrite yes: a power cut while Redis rewrites its append-only file loses "
            "acknowledged positions; set no-appendfsync-on-rewrite no"
        )
    if settings.maxmemory and settings.maxmemory_policy not in (None, KEEPS_EVERYTHING):
        wrong["maxmemory-policy"] = (
            f"Redis has maxmemory-policy {settings.maxmemory_policy}: it removes data when its memory is full; "
            f"set maxmemory-policy {KEEPS_EVERYTHING}"
        )
    return wrong


def checked(settings: RedisSettings) -> set[str]:
    """The settings that Redis reported."""
    told = {
        "appendonly": settings.appendonly,
        "appendfsync": settings.appendfsync,
        "no-appendfsync-on-rewrite": settings.sync_on_rewrite,
        "maxmemory-policy": settings.maxmemory_policy,
    }
    return {name for name, value in told.items() if value is not None}
