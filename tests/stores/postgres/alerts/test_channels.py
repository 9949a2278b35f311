"""Channels: what is due, locks, and the marks of failures."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import asyncpg

from hub.stores.postgres.alerts import channels
from tests.stores.postgres.alerts.test_deliveries import NOW, channel, put


async def test_due_are_channels_that_may_send_something_now(connection: asyncpg.Connection) -> None:
    one, paused, pausing, idle = [await channel(connection) for _ in range(4)]
    for id in (one, paused, pausing):
        await put(connection, id, "a")
    await connection.execute("UPDATE channels SET state = 'paused' WHERE id = $1", paused)
    await channels.failed(connection, pausing, NOW, "e", NOW + timedelta(seconds=10))
    assert await channels.due(connection, NOW) == [one]
    assert set(await channels.due(connection, NOW + timedelta(seconds=10))) == {one, pausing}
    assert idle not in await channels.due(connection, NOW)


async def test_only_one_session_has_the_lock(connection: asyncpg.Connection, database_url: str) -> None:
    id, other = await channel(connection), await asyncpg.connect(database_url)
    assert await channels.lock(connection, id)
    assert not await channels.lock(other, id)
    await channels.unlock(connection, id)
    assert await channels.lock(other, id)
    await other.close()


async def test_failures_are_counted_and_forgotten(connection: asyncpg.Connection) -> None:
    id = await channel(connection)
    await channels.failed(connection, id, NOW, "first", None)
    present = await channels.working(connection, id)
    assert present is not None and (present.state, present.failures, present.failing_since) == ("active", 1, NOW)
    await channels.failed(connection, id, NOW + timedelta(hours=1), "second", NOW + timedelta(hours=2))
    present = await channels.working(connection, id)
    assert present is not None and (present.state, present.failures, present.failing_since) == ("failing", 2, NOW)
    await channels.succeeded(connection, id)
    present = await channels.working(connection, id)
    assert present is not None and (present.state, present.failures, present.retry_at) == ("active", 0, None)
    await channels.disable(connection, id, "r")
    await channels.succeeded(connection, id)
    await channels.failed(connection, id, NOW, "late", NOW)
    present = await channels.working(connection, id)
    assert present is not None and present.state == "disabled"


async def test_sealed_secrets_are_replaced_only_if_they_are_the_same(connection: asyncpg.Connection) -> None:
    id = await channel(connection)
    before = await channels.channel(connection, "f", id)
    await channels.reseal(connection, id, b"other", b"new")
    assert await channels.sealed(connection, "f", id) == ("webhook", b"")
    await channels.reseal(connection, id, b"", b"new")
    assert await channels.sealed(connection, "f", id) == ("webhook", b"new")
    assert before == await channels.channel(connection, "f", id)
    assert await channels.sealed(connection, "g", id) is None and await channels.working(connection, uuid4()) is None
