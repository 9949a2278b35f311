"""Following the log: nothing that was removed before it was read goes unnoticed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from hub.stores.redis.log.tail import UNCHECKED, LogTail
from hub.wire.layout import ONLY
from hub.wire.log import LOG_KEY
from tests.stores.redis.log.conftest import Client, write


@pytest.fixture
async def tail(redis_url: str) -> AsyncIterator[LogTail]:
    tail = LogTail(redis_url, ONLY, timeout=30, block=0.05)
    yield tail
    await tail.close()


async def test_reads_what_comes(client: Client, tail: LogTail) -> None:
    assert await tail.read() == []
    await write(client, "1-0", "2-0")
    assert await tail.read() == [("1-0", {b"fleet": b"[]"}), ("2-0", {b"fleet": b"[]"})]
    assert await tail.read() == []
    reading = asyncio.create_task(tail.read())
    await write(client, "3-0")
    found = await reading or await tail.read()
    assert [entry_id for entry_id, _ in found or ()] == ["3-0"]


async def test_entries_that_were_trimmed_before_they_were_read_are_missed(client: Client, tail: LogTail) -> None:
    """As the recorder trims where memory is short, or after an erasure."""
    await write(client, "1-0")
    assert await tail.read()
    await asyncio.sleep(UNCHECKED * 2)  # the reader stands still
    await write(client, "2-0", "3-0", "4-0")
    await client.xtrim(LOG_KEY, minid="4-0", approximate=False)
    assert await tail.read() is None
    assert await tail.truncated()


async def test_a_log_that_was_emptied_is_noticed_after_a_reconnect(client: Client, tail: LogTail) -> None:
    await write(client, "5-0")
    assert await tail.read()
    await tail.lost()
    await client.delete(LOG_KEY)
    await write(client, "1-0")
    assert await tail.read() is None
    assert not await tail.truncated()
    tail.start("1-0")
    assert await tail.read() == []
