"""F3: the same visits and crossings, byte for byte, in whatever order points arrive and however often the recorder is
killed meanwhile. ``TRACKS_DIR`` as in test_trip_orders.py."""

from __future__ import annotations

import json
import random
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from hub.settings import Settings
from tests.slow.test_trip_orders import ORDERS, Positions, clean, record, tracks
from tests.support.fence_books import TABLES
from tests.support.fence_shapes import circle, square

pytestmark = pytest.mark.slow

FENCES = 100


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def put_fences(connection: asyncpg.Connection, positions: Positions) -> None:
    """Circles and squares on the tracks, some of which change in the middle of the time."""
    chance = random.Random(7)
    begin, middle = datetime(1970, 1, 1, tzinfo=UTC), positions[len(positions) // 2].recorded_at
    for n in range(FENCES):
        position = chance.choice(positions)
        place = position.latitude, position.longitude
        size = chance.uniform(30, 500)
        shape = {"shape": circle(place), "radius": size} if n % 2 else {"shape": square(size, place)}
        later = {"shape": circle(place), "radius": size / 2}
        rules = {"rules": [{}, {"enterAfter": 60, "dwell": 300}, {"exitAfter": 10}][n % 3]}
        versions = [(begin, middle, shape), (middle, None, later)] if n % 4 == 0 else [(begin, None, shape)]
        for number, (since, until, definition) in enumerate(versions, 1):
            await connection.execute(
                "INSERT INTO fence_versions (fence_id, version, fleet, valid_from, valid_until, definition) "
                "VALUES ($1, $2, 'f', $3, $4, $5)",
                UUID(int=n), number, since, until, json.dumps({"name": f"fence {n}", **definition, **rules}),
            )  # fmt: skip


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


async def test_visits_are_a_function_of_the_points(settings: Settings, connection: asyncpg.Connection) -> None:
    chance = random.Random(4)
    positions = tracks()
    await put_fences(connection, positions)
    orders = ORDERS | {
        "halves swapped": lambda positions, chance: positions[len(positions) // 2 :] + positions[: len(positions) // 2]
    }
    expected: dict[str, bytes] | None = None
    for name, order in orders.items():
        for killed in (False, True):
            await clean(settings, connection)
            await connection.execute(f"TRUNCATE {', '.join(TABLES)}, fence_refolds")
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
