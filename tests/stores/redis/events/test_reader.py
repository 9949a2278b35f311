"""The stream of events, written and read."""

from __future__ import annotations

from redis.asyncio import Redis

from hub.stores.redis.events.reader import AT_ONCE, EventFeed
from hub.stores.redis.events.writer import append
from hub.wire.events import EVENTS_KEPT, EVENTS_KEY, Event


def event(id: int) -> Event:
    return Event(id, "f", "d", b'{"n":%d}' % id)


async def test_only_news_is_read_each_once(redis: Redis) -> None:
    await append(redis, EVENTS_KEY, [event(1)])
    feed = EventFeed(redis, EVENTS_KEY, 0.01)
    assert await feed.read() == ([], [])
    await append(redis, EVENTS_KEY, [event(2), event(3)])
    assert await feed.read() == ([event(2), event(3)], [])
    await append(redis, EVENTS_KEY, [event(3), event(4)])  # as after a crash of the recorder
    assert await feed.read() == ([event(4)], [])
    assert await feed.read() == ([], [])


async def test_a_burst_is_read_in_pieces(redis: Redis) -> None:
    feed = EventFeed(redis, EVENTS_KEY, 0.01)
    await feed.read()
    burst = [event(id) for id in range(1, 2 * AT_ONCE + 2)]
    await append(redis, EVENTS_KEY, burst)
    pieces = [(await feed.read())[0] for _ in range(3)]
    assert list(map(len, pieces)) == [AT_ONCE, AT_ONCE, 1]
    assert [one for piece in pieces for one in piece] == burst
    assert AT_ONCE == 25


async def test_an_entry_that_cannot_be_read_is_an_error_of_its_own(redis: Redis) -> None:
    feed = EventFeed(redis, EVENTS_KEY, 0.01)
    await feed.read()
    await redis.xadd(EVENTS_KEY, {"id": "one"})
    await append(redis, EVENTS_KEY, [event(1)])
    events, bad = await feed.read()
    assert (events, len(bad)) == ([event(1)], 1)


async def test_the_stream_is_bounded(redis: Redis) -> None:
    for first in range(0, EVENTS_KEPT + 2_000, 2_000):
        await append(redis, EVENTS_KEY, map(event, range(first, first + 2_000)))
    assert EVENTS_KEPT <= await redis.xlen(EVENTS_KEY) < EVENTS_KEPT + 1_000
