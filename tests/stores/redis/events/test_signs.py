"""The stream of signs of life."""

from __future__ import annotations

from hub.stores.redis.connection import connect
from hub.stores.redis.events.signs import SIGNS_KEY, SignFeed, append
from tests.support.running import PATIENCE


async def test_signs_are_read_once_and_what_cannot_be_read_is_skipped(redis_url: str) -> None:
    async with connect(redis_url, PATIENCE, 0.05) as client:
        await append(client, "before", {"f": ["old"]})
        feed = SignFeed(client, 0.05)
        assert await feed.read() == []
        await append(client, "one", {"f": ["a", "b"], "g": ["c"]})
        await client.xadd(SIGNS_KEY, {"node": "of another version"})
        await client.xadd(SIGNS_KEY, {"node": "two", "heard": "[1"})
        await append(client, "two", {"f": ["d"]})
        found = await feed.read()
        assert [(signs.node, signs.drivers) for signs in found] == [
            ("one", {"f": ["a", "b"], "g": ["c"]}),
            ("two", {"f": ["d"]}),
        ]
        assert found[0].at > 1.7e9
        assert await feed.read() == []
