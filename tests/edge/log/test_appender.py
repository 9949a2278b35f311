"""Group commit into a real Valkey: what goes into an entry, what is acked when, and what happens while it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from hub.core.live.client import Client
from hub.core.live.hub import Hub
from hub.core.live.log_place import entry_number
from hub.core.live.unlogged import Unlogged
from hub.core.nouns import Fix
from hub.core.principal import Principal, Role
from hub.edge.log.appender import Appender
from hub.stores.redis import line
from hub.stores.redis.connection import connect
from hub.wire.layout import ONLY, Layout
from hub.wire.log import LOG_KEY, RECORDER_KEY, Span, decode_entry, span

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE = 60


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with connect(redis_url, 1.0) as client:
        yield client


class Writer:
    """A client that publishes and remembers what it was told."""

    def __init__(self, hub: Hub, unlogged: Unlogged) -> None:
        self.hub, self.unlogged = hub, unlogged
        self.heard: list[bytes] = []
        self.client: Client = hub.connect(Principal("f", Role.OPEN), self.heard.append)

    def publish(self, driver: str, msg_no: int | None = None) -> None:
        payload, update = self.hub.publish(self.hub.fleet("f"), driver, Fix(1, 2), NOW, self.client.origin)
        self.unlogged.add("f", payload, update)
        if msg_no is not None:
            self.unlogged.acknowledge(self.client, msg_no)

    @property
    def acked(self) -> list[int]:
        return [msgspec.json.decode(message)["msgNo"] for message in self.heard]


@pytest.fixture
def hub() -> Hub:
    return Hub("the-epoch")


@pytest.fixture
def unlogged() -> Unlogged:
    return Unlogged(1_000, 100)


@pytest.fixture
def writer(hub: Hub, unlogged: Unlogged) -> Writer:
    return Writer(hub, unlogged)


@pytest.fixture
async def appender(hub: Hub, unlogged: Unlogged, redis: Redis) -> AsyncIterator[Appender]:
    appender = Appender(hub, unlogged, redis, 0.001)
    task = asyncio.create_task(appender.run())
    yield appender
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled(), task.exception()


async def entries(redis: Redis) -> list[list[str]]:
    """The drivers of each entry of the log."""
    logged: list[Any] = await redis.xrange(LOG_KEY)
    decoded = [decode_entry(fields) for _, fields in logged]
    assert {node for node, _ in decoded} <= {"the-epoch"}
    return [[position.driver_id for position in fleets.get("f", [])] for _, fleets in decoded]


async def test_what_has_gathered_is_one_entry_and_one_ack(
    appender: Appender, unlogged: Unlogged, writer: Writer, redis: Redis
) -> None:
    for number in range(10):
        writer.publish(f"d{number % 3}", number)
    appender.wake()
    assert await appender.drained(PATIENCE)
    assert [len(entry) for entry in await entries(redis)] == [10]
    assert writer.acked == [9]
    assert (appender.entries, appender.positions, unlogged.size, appender.problem) == (1, 10, 0, None)


async def test_a_large_batch_is_several_entries(appender: Appender, writer: Writer, redis: Redis) -> None:
    for number in range(250):
        writer.publish("d", number)
    appender.wake()
    assert await appender.drained(PATIENCE)
    assert [len(entry) for entry in await entries(redis)] == [100, 100, 50]
    assert writer.acked == [99, 199, 249]


async def test_a_mark_tells_how_many_positions_came_before(appender: Appender, writer: Writer, redis: Redis) -> None:
    for number in range(7):
        writer.publish("d", number)
    appender.wake()
    assert await appender.drained(PATIENCE)
    appender.mark()
    async with asyncio.timeout(PATIENCE):
        while len(logged := await redis.xrange(LOG_KEY)) < 2:  # noqa: ASYNC110 - it is in Redis
            await asyncio.sleep(0.01)
    assert [span(fields) for _, fields in logged] == [Span("the-epoch", 0, 7), Span("the-epoch", 7, 0)]
    assert decode_entry(logged[1][1]) == ("the-epoch", {})


async def test_nothing_is_written_without_a_wake(appender: Appender, writer: Writer, redis: Redis) -> None:
    writer.publish("d", 1)
    assert not await appender.drained(0.05)
    assert writer.acked == []
    appender.wake()
    assert await appender.drained(PATIENCE)


async def test_who_is_gone_is_not_acked(hub: Hub, appender: Appender, writer: Writer, redis: Redis) -> None:
    writer.publish("d", 1)
    hub.disconnect(writer.client)
    appender.wake()
    assert await appender.drained(PATIENCE)
    assert await entries(redis) == [["d"]]
    assert writer.heard == []


async def test_an_answer_that_is_no_yes_is_tried_again(
    redis_url: str, unlogged: Unlogged, appender: Appender, writer: Writer, redis: Redis
) -> None:
    """A full Valkey says so to every write (``noeviction``)."""
    # Not by the appender's own connections, which it closes when something is wrong.
    async with connect(redis_url, PATIENCE) as other:
        limit = (await other.config_get("maxmemory"))["maxmemory"]
        await other.config_set("maxmemory", 1)
        try:
            writer.publish("first", 1)
            appender.wake()
            while appender.problem is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            writer.publish("second", 2)
            appender.wake()
            assert not await appender.drained(0.3)
            assert appender.problem == "the log does not answer: its memory is full"
            assert (writer.acked, unlogged.size) == ([], 2)
        finally:
            await other.config_set("maxmemory", limit)
    assert await appender.drained(PATIENCE)
    assert await entries(redis) == [["first"], ["second"]]
    assert writer.acked == [1, 2]
    assert appender.problem is None


async def test_a_connection_that_is_cut_is_opened_again(
    redis_url: str, appender: Appender, writer: Writer, redis: Redis
) -> None:
    async with connect(redis_url, 1.0) as other:
        for number in range(10):
            writer.publish("d", number)
            appender.wake()
            await asyncio.sleep(0)
            await other.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            assert await appender.drained(PATIENCE)
    assert writer.acked == list(range(10))
    # Whether a write was done whose answer was cut is not known, so it is done again: never lost, perhaps twice.
    assert len(await entries(redis)) >= 10


async def spans(redis: Redis) -> list[Span | None]:
    return [span(fields) for _, fields in await redis.xrange(LOG_KEY)]


async def log_three(appender: Appender, writer: Writer) -> None:
    """Three entries of one, two and three positions, of the drivers 0 to 2."""
    for number in range(3):
        for _ in range(number + 1):
            writer.publish(f"d{number}", number)
        appender.wake()
        assert await appender.drained(PATIENCE)


async def restored(appender: Appender, positions: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while appender.appended_again < positions or appender.doubtful:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_what_the_log_lost_is_appended_again_with_its_numbers(
    appender: Appender, writer: Writer, redis: Redis
) -> None:
    await log_three(appender, writer)
    await redis.flushall()
    appender.restore()
    await restored(appender, 6)
    assert await spans(redis) == [Span("the-epoch", 0, 6), Span("the-epoch", 6, 0, True)]
    assert await entries(redis) == [["d0", "d1", "d1", "d2", "d2", "d2"], []]
    assert set(await redis.hkeys(ONLY.latest("f"))) == {b"d0", b"d1", b"d2"}  # type: ignore[misc]
    writer.publish("later", 7)
    appender.wake()
    assert await appender.drained(PATIENCE)
    assert (await spans(redis))[-1] == Span("the-epoch", 6, 1)
    assert writer.acked == [0, 1, 2, 7]


async def test_what_is_stored_is_not_appended_again(appender: Appender, writer: Writer, redis: Redis) -> None:
    await log_three(appender, writer)
    await redis.delete(LOG_KEY)
    await redis.hset(RECORDER_KEY, "stored", msgspec.json.encode({"the-epoch": 3}))  # type: ignore[misc]
    appender.restore()
    await restored(appender, 3)
    assert await spans(redis) == [Span("the-epoch", 3, 3), Span("the-epoch", 6, 0, True)]
    appender.stored({"the-epoch": 6, "other": 1})
    assert appender.retained.size == 0


async def test_without_anything_to_append_again_it_is_said(appender: Appender, redis: Redis) -> None:
    appender.restore()
    async with asyncio.timeout(PATIENCE):
        while not await redis.xlen(LOG_KEY):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await spans(redis) == [Span("the-epoch", 0, 0, True)]


async def test_positions_in_any_partition_have_the_number_of_their_entry(
    hub: Hub, unlogged: Unlogged, writer: Writer, redis: Redis
) -> None:
    third = Layout("four", 4).partitions[2]
    appender = Appender(hub, unlogged, redis, 0.001, partition=third)
    task = asyncio.create_task(appender.run())
    writer.publish("d")
    appender.wake()
    assert await appender.drained(PATIENCE)
    [(entry_id, _)] = await redis.xrange(third.log)
    assert hub.fleet("f").latest["d"].entry == entry_number(entry_id.decode())
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "there"])
async def test_after_a_reconnect_that_no_call_noticed_the_log_is_checked(
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
    appender: Appender,
    writer: Writer,
    redis: Redis,
    lost: bool,
) -> None:
    monkeypatch.setattr(line, "IDLE", 0.0)
    await log_three(appender, writer)
    async with connect(redis_url, 1.0) as other:
        if lost:
            await other.xdel(LOG_KEY, (await other.xrevrange(LOG_KEY, count=1))[0][0])
        await other.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await asyncio.sleep(0.05)  # the connection is found closed and made again
    writer.publish("next", 9)
    appender.wake()
    assert await appender.drained(PATIENCE)
    found = await spans(redis)
    assert writer.acked == [0, 1, 2, 9]
    assert appender.problem is None
    if lost:
        assert found[-2:] == [Span("the-epoch", 0, 6), Span("the-epoch", 6, 0, True)]
    else:
        assert found == [Span("the-epoch", 0, 1), Span("the-epoch", 1, 2), Span("the-epoch", 3, 3), found[-1]]
    assert Span("the-epoch", 6, 1) in found and appender.appended_again == (6 if lost else 0)
