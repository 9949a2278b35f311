"""The stream of signs of life."""

from __future__ import annotations

from datetime import UTC, datetime

from hub.stores.redis.connection import connect
from hub.stores.redis.events.signs import SIGNS_KEY, SignFeed, append
from tests.support.running import PATIENCE

AT = datetime(2026, 1, 1, tzinfo=UTC)


async def test_signs_are_read_once_and_what_cannot_be_read_is_skipped(redis_url: str) -> None:
    async with connect(redis_url, PATIENCE, 0.05) as client:
        await append(client, "before", AT, {"f": ["old"]})
        feed = SignFeed(client, 0.05)
        assert await feed.read() == []
        await append(client, "one", AT, {"f": ["a", "b"], "g": ["c"]})
        await client.xadd(SIGNS_KEY, {"node": "of another version"})
        await client.xadd(SIGNS_KEY, {"node": "two", "at": AT.isoformat(), "heard": "[1"})
        for at in ("now", "0001-01-01T00:00:00+23:00", "\u0661"):
            await client.xadd(SIGNS_KEY, {"node": "two", "at": at, "heard": "{}"})
        await append(client, "two", AT, {"f": ["d"]})
        found = await feed.read()
        assert [(signs.node, signs.drivers) for signs in found] == [
            ("one", {"f": ["a", "b"], "g": ["c"]}),
            ("two", {"f": ["d"]}),
        ]
        assert found[0].at == AT
        assert await feed.read() == []
