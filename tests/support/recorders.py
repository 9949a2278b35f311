"""Recorders as processes, a log that fills meanwhile, and the count that must come out."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import redis.asyncio

from hub.settings import Settings
from hub.wire.log import LOG_KEY
from tests.support.logbook import entry, fetch, position, recorded, until, value


class Feed:
    """What was written to the log."""

    positions = 0
    last_id = ""


@asynccontextmanager
async def feeding(settings: Settings) -> AsyncIterator[Feed]:
    """Write an entry of ten new positions, each by another driver, every few milliseconds."""
    feed = Feed()
    enough = asyncio.Event()

    async def write() -> None:
        async with redis.asyncio.from_url(settings.redis_url) as client:
            while not enough.is_set():
                second = feed.positions // 10
                fields = entry(*(position(f"d{n}", second) for n in range(10)))
                feed.last_id = (await client.xadd(LOG_KEY, dict(fields))).decode()
                feed.positions += 10
                await asyncio.sleep(0.005)

    writing = asyncio.create_task(write())
    try:
        yield feed
    finally:
        enough.set()
        await writing


@asynccontextmanager
async def recorder_process(settings: Settings, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m hub.recorder``, killed at the end if it still runs. ``environment`` adds variables."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub.recorder",
        env={
            **os.environ,
            "HUB_REDIS_URL": settings.redis_url,
            "HUB_DATABASE_URL": settings.database_url,
            "HUB_DATABASE_TIMEOUT": str(settings.database_timeout),
            "HUB_DRAIN_TIMEOUT": str(settings.drain_timeout),
            **environment,
        },
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def stored(settings: Settings) -> int:
    return await value(settings, "SELECT count(*) FROM positions")


async def grows(settings: Settings, by: int = 100) -> None:
    """Wait until so many more rows are stored."""
    first: int | None = None

    async def reached() -> bool:
        nonlocal first
        now = await stored(settings)
        first = now if first is None else first
        return now >= first + by

    await until(reached)


async def all_stored_once(settings: Settings, feed: Feed) -> None:
    """Wait for the last entry; then there is a row for each position and none beside."""
    await recorded(settings, feed.last_id)
    rows = await fetch(settings, "SELECT driver_id, recorded_at FROM positions")
    assert len(rows) == feed.positions
    assert len({tuple(row) for row in rows}) == feed.positions
    assert await value(settings, "SELECT count(*) FROM dead_letters") == 0


def children(pid: int) -> list[int]:
    """The processes of PostgreSQL's sessions; each is its own process group."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
