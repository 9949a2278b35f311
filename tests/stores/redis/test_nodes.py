"""The list of nodes: reports that expire."""

from __future__ import annotations

from datetime import UTC, datetime

from redis.asyncio import Redis

from hub.stores.redis.nodes import NODE_KEY, NODES_KEY, NodeReport, read_nodes, remove_node, write_node

STARTED = datetime(2026, 11, 27, tzinfo=UTC)


def report(id: str, connections: int = 0) -> NodeReport:
    return NodeReport(id, "hub-1:8080", 7, "1.0", STARTED, connections, draining=False, behind_ms=None)


async def test_a_node_is_listed_until_it_says_goodbye_or_is_silent(redis: Redis) -> None:
    for id in ("b", "a", "silent"):
        await write_node(redis, report(id))
    await write_node(redis, report("a", 3))
    assert {node.id: node.connections for node in await read_nodes(redis)} == {"a": 3, "b": 0, "silent": 0}
    assert 0 < await redis.ttl(NODE_KEY + "a") <= 5
    await redis.delete(NODE_KEY + "silent")  # as if five seconds had passed
    await remove_node(redis, "b")
    assert [node.id for node in await read_nodes(redis)] == ["a"]
    assert await redis.smembers(NODES_KEY) == {b"a"}


async def test_a_report_of_another_version_does_not_hide_the_others(redis: Redis) -> None:
    await write_node(redis, report("a"))
    await redis.sadd(NODES_KEY, "newer")
    await redis.set(NODE_KEY + "newer", b'{"id":"newer"}')
    assert [node.id for node in await read_nodes(redis)] == ["a"]
