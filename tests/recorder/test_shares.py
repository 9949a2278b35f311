"""Recorders share the partitions of a log, in one process and over several."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import redis.asyncio

from hub.recorder.shares import Recorders
from hub.settings import Settings
from hub.stores.postgres.connection import connect
from hub.stores.postgres.history import offsets, shares
from hub.wire.layout import Layout
from tests.support.logbook import PATIENCE, entry, fetch, position, until, value

LAYOUT = Layout("id", 4)

FLEETS = [next(f"fleet-{n}" for n in range(99) if LAYOUT.of(f"fleet-{n}", "").number == number) for number in range(4)]
"""A fleet of each partition."""


@asynccontextmanager
async def recording(settings: Settings) -> AsyncIterator[Recorders]:
    recorders = Recorders(settings, LAYOUT)
    running = asyncio.create_task(recorders.run())
    try:
        yield recorders
        assert not running.done(), running
        recorders.stop()
        await asyncio.wait_for(running, PATIENCE)
    finally:
        running.cancel()
        await asyncio.wait([running])


async def write(settings: Settings, second: int) -> None:
    """A position of each fleet."""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        for fleet in FLEETS:
            await client.xadd(
                LAYOUT.of(fleet, "").log, dict(entry(position(second=second), fleet=fleet, before=second))
            )


async def stored(settings: Settings, count: int) -> None:
    async def all_there() -> bool:
        return await value(settings, "SELECT count(*) FROM positions") == count

    await until(all_there)


async def all_recorded(settings: Settings) -> None:
    """Wait until every partition is recorded."""

    async def taken() -> bool:
        return not await fetch(settings, shares.SQL.free, [partition.log for partition in LAYOUT.partitions])

    await until(taken)


async def test_one_process_records_all_partitions(settings: Settings) -> None:
    await write(settings, 0)
    async with recording(settings) as one:
        await stored(settings, 4)
        assert one.taken == {0, 1, 2, 3}
        await write(settings, 1)
        await stored(settings, 8)
    rows = await fetch(settings, "SELECT log, lost FROM log_offsets ORDER BY log")
    assert [tuple(row) for row in rows] == sorted((partition.log, 0) for partition in LAYOUT.partitions)


async def test_two_share_and_the_rest_is_taken_when_one_ends(settings: Settings) -> None:
    async with recording(settings) as one:
        await all_recorded(settings)
        async with recording(settings) as two:

            async def shared() -> bool:
                return (len(one.taken), len(two.taken)) == (2, 2) and not one.taken & two.taken

            await until(shared)
            await write(settings, 0)
            await stored(settings, 4)
            async with recording(settings) as three:

                async def even() -> bool:
                    taken = [len(each.taken) for each in (one, two, three)]
                    return sum(taken) == 4 and max(taken) <= 2

                await until(even)
                await write(settings, 1)
                await stored(settings, 8)

        async def all_taken() -> bool:
            return one.taken == {0, 1, 2, 3}

        await until(all_taken)
        await write(settings, 2)
        await stored(settings, 12)
    assert await value(settings, "SELECT count(*) FROM dead_letters") == 0
    assert await value(settings, "SELECT sum(lost) FROM log_offsets") == 0


async def test_one_that_cannot_reach_postgresql_goes_on_when_it_can(settings: Settings) -> None:
    async with recording(settings):
        await write(settings, 0)
        await stored(settings, 4)
        await fetch(
            settings,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE 'hub record%'",
        )
        await write(settings, 1)
        await stored(settings, 8)


async def test_a_recorder_counts_as_long_as_its_session_lasts(settings: Settings) -> None:
    one, two = [await connect(settings.database_url, role="test", patience=30) for _ in range(2)]
    try:
        assert await shares.count(one) == 0
        await shares.join(one)
        await shares.join(two)
        assert await shares.count(one) == 2
        assert await shares.free(one, ["a", "b"]) == ["a", "b"]
        assert await offsets.lock(two, "b")
        assert await shares.free(one, ["a", "b"]) == ["a"]
        two.terminate()

        async def noticed() -> bool:
            return (await shares.count(one), await shares.free(one, ["a", "b"])) == (1, ["a", "b"])

        await until(noticed)
    finally:
        one.terminate()


@pytest.mark.parametrize("fleet", FLEETS)
async def test_what_is_queued_for_a_fleet_is_done_by_its_recorder(settings: Settings, fleet: str) -> None:
    """The change of a fence, and an erasure."""
    async with recording(settings):
        await all_recorded(settings)
        await fetch(
            settings,
            "INSERT INTO fence_changes (fleet, driver_id, since) VALUES ($1, 'd', now())",
            fleet,
        )
        await fetch(
            settings,
            "INSERT INTO erasures (fleet, driver_id, until, history) VALUES ($1, 'd', now(), true)",
            fleet,
        )

        async def done() -> bool:
            open = await value(settings, "SELECT count(*) FROM erasures WHERE finished_at IS NULL")
            return open == 0 and await value(settings, "SELECT count(*) FROM fence_changes") == 0

        await until(done)
    log = LAYOUT.of(fleet, "d").log
    assert [row["log"] for row in await fetch(settings, "SELECT log FROM events")] == [log]
