"""F9: how fast the recorder drains the log with fences, compared with the same log without any. Prints the figures of
docs/fences.md."""

from __future__ import annotations

import asyncio
import json
import random
import time
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import redis.asyncio

from hub.embedded.services import running
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from tests.slow.test_recorder_throughput import cpu, driving, write
from tests.slow.test_trip_orders import PATIENCE, recorded_to
from tests.support.fence_books import circle, moved, square
from tests.support.logbook import value
from tests.support.recorders import recorder_process

pytestmark = pytest.mark.slow

SECONDS = 100
COUNTS = (0, 1_000, 0, 10_000)


async def put_fences(url: str, count: int) -> None:
    """Half circles, two fifths squares, a tenth corridors of 20 points, over the ring roads of ``driving``."""
    chance = random.Random(8)
    rows = []
    for n in range(count):
        place = 25 + chance.uniform(-0.1, 0.1), 55 + chance.uniform(-0.1, 1.1)
        size = chance.uniform(50, 400)
        if n % 10 < 5:
            shape = {"shape": circle(place), "radius": size}
        elif n % 10 < 9:
            shape = {"shape": square(size, place)}
        else:
            line = [list(reversed(moved(k * 100, 40 * (k % 2), place))) for k in range(20)]
            shape = {"shape": {"type": "LineString", "coordinates": line}, "radius": 50}
        rows.append((uuid4(), json.dumps({"name": f"fence {n}", **shape})))
    connection = await asyncpg.connect(url)
    await connection.execute("TRUNCATE fence_versions, visits, crossings, fence_checkpoints, fence_refolds")
    await connection.executemany(
        "INSERT INTO fence_versions (fence_id, version, fleet, valid_from, definition) "
        "VALUES ($1, 1, 'default', '1970-01-01Z', $2)",
        rows,
    )
    await connection.execute("TRUNCATE positions, trips, stops, daily, trip_checkpoints, events, log_offsets")
    await connection.close()


async def test_draining_with_fences(tmp_path: Path) -> None:
    async with running(Settings(data_dir=tmp_path / "hub", redis_appendfsync="everysec")) as services:
        settings = services.settings
        await migrate(settings.database_url)
        rates: dict[int, list[float]] = {}
        costs: dict[int, list[float]] = {}
        for count in COUNTS:
            await put_fences(settings.database_url, count)
            async with redis.asyncio.from_url(settings.redis_url) as client:
                await client.flushall()
            last = await write(settings, driving(SECONDS))
            began = time.monotonic()
            async with recorder_process(settings) as recorder:
                async with asyncio.timeout(PATIENCE):
                    while not await recorded_to(settings, last):  # noqa: ASYNC110 - it is in another process
                        await asyncio.sleep(0.1)
                took = time.monotonic() - began
                rows = await value(settings, "SELECT count(*) FROM positions")
                visits = await value(settings, "SELECT count(*) FROM visits")
                rates.setdefault(count, []).append(rows / took)
                costs.setdefault(count, []).append(cpu(recorder.pid) / rows)
                print(
                    f"\n{count} fences: {rows} positions at {rows / took:,.0f}/s, {visits} visits, "
                    f"{costs[count][-1] * 1e6:.1f} us of the recorder's CPU a position"
                )
        without = max(rates[0])
        print({count: f"{max(found) / without:.0%}" for count, found in rates.items()})
        # By the recorder's own CPU, which other work on the machine changes least. A thousand fences leave more than a
        # third.
        assert min(costs[1_000]) < 3 * min(costs[0])
