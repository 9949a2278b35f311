"""Events come back from the recorder's stream to whoever watches the driver, in order and once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
import pytest
from redis.asyncio import Redis

from hub.core.live.facts.inside import Insiders
from hub.core.live.hub import Hub
from hub.core.live.subscriptions import Subscription
from hub.core.nouns import Fix
from hub.edge.log.events import announce
from hub.stores.redis.events import writer as events
from hub.wire.events import EVENTS_KEY, Event, Removal
from tests.support.live.fakes import DISPATCHER, Peer, line


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
async def hub(redis_url: str) -> AsyncIterator[Hub]:
    hub = Hub("e", line)
    for driver in ("d1", "d2"):
        hub.publish(hub.fleet("f"), driver, Fix(25.0, 55.0), datetime.now(UTC))
    task = asyncio.create_task(announce(hub, Insiders(hub), redis_url, 1.0))
    # The first read finds where the stream ends.
    await asyncio.sleep(0.2)
    yield hub
    task.cancel()
    await asyncio.wait([task])


def event(id: int, driver_id: str = "d1", fleet: str = "f") -> Event:
    return Event(id, fleet, driver_id, json.dumps({"type": "trip", "number": id, "driverId": driver_id}).encode())


async def numbers(peer: Peer, count: int) -> list[int]:
    """Numbers of the events that a subscriber gets, once there are ``count`` of them and a little longer."""
    got: list[int] = []
    async with asyncio.timeout(10):
        while len(got) < count:
            await asyncio.sleep(0.02)
            got += [message["number"] for message in peer.read() if message["type"] == "trip"]
    await asyncio.sleep(0.1)
    return got + [message["number"] for message in peer.read() if message["type"] == "trip"]


async def test_events_reach_who_watches_the_driver_once(hub: Hub, redis: Redis) -> None:
    everything, one, elsewhere, plain = Peer(hub, DISPATCHER), Peer(hub, DISPATCHER), Peer(hub, DISPATCHER), Peer(hub)
    hub.subscribe(everything.client, Subscription("a"))
    hub.subscribe(everything.client, Subscription("b", drivers=frozenset({"d1"})))
    hub.subscribe(one.client, Subscription("a", drivers=frozenset({"d2"})))
    hub.watch_plainly(plain.client)
    plain.read()
    first = [event(1), event(2, "d2"), event(3), event(4, fleet="another"), event(5, "unknown")]
    await events.append(redis, EVENTS_KEY, first)
    # The recorder was killed before it noted that 3 was out.
    await events.append(redis, EVENTS_KEY, [event(3), event(6)])
    assert await numbers(everything, 4) == [1, 2, 3, 6]
    assert await numbers(one, 1) == [2]
    assert elsewhere.read() == [] and plain.read() == []


async def test_an_entry_that_cannot_be_read_stops_nothing(hub: Hub, redis: Redis) -> None:
    peer = Peer(hub, DISPATCHER)
    hub.subscribe(peer.client, Subscription("a"))
    await redis.xadd(EVENTS_KEY, {"id": "nine", "fleet": "f"})
    await events.append(redis, EVENTS_KEY, [event(10)])
    assert await numbers(peer, 1) == [10]


async def test_events_survive_a_cut_connection(hub: Hub, redis: Redis) -> None:
    peer = Peer(hub, DISPATCHER)
    hub.subscribe(peer.client, Subscription("a"))
    await redis.client_kill_filter(_type="normal", skipme=True)
    await events.append(redis, EVENTS_KEY, [event(11)])
    assert await numbers(peer, 1) == [11]


async def test_a_removal_is_for_the_hub_and_not_for_subscribers(redis: Redis, redis_url: str) -> None:
    hub, removed = Hub("e", line), []
    hub.publish(hub.fleet("f"), "d1", Fix(25.0, 55.0), datetime.now(UTC))
    peer = Peer(hub, DISPATCHER)
    hub.subscribe(peer.client, Subscription("s"))
    peer.read()

    def remove(fleet: str, payload: bytes) -> None:
        removed.append((fleet, json.loads(payload)["driverId"]))
        if len(removed) == 1:
            raise msgspec.DecodeError("the first one cannot be read")

    task = asyncio.create_task(announce(hub, Insiders(hub), redis_url, 1.0, remove))
    await asyncio.sleep(0.2)
    told = msgspec.json.encode(Removal(driver_id="d1", until=datetime.now(UTC)))
    await events.append(redis, EVENTS_KEY, [Event(1, "f", "d1", told), Event(2, "f", "d1", told), event(3)])
    assert await numbers(peer, 1) == [3]
    assert removed == [("f", "d1")] * 2
    task.cancel()
    await asyncio.wait([task])


async def test_the_events_of_a_driver_are_removed_from_the_stream(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "AT_ONCE", 3)  # several pages
    others = [event(n, "d2") for n in range(5)] + [event(9, "d1", "g")]
    await events.append(redis, EVENTS_KEY, [*(event(n) for n in range(5)), *others, event(10)])
    assert await events.remove(redis, EVENTS_KEY, "f", "d1") == 6
    left = [(fields[b"fleet"], fields[b"driver"]) for _, fields in await redis.xrange(EVENTS_KEY)]
    assert left == [(b"f", b"d2")] * 5 + [(b"g", b"d1")]
