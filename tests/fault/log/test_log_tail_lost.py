"""The log is no longer the one that was read: an alarm, and everything that is in it gets stored."""

from __future__ import annotations

import asyncio

import pytest
import redis.asyncio

from hub.settings import Settings
from hub.stores.redis.log.reader import START
from hub.wire.log import LOG_KEY
from tests.support.logbook import append, entry, fetch, position, recorded, recording


async def drivers(settings: Settings) -> list[str]:
    return [row["driver_id"] for row in await fetch(settings, "SELECT driver_id FROM positions ORDER BY 1")]


@pytest.mark.parametrize("running", [False, True], ids=["while the recorder was down", "under a running recorder"])
async def test_new_entries_below_the_offset_are_stored(
    settings: Settings, running: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failover to a replica that lacked the end, on a machine whose clock is behind."""
    async with redis.asyncio.from_url(settings.redis_url) as client, recording(settings):
        await client.xadd(LOG_KEY, dict(entry(position("kept"))), id="1000-0")
        await client.xadd(LOG_KEY, dict(entry(position("lost by redis"))), id="9000-0")
        await recorded(settings, "9000-0")
        if running:
            await fail_over(client)
            await recorded(settings, "1001-0")
    if not running:
        async with redis.asyncio.from_url(settings.redis_url) as client:
            await fail_over(client)
        async with recording(settings):
            await recorded(settings, "1001-0")
    assert await drivers(settings) == ["kept", "lost by redis", "new"]
    assert capsys.readouterr().out.count("log_tail_lost") == 1


async def fail_over(client: redis.asyncio.Redis) -> None:
    await client.delete(LOG_KEY)
    await client.xadd(LOG_KEY, dict(entry(position("kept"))), id="1000-0")
    await client.xadd(LOG_KEY, dict(entry(position("new"))), id="1001-0")


async def test_entries_between_a_lost_tail_and_higher_ids_are_stored(settings: Settings) -> None:
    """The recorder looks when the new ids have passed its offset already."""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        async with recording(settings):
            await client.xadd(LOG_KEY, dict(entry(position("old"))), id="5000-0")
            await recorded(settings, "5000-0")
        await client.delete(LOG_KEY)
        for entry_id, driver in (("4000-0", "below"), ("6000-0", "above")):
            await client.xadd(LOG_KEY, dict(entry(position(driver))), id=entry_id)
        async with recording(settings):
            await recorded(settings, "6000-0")
    assert await drivers(settings) == ["above", "below", "old"]


async def test_a_log_that_is_empty_again_is_an_alarm_and_then_a_log(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with redis.asyncio.from_url(settings.redis_url) as client:
        async with recording(settings) as recorder:
            await recorded(settings, await append(settings, entry(position("before"))))
            await client.flushall()
            await recorded(settings, START)
            await asyncio.sleep(0.2)  # nothing to read, and no second alarm for it
        async with recording(settings) as recorder:  # nor by the next recorder
            await recorded(settings, await append(settings, entry(position("after"))))
            assert recorder.progress.damaged_at > 0
            assert (recorder.progress.lost, recorder.progress.retries) == (0, 0)
    assert await drivers(settings) == ["after", "before"]
    assert capsys.readouterr().out.count("log_tail_lost") == 1


async def test_entries_that_somebody_trimmed_unread_are_an_alarm(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with redis.asyncio.from_url(settings.redis_url) as client:
        async with recording(settings):
            await recorded(settings, await append(settings, entry(position("read"))))
        last = await append(settings, entry(position("trimmed")), entry(position("left")))
        await client.xtrim(LOG_KEY, maxlen=1, approximate=False)
        async with recording(settings):
            await recorded(settings, last)
    assert await drivers(settings) == ["left", "read"]
    output = capsys.readouterr().out
    assert (output.count("log_trimmed"), output.count("log_tail_lost")) == (1, 0)
