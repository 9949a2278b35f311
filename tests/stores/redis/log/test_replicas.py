"""A transaction counts when it is in the files of the replicas, too."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from hub.core.live.unlogged import Batch
from hub.stores.redis.connection import connect
from hub.stores.redis.line import Line
from hub.stores.redis.log.replicas import Copies, TooFewReplicas
from hub.stores.redis.log.writer import append, is_copied, is_there
from hub.wire.log import LOG_KEY, Span, span
from tests.support.running import until
from tests.support.valkeys import Server, linked, pair

ONE = Copies(1, 10.0)
SOON = Copies(1, 0.2)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    started = pair(tmp_path_factory.mktemp("pair"))
    yield started
    for server in started:
        server.kill()


@pytest.fixture
async def redis(servers: list[Server]) -> AsyncIterator[Redis]:
    async with connect(servers[0].url, 20.0) as client:
        await client.flushall()
        yield client
        await client.config_set("appendonly", "yes")


def one() -> Batch:
    batch = Batch()
    batch.size, batch.payloads = 1, {"f": [b"{}"]}
    return batch


async def test_a_batch_is_on_the_replica_when_append_returns(servers: list[Server], redis: Redis) -> None:
    for before in range(5):
        entry_id = await append(Line(redis), "n", one(), before, ONE) or ""
        async with connect(servers[1].url, 20.0) as replica:
            assert [found for found, _ in await replica.xrange(LOG_KEY, entry_id)] == [entry_id.encode()]


async def test_a_batch_without_an_entry_has_no_id(redis: Redis) -> None:
    assert await append(Line(redis), "n", Batch(), 0, ONE)  # a mark
    batch = Batch()
    batch.removed = {"f": {}}
    assert await append(Line(redis), "n", batch, 0, ONE) is None


async def test_too_few_replicas_are_an_error_and_are_waited_for_again(servers: list[Server], redis: Redis) -> None:
    replica = servers[1]
    replica.signal(signal.SIGSTOP)
    try:
        with pytest.raises(TooFewReplicas, match="0 of 1 replicas have the log") as error:
            await append(Line(redis), "n", one(), 0, SOON)
        entry_id = error.value.entry_id
        assert entry_id is not None
        with pytest.raises(TooFewReplicas) as error:
            await is_copied(Line(redis), "n", one(), 0, entry_id, SOON)
        assert error.value.entry_id == entry_id
    finally:
        replica.signal(signal.SIGCONT)
    await asyncio.to_thread(until, lambda: linked(replica))
    assert await is_copied(Line(redis), "n", one(), 0, entry_id, ONE)
    spans = [span(fields) for _, fields in await redis.xrange(LOG_KEY)]
    assert spans == [Span("n", 0, 1), Span("n", 0, 0), Span("n", 0, 0)]  # the batch once, and marks


async def test_another_entry_with_the_same_id_is_another(redis: Redis) -> None:
    entry_id = await append(Line(redis), "n", one(), 0, ONE) or ""
    assert await is_there(Line(redis), "n", one(), 0, entry_id)
    assert not await is_there(Line(redis), "n", one(), 1, entry_id)
    assert not await is_there(Line(redis), "other", one(), 0, entry_id)
    await redis.xdel(LOG_KEY, entry_id)
    assert not await is_there(Line(redis), "n", one(), 0, entry_id)
    assert not await is_copied(Line(redis), "n", one(), 0, entry_id, ONE)


async def test_a_primary_that_cannot_wait_says_why(redis: Redis) -> None:
    await redis.config_set("appendonly", "no")
    with pytest.raises(TooFewReplicas, match=r"Redis cannot wait for replicas: .*appendonly") as error:
        await append(Line(redis), "n", one(), 0, ONE)
    assert await redis.xlen(LOG_KEY) == 1 and error.value.entry_id


async def test_an_error_of_a_command_is_an_error_of_the_batch(redis: Redis) -> None:
    await redis.set(LOG_KEY, "not a stream")
    with pytest.raises(Exception, match="WRONGTYPE"):
        await append(Line(redis), "n", one(), 0, ONE)
