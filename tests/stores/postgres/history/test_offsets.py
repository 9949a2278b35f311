"""The offset of the log and its lock."""

from __future__ import annotations

import time

import asyncpg
import pytest

from hub.stores.postgres.connection import connect
from hub.stores.postgres.history import offsets
from hub.stores.postgres.history.offsets import Fenced, State


async def test_it_moves_only_from_where_it_is(connection: asyncpg.Connection) -> None:
    await offsets.create(connection, "log")
    assert await offsets.state(connection, "log") == State("0-0", "{}", True, 0, 0.0)
    await offsets.advance(connection, "log", "0-0", "5-0", '{"a":1}', 0, False)
    with pytest.raises(Fenced, match="the offset is no longer 0-0"):
        await offsets.advance(connection, "log", "0-0", "6-0", "{}", 7, False)
    await offsets.create(connection, "log")
    assert await offsets.read(connection, "log") == "5-0"
    assert await offsets.state(connection, "log") == State("5-0", '{"a":1}', True, 0, 0.0)


async def test_losses_add_up_and_have_a_time(connection: asyncpg.Connection) -> None:
    await offsets.create(connection, "log")
    await offsets.advance(connection, "log", "0-0", "1-0", "{}", 3, False)
    await offsets.advance(connection, "log", "1-0", "2-0", "{}", 4, False)
    state = await offsets.state(connection, "log")
    assert state.lost == 7
    assert abs(state.damaged_at - time.time()) < 3_600


async def test_a_reset_is_damage_and_keeps_the_numbers(connection: asyncpg.Connection) -> None:
    await offsets.create(connection, "log")
    await offsets.advance(connection, "log", "0-0", "1-0", '{"a":1}', 0, False)
    with pytest.raises(Fenced):
        await offsets.reset(connection, "log", "9-0")
    await offsets.reset(connection, "log", "1-0")
    state = await offsets.state(connection, "log")
    assert state._replace(damaged_at=0.0) == State("0-0", '{"a":1}', True, 0, 0.0)
    assert state.damaged_at > 0


async def test_numbers_are_stale_after_a_recorder_that_does_not_count(connection: asyncpg.Connection) -> None:
    await offsets.create(connection, "log")
    await connection.execute("UPDATE log_offsets SET last_id = '3-0'")
    assert not (await offsets.state(connection, "log")).current
    await offsets.reset(connection, "log", "3-0")
    assert (await offsets.state(connection, "log")).current  # both are 0-0: the whole log is read again


async def test_one_session_holds_the_lock_until_it_ends(connection: asyncpg.Connection, database_url: str) -> None:
    other = await connect(database_url, role="test", patience=30)
    assert await offsets.lock(other, "log")
    assert not await offsets.lock(connection, "log")
    assert await offsets.lock(connection, "another log")
    await other.close()
    # The server ends a session a moment after its client.
    deadline = time.monotonic() + 60
    while not await offsets.lock(connection, "log"):
        assert time.monotonic() < deadline
