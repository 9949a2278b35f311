"""Inserting positions."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg
import pytest

from hub.stores.postgres.connection import BAD_ROW
from hub.stores.postgres.history import positions
from hub.stores.postgres.history.positions import DeadLetter, Identity, PositionRow

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def row(driver: str = "d", **fields: object) -> PositionRow:
    plain = PositionRow(AT, AT, 251_234_567, 553_000_000, 1.5, None, 4.5, None, 0.5, "f", driver, '{"a":  1}')
    return plain._replace(**fields)


async def test_rows_are_stored_as_they_are(connection: asyncpg.Connection) -> None:
    await positions.prepare(connection)
    async with connection.transaction():
        assert await positions.insert(connection, [row("a"), row("b")]) is None
    stored = await connection.fetch("SELECT * FROM positions ORDER BY driver_id")
    assert [PositionRow(*record) for record in stored] == [row("a"), row("b")]


async def test_only_new_identities_are_returned(connection: asyncpg.Connection) -> None:
    await positions.prepare(connection)
    async with connection.transaction():
        await positions.insert(connection, [row("a")])
    async with connection.transaction():
        inserted = await positions.insert(connection, [row("a", speed=9.0), row("b"), row("b", speed=2.0)])
    assert inserted == {Identity("f", "b", AT, 251_234_567, 553_000_000)} == {row("b").identity}
    assert await connection.fetchval("SELECT speed FROM positions WHERE driver_id = 'b'") == 1.5  # the first copy


async def test_clear_makes_room_within_a_transaction(connection: asyncpg.Connection) -> None:
    await positions.prepare(connection)
    async with connection.transaction():
        await positions.insert(connection, [row("a")])
        await positions.clear(connection)
        assert await positions.insert(connection, [row("b")]) is None


BAD = [
    row(latitude_e7=1 << 40),
    row(latitude_e7=900_000_001),
    row("nul\0"),
    row(attributes="not JSON"),
]


@pytest.mark.parametrize("bad", BAD)
async def test_errors_of_rows(connection: asyncpg.Connection, bad: PositionRow) -> None:
    await positions.prepare(connection)
    with pytest.raises(BAD_ROW):
        async with connection.transaction():
            await positions.insert(connection, [bad])


async def test_dead_letters_are_kept_without_nul(connection: asyncpg.Connection) -> None:
    await positions.bury(connection, [DeadLetter("1-0", "f\0", "a\0b", b"\0"), DeadLetter("2-0", None, "c", b"")])
    letters = await connection.fetch("SELECT entry_id, fleet, reason, payload FROM dead_letters ORDER BY id")
    assert [tuple(letter) for letter in letters] == [("1-0", "f\ufffd", "a\ufffdb", b"\0"), ("2-0", None, "c", b"")]
