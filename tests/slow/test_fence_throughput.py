"""F9: how fast the recorder drains the log into PostgreSQL with fences, and the same log without any. Prints the
figures of docs/benchmarks.md.

``FENCE_COUNTS=0,1000`` and ``FENCE_SECONDS=200`` choose the rounds, and the seconds at 1 Hz that 1,000 drivers drive in
each."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
import numpy as np
import pytest
import redis.asyncio

from hub.core.fences.index import FOREVER, Fences, Points, Version
from hub.core.fences.shapes import Definition
from hub.embedded.services import Services, running
from hub.recorder.batch import Batch
from hub.recorder.folds.points import points_of
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from tests.slow.test_recorder_throughput import DRIVERS, PER_ENTRY, cpu, driving, write
from tests.slow.test_trip_orders import PATIENCE, recorded_to
from tests.support.fence_shapes import circle, moved, square
from tests.support.logbook import until, value
from tests.support.recorders import recorder_process

pytestmark = pytest.mark.slow

SECONDS = int(os.environ.get("FENCE_SECONDS", "200"))
COUNTS = [int(count) for count in os.environ.get("FENCE_COUNTS", "0,1000,0,1000,0,1000,10000").split(",")]
"""Fences of each round."""

MOST = 2.5
"""Times its CPU without fences that the recorder may need with 1,000."""

ENTRIES_PER_SECOND = DRIVERS // PER_ENTRY

DIGEST = """SELECT md5(string_agg(line, '' ORDER BY line)) FROM (
    SELECT 'v' || visits::text AS line FROM visits UNION ALL SELECT 'c' || crossings::text FROM crossings
    UNION ALL SELECT 'f' || fence_checkpoints::text FROM fence_checkpoints
    UNION ALL SELECT 't' || trips::text FROM trips
) AS lines"""
"""Of all derived rows: the same for each version of the recorder."""

TABLES = ("visits", "crossings", "trips", "events")


class Round(NamedTuple):
    """Of one drained log: positions a second, and microseconds of CPU a position."""

    rate: float
    recorder: float
    postgres: float


def definitions(count: int) -> list[str]:
    """Two fifths circles, two fifths squares, every second with a hole, and a fifth corridors of 20 points, over the
    ring roads of ``driving``."""
    chance = random.Random(8)
    found = []
    for n in range(count):
        place = 25 + chance.uniform(-0.1, 0.1), 55 + chance.uniform(-0.1, 1.1)
        size = chance.uniform(50, 400)
        shape: dict[str, Any]
        if n % 5 < 2:
            shape = {"shape": circle(place), "radius": size}
        elif n % 5 < 4:
            shape = {"shape": square(size, place)}
            if n % 5 == 3:
                shape["shape"]["coordinates"] += square(size / 3, place)["coordinates"]
        else:
            line = [list(reversed(moved(k * 100, 40 * (k % 2), place))) for k in range(20)]
            shape = {"shape": {"type": "LineString", "coordinates": line}, "radius": 50}
        found.append(json.dumps({"name": f"fence {n}", **shape}))
    return found


async def prepare(settings: Settings, fences: Iterable[str]) -> None:
    """These fences, an empty log and empty tables."""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        await client.flushall()
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(
        "TRUNCATE fence_versions, visits, crossings, fence_checkpoints, fence_refolds, "
        "positions, trips, stops, daily, trip_checkpoints, events, log_offsets"
    )
    await connection.executemany(
        "INSERT INTO fence_versions (fence_id, version, fleet, valid_from, definition) "
        "VALUES ($1, 1, 'default', '1970-01-01Z', $2)",
        [(UUID(int=n + 1), definition) for n, definition in enumerate(fences)],
    )
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def near(fences: Iterable[str]) -> float:
    """The share of the positions that are inside a fence or its margin."""
    decode = msgspec.json.Decoder(Definition).decode
    versions = [Version(bytes([0]), 1, 0, FOREVER, decode(definition)) for definition in fences]
    batch = Batch()
    batch.add((f"{n}-0", fields) for n, fields in enumerate(driving(10)))
    points = [point for of_driver in points_of(batch.chunks, 0).values() for point in of_driver]
    columns = np.array([(point[1], point[2], point[4] or 0.0) for point in points])
    at = np.array([point[0] for point in points], dtype=np.int64)
    around = Fences(versions).surroundings(Points(at, *columns.T, [0], [None]))
    return len(around.near) / len(points)


async def drain(services: Services, fences: list[str], entries: list[dict[bytes, bytes]]) -> Round:
    """Drain one log by a recorder that shares a core with the server of PostgreSQL."""
    settings = services.settings
    server = services.parts["postgresql"].child
    assert server is not None
    await prepare(settings, fences)
    async with recorder_process(settings) as recorder:
        os.sched_setaffinity(recorder.pid, {max(os.sched_getaffinity(0))})
        # The first second, so that the drivers are known: a recorder reads stored positions of those that are not.
        last = await write(settings, iter(entries[:ENTRIES_PER_SECOND]))
        await until(lambda: recorded_to(settings, last))
        recorder.send_signal(signal.SIGSTOP)
        last = await write(settings, iter(entries[ENTRIES_PER_SECOND:]))
        before, began = (cpu(recorder.pid), cpu(server.pid)), time.monotonic()
        recorder.send_signal(signal.SIGCONT)
        async with asyncio.timeout(PATIENCE):
            while not await recorded_to(settings, last):  # noqa: ASYNC110 - it is in another process
                await asyncio.sleep(0.1)
        took = time.monotonic() - began
        costs = cpu(recorder.pid) - before[0], cpu(server.pid) - before[1]
    rows = await value(settings, "SELECT count(*) FROM positions")
    assert rows == SECONDS * DRIVERS
    drained = rows - DRIVERS
    found = Round(drained / took, *(cost / drained * 1e6 for cost in costs))
    digest = await value(settings, DIGEST)
    facts = [f"{await value(settings, f'SELECT count(*) FROM {table}')} {table}" for table in TABLES]
    print(
        f"{len(fences)} fences: {rows} positions at {found.rate:,.0f}/s on one core; CPU per position: recorder "
        f"{found.recorder:.1f} us, PostgreSQL {found.postgres:.1f} us; {', '.join(facts)}, "
        f"rows {digest[:8]}"
    )
    return found


async def test_draining_with_fences(tmp_path: Path) -> None:
    async with running(Settings(data_dir=tmp_path / "hub", redis_appendfsync="everysec")) as services:
        await migrate(services.settings.database_url)
        server = services.parts["postgresql"].child
        assert server is not None
        with suppress(ProcessLookupError):
            os.sched_setaffinity(server.pid, {max(os.sched_getaffinity(0))})  # sessions are born there
        print()
        entries = list(driving(SECONDS))
        rounds: dict[int, list[Round]] = {}
        for count in COUNTS:
            rounds.setdefault(count, []).append(await drain(services, definitions(count), entries))
        medians = {count: Round(*map(median, zip(*found, strict=True))) for count, found in sorted(rounds.items())}
        for count, found in medians.items():
            share = f", {near(definitions(count)):.0%} of the positions near a fence" if count else ""
            print(
                f"{count} fences, median of {len(rounds[count])}: {found.rate:,.0f}/s, "
                f"recorder {found.recorder:.1f} us, PostgreSQL {found.postgres:.1f} us{share}"
            )
        # By the CPU of the recorder, which other work on the machine changes least.
        if {0, 1_000} <= medians.keys():
            times = medians[1_000].recorder / medians[0].recorder
            print(f"with 1,000 fences the recorder needs {times:.2f} times its CPU without")
            assert times < MOST
