"""The same tables, byte for byte, in whatever order points arrive and however often the recorder is killed meanwhile.

With ``TRACKS_DIR`` in the environment the tracks are the CSV and GPX files there (``hub replay`` reads the same), each
file a driver; else they are made up.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
import redis.asyncio

from clients.replay.records import BadRow
from clients.replay.tracks import read
from hub.core.nouns import Position
from hub.recorder.folds.base import instant
from hub.settings import Settings
from hub.wire.log import LOG_KEY, encode_entry
from tests.support.logbook import value
from tests.support.recorders import recorder_process
from tests.support.tracks import Walker

pytestmark = pytest.mark.slow

TABLES = {
    "trips": "fleet, driver_id, started_at",
    "stops": "fleet, driver_id, started_at",
    "trip_checkpoints": "fleet, driver_id, recorded_at",
    "daily": "fleet, driver_id, day",
    "daily_fleet": "fleet, day",
}

ENTRY = 250
"""Positions in an entry of the log: how an outbox is emptied."""

PATIENCE = 600.0

Positions = list[Position]


def tracks() -> Positions:
    """All positions by time."""
    directory = os.environ.get("TRACKS_DIR")
    if not directory:
        walkers = [(f"d{seed}", Walker(seed).report().errands(12)) for seed in range(5)]
        found = [
            Position(driver, lat, lon, instant(at), instant(at), 1)
            for driver, walker in walkers
            for at, lat, lon, _, _ in walker.points
        ]
    else:
        bad: list[BadRow] = []
        paths = sorted(path for path in Path(directory).iterdir() if path.suffix in (".csv", ".gpx"))
        found = []
        for point in read(paths, bad.append):
            fix = point.fix
            assert fix.driver_id is not None
            position = Position(fix.driver_id, fix.latitude, fix.longitude, point.recorded_at, point.recorded_at, 1)
            found.append(position)
        assert not bad
    return sorted(found, key=lambda p: (p.recorded_at, p.driver_id))


def one_day_last(positions: Positions, chance: random.Random) -> Positions:
    """Each driver's fullest day but the last comes after all the others."""
    early, late = [], []
    for _, of_driver in groupby(sorted(positions, key=lambda p: p.driver_id), key=lambda p: p.driver_id):
        days = [list(day) for _, day in groupby(of_driver, key=lambda p: p.recorded_at.date())]
        fullest = max(days[:-1], key=len)
        late += fullest
        early += [p for day in days if day is not fullest for p in day]
    return sorted(early, key=lambda p: p.recorded_at) + late


ORDERS: dict[str, Callable[[Positions, random.Random], Positions]] = {
    "in order": lambda positions, chance: positions,
    "reversed": lambda positions, chance: positions[::-1],
    "shuffled": lambda positions, chance: chance.sample(positions, len(positions)),
    "with 20 % duplicates": lambda positions, chance: sorted(
        positions + chance.choices(positions, k=len(positions) // 5), key=lambda p: p.recorded_at
    ),
    "one day last": one_day_last,
}


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def contents(connection: asyncpg.Connection) -> dict[str, bytes]:
    """Each table as PostgreSQL writes it out."""
    found = {}
    for table, order in TABLES.items():
        written: list[bytes] = []

        async def keep(data: bytes, written: list[bytes] = written) -> None:
            written.append(data)

        await connection.copy_from_query(f"SELECT * FROM {table} ORDER BY {order}", output=keep)
        found[table] = b"".join(written)
    return found


async def clean(settings: Settings, connection: asyncpg.Connection) -> None:
    async with redis.asyncio.from_url(settings.redis_url) as client:
        await client.flushall()
    await connection.execute(
        "TRUNCATE positions, trips, stops, daily, trip_checkpoints, events, event_offsets, log_offsets"
    )


async def write_log(settings: Settings, positions: Positions, pause: float) -> str:
    """Write the log, slowly if asked to; the id of the last entry."""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        for i in range(0, len(positions), ENTRY):
            fields: Any = encode_entry("n", {"f": [msgspec.json.encode(p) for p in positions[i : i + ENTRY]]}, i)
            last = await client.xadd(LOG_KEY, fields)
            await asyncio.sleep(pause)
    return last.decode()


async def record(settings: Settings, positions: Positions, killed: bool, chance: random.Random) -> int:
    """Have the positions recorded while they are written; the number of kills."""
    writing = asyncio.create_task(write_log(settings, positions, 0.1 if killed else 0.0))
    kills = 0
    async with asyncio.timeout(PATIENCE):
        while True:
            async with recorder_process(settings) as process:
                dies = time.monotonic() + chance.uniform(1.5, 4)
                while not killed or time.monotonic() < dies:
                    if writing.done() and await recorded_to(settings, writing.result()):
                        return kills
                    await asyncio.sleep(0.05)
                process.kill()
                kills += 1


async def recorded_to(settings: Settings, entry_id: str) -> bool:
    return bool(await value(settings, "SELECT count(*) FROM log_offsets WHERE last_id = $1", entry_id))


async def test_the_tables_are_a_function_of_the_points(settings: Settings, connection: asyncpg.Connection) -> None:
    chance = random.Random(4)
    positions = tracks()
    expected: dict[str, bytes] | None = None
    for name, order in ORDERS.items():
        for killed in (False, True):
            await clean(settings, connection)
            began = time.monotonic()
            kills = await record(settings, order(positions, chance), killed, chance)
            took = time.monotonic() - began
            found = await contents(connection)
            expected = expected or found
            rows = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}
            print(f"{len(positions)} points {name}, {kills} kills, {took:.0f} s: {rows}")
            for table in TABLES:
                assert found[table] == expected[table], (name, killed, table)
    assert expected is not None and all(expected.values())
