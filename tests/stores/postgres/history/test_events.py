"""Events and the offsets of their consumers."""

from __future__ import annotations

import asyncpg

from hub.stores.postgres.history import events
from hub.stores.postgres.history.events import NewEvent
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
