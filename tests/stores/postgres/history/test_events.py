"""Events and the offsets of their consumers."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg

from hub.stores.postgres.connection import connect
from hub.stores.postgres.history import events, offsets
from hub.stores.postgres.history.events import NewEvent
from hub.stores.postgres.history.expiry import expire
from hub.wire.events import Event


async def test_events_keep_their_order(connection: asyncpg.Connection) -> None:
    assert await events.put(connection, []) == 0
    assert await events.put(connection, [NewEvent("f", "b", '{"n":1}'), NewEvent("f", "a", '{"n":  2}')]) == 2
    await events.register(connection, "x")
    assert await events.unpublished(connection, "x", 10) == [
        Event(1, "f", "b", b'{"n":1}'), Event(2, "f", "a", b'{"n":  2}'),
    ]  # fmt: skip


async def test_each_consumer_has_its_own_offset(connection: asyncpg.Connection) -> None:
    await events.put(connection, [NewEvent("f", f"d{n}", "{}") for n in range(4)])
    for consumer in ("x", "y"):
        await events.register(connection, consumer)
    assert [event.id for event in await events.unpublished(connection, "x", 3)] == [1, 2, 3]
    await events.advance(connection, "x", 3)
    assert [event.id for event in await events.unpublished(connection, "x", 3)] == [4]
    assert [event.id for event in await events.unpublished(connection, "y", 9)] == [1, 2, 3, 4]
    await events.register(connection, "x")  # at the next start
    assert [event.id for event in await events.unpublished(connection, "x", 3)] == [4]


async def test_a_consumer_that_is_not_registered_gets_nothing(connection: asyncpg.Connection) -> None:
    await events.put(connection, [NewEvent("f", "d", "{}")])
    assert await events.unpublished(connection, "stranger", 10) == []


async def test_an_event_of_a_log_that_is_committed_late_is_not_passed_over(
    connection: asyncpg.Connection, database_url: str
) -> None:
    """Two recorders: the lower id is committed after the higher one was taken."""
    slow, quick = [await connect(database_url, role="test", patience=30) for _ in range(2)]
    try:
        for writer, log in ((slow, "slow"), (quick, "quick")):
            await events.prepare(writer, log)
            await offsets.create(writer, log)
            await events.register(connection, "x", log)
        await events.register(connection, "all")
        transaction = slow.transaction()
        await transaction.start()
        await events.put(slow, [NewEvent("f", "late", "{}")])
        await events.put(quick, [NewEvent("g", "early", "{}")])
        assert [event.driver_id for event in await events.unpublished(connection, "x", 10, "quick")] == ["early"]
        await events.advance(connection, "x", 2, "quick")
        taken = await events.unpublished_of_all(connection, "all", 10)
        assert [(event.id, log) for event, log in taken] == [(2, "quick")]
        await events.advance_all(connection, "all", taken)
        await transaction.commit()
        assert [event.id for event in await events.unpublished(connection, "x", 10, "slow")] == [1]
        taken = await events.unpublished_of_all(connection, "all", 10)
        assert [(event.id, event.driver_id, log) for event, log in taken] == [(1, "late", "slow")]
        await events.advance_all(connection, "all", taken)
        assert await events.unpublished_of_all(connection, "all", 10) == []
        # An event stays until the consumers of its log have taken it.
        future = datetime(2100, 1, 1, tzinfo=UTC)
        await expire(connection, future, future)
        assert [row["id"] for row in await connection.fetch("SELECT id FROM events")] == [1]
        await events.advance(connection, "x", 1, "slow")
        await expire(connection, future, future)
        assert await connection.fetch("SELECT id FROM events") == []
    finally:
        await slow.close()
        await quick.close()


async def test_the_events_of_all_logs_are_taken_some_at_a_time_and_each_once(connection: asyncpg.Connection) -> None:
    for log in ("a", "b"):
        await offsets.create(connection, log)
    for number in range(10):
        await events.prepare(connection, "ab"[number % 2])
        await events.put(connection, [NewEvent("f", str(number), "{}")])
    found: list[str] = []
    while taken := await events.unpublished_of_all(connection, "x", 3):
        assert len(taken) <= 3
        found += [event.driver_id for event, _ in taken]
        await events.advance_all(connection, "x", taken)
    assert found == [str(number) for number in range(10)]
