"""A place in a stream, over an error after which Redis has lost the stream, or its end."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.events.place import Place
from tests.support.running import PATIENCE

KEY = "hub:events"


async def blocked(redis: Redis) -> None:
    """Wait until a client waits for entries."""
    while not (await redis.info("clients"))["blocked_clients"]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("lost", ["all", "end", "nothing"])
async def test_after_an_error_entries_with_older_ids_are_read(redis_url: str, lost: str) -> None:
    async with connect(redis_url, PATIENCE, PATIENCE) as client, connect(redis_url, PATIENCE) as other:
        place = Place(client, KEY, PATIENCE)
        await other.xadd(KEY, {"n": "old"}, id="1000-0")
        first = asyncio.create_task(place.read(10))
        await blocked(other)
        await other.xadd(KEY, {"n": "first"}, id="2000-0")
        assert await first == [(b"2000-0", {b"n": b"first"})]
        waiting = asyncio.create_task(place.read(10))
        await blocked(other)
        if lost != "nothing":
            await other.delete(KEY)
        if lost == "end":
            await other.xadd(KEY, {"n": "old"}, id="1000-0")
        await other.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")  # type: ignore[no-untyped-call]
        with pytest.raises(UNAVAILABLE):
            await waiting
        new = b"3000-0" if lost == "nothing" else b"1500-0"
        await other.xadd(KEY, {"n": "new"}, id=new)
        entries = await place.read(10)
        assert [entry_id for entry_id, _ in entries] == ([b"1000-0"] if lost == "end" else []) + [new]
