"""Storing a batch."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import asyncpg
import msgspec
import pytest

from hub.recorder.batch import Batch, Chunk
from hub.recorder.store import store
from hub.stores.postgres import connection as postgres
from hub.stores.postgres.history import offsets, positions
from hub.stores.postgres.history.offsets import Fenced
from hub.wire.log import LOG_KEY
from tests.support.logbook import BASE, entry, position


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await postgres.connect(database_url, role="test", patience=30)
    await positions.prepare(connection)
    await offsets.create(connection, LOG_KEY)
    yield connection
    await connection.close()


async def commit(connection: asyncpg.Connection, batch: Batch, previous: str) -> list[Chunk]:
    """Store the batch in a transaction of its own."""
    async with connection.transaction():
        return await store(connection, batch, previous)


def batch_of(*positions, entry_id: str = "1-0") -> Batch:
    batch = Batch()
    batch.add([(entry_id, entry(*positions))])
    return batch


async def test_rows_and_offset_arrive_together(connection: asyncpg.Connection) -> None:
    batch = batch_of(position("a", heading=90.0, accuracy=4.5, altitude=-3.0), position("b"))
    assert await commit(connection, batch, "0-0") == batch.chunks
    assert [tuple(row) for row in await connection.fetch("SELECT * FROM tracks ORDER BY driver_id")] == [
        ("default", "a", BASE, batch.chunks[0].positions[0].received_at, 25.2, 55.3, None, 90.0, 4.5, -3.0, None, None),
        (
            "default",
            "b",
            BASE,
            batch.chunks[0].positions[1].received_at,
            25.2,
            55.3,
            None,
            None,
            None,
            None,
            None,
            None,
        ),
    ]
    assert await offsets.read(connection, LOG_KEY) == "1-0"


async def test_a_position_is_stored_once(connection: asyncpg.Connection) -> None:
    first = batch_of(position("a", speed=1.0), position("a", speed=2.0), position("a", second=1))
    (chunk,) = await commit(connection, first, "0-0")
    assert chunk.positions == [position("a", speed=1.0), position("a", second=1)]
    assert await connection.fetchval("SELECT speed FROM positions ORDER BY recorded_at LIMIT 1") == 1.0

    # The same fix again, received later and with more digits than identity has; and three that differ in one thing.
    again = position("a", latitude=25.200000049, received_at=BASE.replace(hour=23), speed=3.0)
    news = [position("b"), position("a", longitude=55.3000001), position("a", second=0.000001)]
    (chunk,) = await commit(connection, batch_of(again, *news, *news, entry_id="2-0"), "1-0")
    assert chunk.positions == news
    assert await connection.fetchval("SELECT count(*) FROM positions") == 5


async def test_the_same_position_in_two_fleets_is_two(connection: asyncpg.Connection) -> None:
    batch = Batch()
    batch.add([("1-0", {b"red": msgspec.json.encode([position()]), b"blue": msgspec.json.encode([position()])})])
    assert await commit(connection, batch, "0-0") == batch.chunks


async def test_an_offset_that_another_recorder_moved_raises(connection: asyncpg.Connection) -> None:
    await offsets.advance(connection, LOG_KEY, "0-0", "5-0", "{}", 0, False)
    with pytest.raises(Fenced):
        await commit(connection, batch_of(position()), "0-0")
    assert await connection.fetchval("SELECT count(*) FROM positions") == 0


async def test_only_bad_rows_are_buried(connection: asyncpg.Connection) -> None:
    good = [position("good", second=n) for n in range(50)]
    bad = [
        position("north", latitude=90.0000001),
        position("west", longitude=-180.1),
        position("far", latitude=1e300),
        position("nul\0"),
        position(random.Random(1).randbytes(9_000).hex()),  # beyond what an index entry can hold
    ]
    mixed = [*good[:20], bad[0], bad[1], *good[20:30], bad[2], *good[30:], bad[3], bad[4]]
    batch = batch_of(*mixed)
    inserted = await commit(connection, batch, "0-0")
    assert [p for chunk in inserted for p in chunk.positions] == good
    assert await connection.fetchval("SELECT count(*) FROM positions") == len(good)
    letters = await connection.fetch("SELECT entry_id, fleet, reason, payload FROM dead_letters ORDER BY id")
    assert [letter["payload"] for letter in letters] == [msgspec.json.encode(p) for p in bad]
    assert {(letter["entry_id"], letter["fleet"]) for letter in letters} == {("1-0", "default")}
    assert [letter.payload for letter in batch.dead] == [letter["payload"] for letter in letters]
    assert "25.2" not in "".join(letter.reason for letter in batch.dead)  # reasons are logged, places are not
    assert await offsets.read(connection, LOG_KEY) == "1-0"


async def test_a_fleet_that_text_cannot_hold_is_buried(connection: asyncpg.Connection) -> None:
    batch = Batch()
    batch.add([("1-0", {b"f\0": msgspec.json.encode([position()])})])
    assert await commit(connection, batch, "0-0") == []
    assert await connection.fetchval("SELECT fleet FROM dead_letters") == "f\ufffd"


async def test_attributes_are_kept_as_they_came(connection: asyncpg.Connection) -> None:
    odd = [
        '{"a":"\\u0000"}',
        '{"a":1e999999}',
        '{ "b":1, "a":"\u20ac", "b":2 }',
        "{}",
        '{"a":' + "[" * 500 + "]" * 500 + "}",
    ]
    fixes = [position(second=n) for n in range(len(odd))]
    for p, text in zip(fixes, odd, strict=True):
        p.attributes = msgspec.Raw(text.encode())
    await commit(connection, batch_of(*fixes), "0-0")
    rows = await connection.fetch("SELECT attributes FROM tracks ORDER BY recorded_at")
    assert [row["attributes"] for row in rows] == odd


async def test_an_error_of_the_database_stores_nothing_and_buries_nothing(connection: asyncpg.Connection) -> None:
    await connection.execute("ALTER TABLE positions RENAME TO elsewhere")
    batch = batch_of(position())
    with pytest.raises(asyncpg.UndefinedTableError):
        await commit(connection, batch, "0-0")
    assert batch.dead == []
    assert await connection.fetchval("SELECT count(*) FROM dead_letters") == 0
    assert await offsets.read(connection, LOG_KEY) == "0-0"


async def test_a_batch_without_positions_moves_the_offset(connection: asyncpg.Connection) -> None:
    batch = Batch()
    batch.add([("1-0", {b"@node": b"n"}), ("2-0", {b"f": b"[]"})])
    assert await commit(connection, batch, "0-0") == []
    assert await offsets.read(connection, LOG_KEY) == "2-0"
