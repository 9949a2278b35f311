"""What tests of the recorder write into the log, run, and read from the tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import redis.asyncio

from hub.core.nouns import Position
from hub.recorder.folds import FOLDS
from hub.recorder.folds.base import Fold
from hub.recorder.loop import Recorder
from hub.settings import Settings
from hub.stores.postgres import connection as postgres
from hub.wire.log import LOG_KEY, NODE_FIELD, encode_entry, encode_whole

PATIENCE = 60.0
"""Seconds until a test gives up; the machine may be busy."""

BASE = datetime(2024, 5, 1, 12, tzinfo=UTC)


def position(driver: str = "d1", second: float = 0, **fields: Any) -> Position:
    """A position of ``driver``, ``second`` seconds after ``BASE``."""
    at = BASE + timedelta(seconds=second)
    fields = {"latitude": 25.2, "longitude": 55.3, "received_at": at + timedelta(seconds=1), "seq": 1} | fields
    return Position(driver_id=driver, **({"recorded_at": at} | fields))


def entry(
    *positions: Position, fleet: str = "default", node: str = "node", before: int | None = None
) -> dict[bytes, bytes]:
    """The fields of an entry that holds the positions of one fleet, as Redis returns them; as older hubs wrote it, or
    with the number of positions ``before`` it."""
    fields = encode_entry(node, {fleet: [msgspec.json.encode(p) for p in positions]}, before or 0)
    if before is None:
        fields[NODE_FIELD] = node.encode()
    return {name.encode(): value for name, value in fields.items()}


def whole(before: int, node: str = "node") -> dict[bytes, bytes]:
    """The entry of a node that has appended again all that it has."""
    return {name.encode(): value for name, value in encode_whole(node, before).items()}


async def append(settings: Settings, *entries: dict[bytes, bytes]) -> str:
    """Write entries to the log; the id of the last one."""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        for fields in entries:
            last = await client.xadd(LOG_KEY, dict(fields))
    return last.decode()


@asynccontextmanager
async def recording(settings: Settings, folds: Sequence[type[Fold]] = FOLDS) -> AsyncIterator[Recorder]:
    """A recorder in this process; it must still be running at the end, and stop when asked to."""
    recorder = Recorder(settings, folds=folds)
    running = asyncio.create_task(recorder.run())
    try:
        yield recorder
        assert not running.done(), running
        recorder.stop()
        await asyncio.wait_for(running, PATIENCE)
    finally:
        running.cancel()
        await asyncio.wait([running])


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until ``condition()`` is true. A service that it asks and that is away has not answered yet. A look that
    takes long, such as a new connection, is repeated less often."""
    clock = asyncio.get_running_loop().time
    async with asyncio.timeout(PATIENCE):
        while True:
            began = clock()
            with suppress(*postgres.AWAY, redis.RedisError):
                if await condition():
                    return
            await asyncio.sleep(min(max(0.02, 2 * (clock() - began)), 0.1))


async def recorded(settings: Settings, entry_id: str) -> None:
    """Wait until the entry is committed."""

    async def committed() -> bool:
        return await value(settings, "SELECT count(*) FROM log_offsets WHERE last_id = $1", entry_id) == 1

    await until(committed)


async def value(settings: Settings, query: str, *args: Any) -> Any:
    """The first column of the first row."""
    rows = await fetch(settings, query, *args)
    return rows[0][0] if rows else None


async def fetch(settings: Settings, query: str, *args: Any) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return await connection.fetch(query, *args)
    finally:
        await connection.close()
