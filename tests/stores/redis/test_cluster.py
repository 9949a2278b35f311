"""The keys of each partition before a real cluster of three servers: it takes the transactions that they are for."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import uvloop
from redis.crc import key_slot
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from hub.core.live.hub import Hub
from hub.core.nouns import Fix
from hub.stores.redis import copies, latest
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.events import writer as event_writer
from hub.stores.redis.events.reader import EventFeed
from hub.stores.redis.layout import delete_places, layout
from hub.stores.redis.line import Line
from hub.stores.redis.log import state as log_state
from hub.stores.redis.log.reader import START, Continuity, LogReader
from hub.stores.redis.log.tail import LogTail
from hub.stores.redis.log.writer import append
from hub.wire.events import Event
from hub.wire.layout import LAYOUT_KEY, Layout, slot
from hub.wire.log import decode_entry
from tests.stores.redis.test_latest import batch
from tests.support.clusters import Cluster

LAYOUT = Layout("id", 16)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.kill()


async def test_each_partition_is_written_and_read_at_one_server(cluster: Cluster) -> None:
    used = Counter[int]()
    for partition in LAYOUT.partitions:
        server = cluster.place(partition.log)
        used[server.port] += 1
        hub = Hub("e")
        taken = batch(hub, "f", ("a", Fix(1, 2)), ("b", Fix(3, 4)))
        taken.removed = {"f": {"b": datetime.max.replace(tzinfo=UTC)}}
        taken.restored = {"f": {"a": taken.latest["f"]["a"][0]}}
        reader = LogReader(cluster.url, timeout=30, partition=partition)
        async with connect(cluster.url, 30, key=partition.log) as client:
            entry_id = await append(Line(client), "e", taken, 0, partition=partition)
            assert await client.hkeys(partition.latest("f")) == [b"a"]  # type: ignore[misc]
            ((read_id, fields),) = await reader.read(START) or []
            assert (read_id, len(decode_entry(fields)[1]["f"])) == (entry_id, 2)
            assert await reader.continuity(read_id) is Continuity.INTACT
            assert (await reader.trim(read_id, 0.0)).length == 1
            await reader.tell(partition.recorder, {"state": "recording"}, 10)
            feed = EventFeed(client, partition.events, 0.01)
            await feed.read()
            await event_writer.append(client, partition.events, [Event(1, "f", "a", b"{}")])
            assert await feed.read() == ([Event(1, "f", "a", b"{}")], [])
        await reader.close()
    assert sorted(used.values()) == [5, 5, 6]


async def test_the_cluster_takes_no_transaction_over_two_partitions(cluster: Cluster) -> None:
    """So the test above shows something."""
    one, two = LAYOUT.partitions[:2]
    async with connect(cluster.place(one.log).url, 30) as client:
        transaction = client.pipeline(transaction=True)
        transaction.xadd(one.log, {"f": "[]"})
        transaction.sadd(two.fleets, "f")
        with pytest.raises(RedisError):
            await transaction.execute()
        assert await client.exists(one.log) == 1  # the entry above


async def test_everything_else_finds_the_server_of_its_key(cluster: Cluster) -> None:
    async with connect(cluster.url, 30) as client:
        made = await layout(client, 16)
        assert (await layout(client, 1)).id == made.id
        assert await delete_places(client) == 0
        state = await log_state.read(client, made)
        assert (state.fill, state.lag, len(state.stored)) == (0.0, None, 16)
        assert (await log_state.size(client, made))[0] == 16
        assert {driver.driver_id for driver in (await latest.load(client, made.partitions))["f"]} == {"a"}
        await client.connection_pool.disconnect()  # as after an error
        assert not await copies.is_empty(client)
        copied = {record.key.decode() async for record in copies.read(client)}
        assert copied >= {LAYOUT_KEY, *(partition.log for partition in made.partitions)}
        await copies.delete(client)
        assert await copies.is_empty(client)


def test_a_connection_that_was_reset_is_made_again(cluster: Cluster) -> None:
    """uvloop raises ``RuntimeError`` for it, which would end a hub."""

    async def run() -> None:
        async with connect(cluster.url, 30) as client:
            await client.set("hub:a", "1")
            nodes: Any = client.nodes_manager.nodes_cache.values()  # type: ignore[attr-defined]
            reset = [each._writer.transport for node in nodes for each in node._connections if each.is_connected]
            for transport in reset:
                transport.abort()
            assert reset and await client.get("hub:a") == b"1"

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def test_the_tail_of_the_log_asks_again_for_the_primary(cluster: Cluster) -> None:
    """It knows another server than the present primary, as after a failover."""
    partition = LAYOUT.partitions[0]
    async with connect(cluster.url, 30, key=partition.log) as client:
        await append(Line(client), "e", batch(Hub("e"), "f", ("a", Fix(1, 2))), 0, partition=partition)
    tail = LogTail(cluster.url, partition, timeout=30, block=0.01)
    assert await tail.read()
    other: Any = next(server for server in cluster.servers if server is not cluster.place(partition.log))
    connection: Any = tail._line._connection
    connection.host, connection.port = other.host, other.port
    await tail.lost()
    assert await tail.read() == []
    await tail.close()


async def test_a_frozen_server_is_an_error_that_the_client_knows(cluster: Cluster) -> None:
    """After another one it would ask the same server again, also when that has been replaced."""
    frozen = cluster.place("hub:a")
    async with connect(cluster.url, 0.3) as client:
        await client.ping()
        frozen.signal(signal.SIGSTOP)
        try:
            with pytest.raises(RedisTimeoutError):
                await client.get("hub:a")
        finally:
            frozen.signal(signal.SIGCONT)
        assert await client.get("hub:a") in (b"1", None)


@pytest.mark.parametrize("url", ["redis+cluster://", "redis+cluster:///0", "redis+cluster://a:1?unknown=1"])
def test_a_url_that_cannot_be_used_is_refused(url: str) -> None:
    for key in ("", "hub:{a}:log"):
        with pytest.raises(ValueError):
            connect(url, 1.0, key=key)


async def test_a_cluster_that_is_away_is_an_error() -> None:
    for key in ("", "hub:{a}:log"):
        client = connect("redis+cluster://127.0.0.1:1,127.0.0.1:2", 1.0, key=key)
        with pytest.raises(UNAVAILABLE):
            await client.set("hub:{a}:log", "1")
        await client.aclose()


@pytest.mark.parametrize("key", ["hub:log", "hub:{a}:log", "{}x", "a{b", "a{}{b}", "{a}{b}", "ü{ä}"])
def test_slots_are_those_of_a_cluster(key: str) -> None:
    assert slot(key) == key_slot(key.encode())
