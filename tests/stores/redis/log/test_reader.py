"""Reading the log, trimming it, and noticing that it is another."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import redis

from hub.stores.redis.log.reader import ENTRIES_PER_READ, START, Backlog, Continuity, LogReader
from hub.wire.log import LOG_KEY
from tests.stores.redis.log.conftest import Client, write


@pytest.fixture
async def reader(redis_url: str) -> AsyncIterator[LogReader]:
    reader = LogReader(redis_url, timeout=30, block=0.05)
    yield reader
    await reader.close()


async def test_reads_what_lies_behind_an_offset(client: Client, reader: LogReader) -> None:
    await write(client, "1-0", "1-1", "2-0")
    assert await reader.read("1-0") == [("1-1", {b"fleet": b"[]"}), ("2-0", {b"fleet": b"[]"})]
    assert await reader.read("2-0") == []
    await reader.wait("1-0")
    await reader.wait("2-0")  # until its time is over


async def test_a_read_tells_that_the_entry_before_is_gone(client: Client, reader: LogReader) -> None:
    await write(client, "1-0", "2-0", "3-0")
    await client.xtrim(LOG_KEY, minid="2-0", approximate=False)
    assert await reader.read("1-0") is None
    assert await reader.read("2-0") == [("3-0", {b"fleet": b"[]"})]
    await client.delete(LOG_KEY)
    assert await reader.read("2-0") is None
    assert await reader.read(START) == []
    await write(client, "9-0")
    assert await reader.read("2-0") is None


async def test_an_answer_is_bounded(client: Client, reader: LogReader) -> None:
    await write(client, *(f"{n}-0" for n in range(1, ENTRIES_PER_READ + 9)))
    for after in (START, "1-0"):
        entries = await reader.read(after)
        assert entries is not None and len(entries) == ENTRIES_PER_READ


async def test_a_lost_connection_is_an_error_and_not_a_silent_reconnect(client: Client, reader: LogReader) -> None:
    assert await reader.read(START) == []
    await client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    with pytest.raises(redis.ConnectionError):
        await reader.read(START)


async def test_trimming_keeps_the_committed_entry_and_measures_the_rest(client: Client, reader: LogReader) -> None:
    await write(client, "1-0", "2-0", "3-0")
    backlog = await reader.trim("2-0", keep=60)
    assert (backlog.length, backlog.added, backlog.last) == (2, 3, "3-0")
    assert backlog.lag > 1e9  # the entry was written in 1970, by its id
    assert [entry_id for entry_id, _ in await client.xrange(LOG_KEY)] == ["2-0", "3-0"]
    assert await reader.trim("3-0", keep=60) == Backlog(1, 3, "3-0", 0.0)


async def test_committed_entries_of_the_last_seconds_and_the_one_before_stay(client: Client, reader: LogReader) -> None:
    seconds, _ = await client.time()
    ids = [f"{(seconds - age) * 1000}-0" for age in (90, 70, 50, 30, 10)]
    await write(client, *ids)
    await reader.trim(ids[3], keep=60)
    # And the one before them: whatever has it lacks nothing before those of the last seconds.
    assert [entry_id for entry_id, _ in await client.xrange(LOG_KEY)] == ids[1:]
    await reader.trim(ids[3], keep=0)
    assert [entry_id for entry_id, _ in await client.xrange(LOG_KEY)] == ids[3:]


async def test_no_committed_entries_stay_when_memory_is_short(client: Client, reader: LogReader) -> None:
    seconds, _ = await client.time()
    ids = [f"{(seconds - age) * 1000}-0" for age in (3, 2, 1)]
    await write(client, *ids)
    used = (await client.info("memory"))["used_memory"]
    before = (await client.config_get("maxmemory"))["maxmemory"]
    await client.config_set("maxmemory", int(used * 1.5))
    try:
        await reader.trim(ids[2], keep=60)
    finally:
        await client.config_set("maxmemory", before)
    assert [entry_id for entry_id, _ in await client.xrange(LOG_KEY)] == ids[2:]


async def test_nothing_is_trimmed_before_the_first_commit(client: Client, reader: LogReader) -> None:
    await write(client, "1-0", "2-0")
    assert (await reader.trim(START, keep=0)).length == 2


async def test_a_log_without_the_committed_entry_is_not_trimmed(client: Client, reader: LogReader) -> None:
    await write(client, "1-0", "2-0")
    assert (await reader.trim("3-0", keep=0)).length == 2


async def test_a_log_that_does_not_exist_is_empty(reader: LogReader) -> None:
    assert await reader.trim("3-0", keep=60) == Backlog(0, None, "3-0", 0.0)


async def test_a_log_that_holds_the_committed_entry_is_intact(client: Client, reader: LogReader) -> None:
    assert await reader.continuity(START) is Continuity.INTACT
    await write(client, "1-0", "2-0")
    assert await reader.continuity("1-0") is Continuity.INTACT
    await reader.trim("2-0", keep=0)
    assert await reader.continuity("2-0") is Continuity.INTACT


async def test_a_log_that_forgot_its_end_has_lost_its_tail(client: Client, reader: LogReader) -> None:
    assert await reader.continuity("5-0") is Continuity.TAIL_LOST  # all of it
    await write(client, "1-0", "2-0")
    assert await reader.continuity("5-0") is Continuity.TAIL_LOST
    await write(client, "6-0")  # and has grown beyond our offset since
    assert await reader.continuity("5-0") is Continuity.TAIL_LOST


async def test_a_log_that_begins_behind_the_offset_was_trimmed(client: Client, reader: LogReader) -> None:
    await write(client, "5-0", "6-0", "7-0")
    await client.xtrim(LOG_KEY, minid="6-0", approximate=False)
    assert await reader.continuity("5-0") is Continuity.TRIMMED
    await client.xtrim(LOG_KEY, maxlen=0, approximate=False)
    assert await reader.continuity("5-0") is Continuity.TRIMMED


async def test_ids_compare_as_numbers(client: Client, reader: LogReader) -> None:
    await write(client, "10-0")
    await client.xtrim(LOG_KEY, maxlen=0, approximate=False)
    assert await reader.continuity("9-0") is Continuity.TRIMMED


async def test_what_is_told_replaces_what_was_and_expires(client: Client, reader: LogReader) -> None:
    await reader.tell("hub:told", {"state": "retrying", "error": "OSError"}, 10)
    await reader.tell("hub:told", {"state": "recording"}, 10)
    assert await client.hgetall("hub:told") == {"state": "recording"}
    assert 0 < await client.ttl("hub:told") <= 10
