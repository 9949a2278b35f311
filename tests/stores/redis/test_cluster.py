"""The keys of each partition before a real cluster of three servers: it takes the transactions that they are for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import redis
from hub.stores.redis.log_reader import START, Continuity, LogReader
from hub.stores.redis.log_writer import append
from redis.exceptions import RedisError

from hub.core.live.hub import Hub
from hub.core.nouns import Fix
from hub.stores.redis.connection import connect
from hub.stores.redis.events import writer as event_writer
from hub.stores.redis.events.reader import EventFeed
from hub.wire.events import Event
from hub.wire.layout import SLOTS, Layout, slot
from hub.wire.log import decode_entry
from tests.stores.redis.test_latest import batch
from tests.support.running import until
from tests.support.valkeys import Server

LAYOUT = Layout("id", 16)

SERVERS = 3
ENDS = [round(number * SLOTS / SERVERS) for number in range(SERVERS + 1)]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Primaries with a third of the slots each."""
    folder = tmp_path_factory.mktemp("cluster")
    servers = [Server(folder / str(number)) for number in range(SERVERS)]
    try:
        for server in servers:
            bus = str(server.port - 10_000 if server.port > 50_000 else server.port + 10_000)
            server.start("--cluster-enabled", "yes", "--cluster-port", bus, "--appendonly", "yes", "--save", "")
        for number, server in enumerate(servers):
            until(lambda server=server: answers(server))  # type: ignore[misc]
            server.call("CLUSTER", "ADDSLOTSRANGE", str(ENDS[number]), str(ENDS[number + 1] - 1))
            host, port = servers[0].host, servers[0].port
            bus = str(port - 10_000 if port > 50_000 else port + 10_000)
            server.call("CLUSTER", "MEET", host, str(port), bus)
        for server in servers:
            until(lambda server=server: whole(server))  # type: ignore[misc]
        yield servers
    finally:
        for server in servers:
            server.kill()


def answers(server: Server) -> bool:
    try:
        return bool(server.call("PING"))
    except RedisError:
        return False


def whole(server: Server) -> bool:
    with redis.Redis.from_url(server.url, decode_responses=True) as client:
        state = str(client.execute_command("CLUSTER", "INFO"))
    return "cluster_state:ok" in state and f"cluster_known_nodes:{SERVERS}" in state


def place(servers: list[Server], key: str) -> Server:
    """The server of a key."""
    return next(server for server, end in zip(servers, ENDS[1:], strict=True) if slot(key) < end)


async def test_each_partition_is_written_and_read_at_one_server(servers: list[Server]) -> None:
    used = Counter[int]()
    for partition in LAYOUT.partitions:
        server = place(servers, partition.log)
        used[server.port] += 1
        hub = Hub("e")
        taken = batch(hub, "f", ("a", Fix(1, 2)), ("b", Fix(3, 4)))
        taken.removed = {"f": {"b": datetime.max.replace(tzinfo=UTC)}}
        taken.restored = {"f": {"a": taken.latest["f"]["a"][0]}}
        reader = LogReader(server.url, timeout=30, partition=partition)
        async with connect(server.url, 30) as client:
            entry_id = await append(client, "e", taken, 0, partition=partition)
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


async def test_the_cluster_takes_no_transaction_over_two_partitions(servers: list[Server]) -> None:
    """So the test above shows something."""
    one, two = LAYOUT.partitions[:2]
    async with connect(place(servers, one.log).url, 30) as client:
        transaction = client.pipeline(transaction=True)
        transaction.xadd(one.log, {"f": "[]"})
        transaction.sadd(two.fleets, "f")
        with pytest.raises(RedisError):
            await transaction.execute()
        assert await client.exists(one.log) == 1  # the entry above
