"""Committed events are published at least once, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import msgspec
import pytest
import redis.asyncio

from hub.core.nouns import Position
from hub.embedded.services import Services
from hub.recorder.announce import EVENTS_AT_ONCE, Announcer
from hub.recorder.folds.base import instant
from hub.settings import Settings
from hub.stores.postgres import connection as postgres
from hub.stores.postgres.history import events
from hub.stores.postgres.history.events import NewEvent
from hub.wire.events import EVENTS_KEPT, EVENTS_KEY, Event, decode_event
from hub.wire.layout import ONLY
from tests.support.logbook import append, entry, fetch, recorded, recording, until, value
from tests.support.tracks import Walker


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await postgres.connect(database_url, role="test", patience=30)
    yield connection
    await connection.close()


async def published(url: str) -> list[Event]:
    async with redis.asyncio.from_url(url) as client:
        return [decode_event(fields) for _, fields in await client.xrange(EVENTS_KEY)]


async def commit(connection: asyncpg.Connection, *drivers: str) -> None:
    await events.put(connection, [NewEvent("f", driver, f'{{"n":{n}}}') for n, driver in enumerate(drivers)])


async def test_committed_events_are_published_once_and_in_order(connection: asyncpg.Connection, redis_url: str) -> None:
    announcer = Announcer(connection, redis_url, 5, ONLY)
    await commit(connection, "a")
    await announcer.begin()
    await announcer.publish(0)
    await commit(connection, *["b"] * (EVENTS_AT_ONCE + 1))
    await announcer.publish(EVENTS_AT_ONCE + 1)
    await announcer.close()
    again = Announcer(connection, redis_url, 5, ONLY)
    await again.begin()
    await again.close()
    stream = await published(redis_url)
    assert [event.id for event in stream] == list(range(1, EVENTS_AT_ONCE + 3))
    assert stream[1] == Event(2, "f", "b", b'{"n":0}')
    assert [msgspec.json.decode(event.payload)["n"] for event in stream[1:]] == list(range(EVENTS_AT_ONCE + 1))


async def test_a_redis_that_refuses_gets_them_later(connection: asyncpg.Connection, redis_url: str) -> None:
    announcer = Announcer(connection, redis_url, 5, ONLY)
    await announcer.begin()
    async with redis.asyncio.from_url(redis_url) as client:
        await client.set(EVENTS_KEY, "not a stream")
        await commit(connection, "a")
        await announcer.publish(1)
        await client.delete(EVENTS_KEY)
    await announcer.publish(0)
    await announcer.close()
    assert [event.driver_id for event in await published(redis_url)] == ["a"]


async def test_the_stream_is_bounded(connection: asyncpg.Connection, redis_url: str) -> None:
    announcer = Announcer(connection, redis_url, 5, ONLY)
    await announcer.begin()
    for _ in range(3):
        await commit(connection, *["a"] * 5_000)
    await announcer.publish(1)
    await announcer.close()
    stream = await published(redis_url)
    assert EVENTS_KEPT <= len(stream) < EVENTS_KEPT + 1_000
    assert stream[-1].id == 15_000


async def test_from_the_log_to_the_stream(services: Services, redis_url: str, database_url: str) -> None:
    """The recorder itself: positions in, trips and events out."""
    settings = Settings(data_dir=services.settings.data_dir, redis_url=redis_url, database_url=database_url)
    points = Walker().report().stand(600).drive(300, 12).stand(600).points
    positions = [Position("d", lat, lon, instant(at), instant(at), 1) for at, lat, lon, _, _ in points]
    async with recording(settings):
        for i in range(0, len(positions), 60):
            await recorded(settings, await append(settings, entry(*positions[i : i + 60])))

        async def told() -> bool:
            return len(await published(redis_url)) == 2

        await until(told)
    messages = [msgspec.json.decode(event.payload) for event in await published(redis_url)]
    assert [(message["type"], message["event"], message["driverId"]) for message in messages] == [
        ("trip", "started", "d"),
        ("trip", "ended", "d"),
    ]
    assert 500 < messages[0]["distance"] < messages[1]["distance"] == pytest.approx(300 * 12, rel=0.01)
    assert await value(settings, "SELECT last_id FROM event_offsets") == 2
    (daily,) = await fetch(settings, "SELECT trips, distance FROM daily")
    assert (daily["trips"], daily["distance"]) == (1, messages[1]["distance"])
