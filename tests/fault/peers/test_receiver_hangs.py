"""One receiver answers each request after its time-out: the other gets its notices as before (N2). The slow test prints
the figures of docs/benchmarks.md."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from hub.clock import SYSTEM
from hub.settings import Settings
from hub.stores.postgres.alerts import deliveries
from hub.stores.postgres.alerts.deliveries import NewDelivery
from tests.support.logbook import fetch, until, value
from tests.support.notify.notifiers import channel, connected, for_channels, notifying, put_deliveries
from tests.support.notify.receivers import receiver

COUNT = 300
"""Notices in each part of the slow test."""


async def test_a_receiver_that_hangs_delays_no_other(settings: Settings) -> None:
    settings = for_channels(settings, hook_timeout=2.0)
    async with receiver() as hanging, receiver() as fine:

        async def hang(path: str, event: Any) -> int | web.StreamResponse:
            await asyncio.sleep(30)
            return 204

        hanging.answer = hang
        bad = await channel(settings, config={"url": hanging.url})
        good = await channel(settings, config={"url": fine.url})
        await put_deliveries(settings, bad, [f"d{n}" for n in range(100)])
        async with notifying(settings):

            async def failed() -> bool:
                return bool(await value(settings, "SELECT failures > 0 FROM channels WHERE id = $1", bad))

            for _ in range(20):
                await put_deliveries(settings, good, ["a"])
                await asyncio.sleep(0.1)

            async def all_fine() -> bool:
                return len(fine.confirmed) == 20

            await until(all_fine)
            await until(failed)
            rows = await fetch(
                settings,
                "SELECT extract(epoch FROM sent_at - created_at)::float8 FROM deliveries WHERE channel_id = $1",
                good,
            )
            # While eight requests of the other channel hang for two seconds each, again and again.
            assert sorted(row[0] for row in rows)[len(rows) // 2] < settings.hook_timeout
        tries = await value(settings, "SELECT sum(attempts) FROM deliveries WHERE channel_id = $1", bad)
        assert 0 < tries <= settings.hook_inflight + 1


@pytest.mark.slow
async def test_of_the_other_receiver_99_in_100_have_their_notice_in_a_second(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A receiver gets 20 notices/s for 15 s, then again while another hangs for ten seconds each, on 200 drivers."""
    settings = for_channels(settings)
    async with receiver() as hanging, receiver() as fine, connected(settings) as connection:

        async def hang(path: str, event: Any) -> int | web.StreamResponse:
            await asyncio.sleep(settings.hook_timeout + 5)
            return 204

        hanging.answer = hang
        bad = await channel(settings, config={"url": hanging.url})
        good = await channel(settings, config={"url": fine.url})

        async def waits() -> list[float]:
            """Milliseconds from the outbox to the confirmation, sorted."""
            await connection.execute("DELETE FROM deliveries WHERE channel_id = $1", good)
            for n in range(COUNT):
                new = NewDelivery(good, f"d{n % 50}", f"m{n}", "hub.test", None, SYSTEM.now(), '{"text":"x"}')
                await deliveries.put(connection, [new], SYSTEM.now())
                await asyncio.sleep(0.05)

            async def all_sent() -> bool:
                query = "SELECT count(*) FROM deliveries WHERE channel_id = $1 AND state = 'sent'"
                return bool(await connection.fetchval(query, good) == COUNT)

            await until(all_sent)
            query = (
                "SELECT extract(epoch FROM sent_at - created_at)::float8 * 1000 FROM deliveries WHERE channel_id = $1"
            )
            return sorted(row[0] for row in await connection.fetch(query, good))

        async with notifying(settings):
            before = await waits()
            began = SYSTEM.monotonic()
            await put_deliveries(settings, bad, [f"d{n}" for n in range(200)])
            meanwhile = await waits()
            took = SYSTEM.monotonic() - began
            tries = await value(settings, "SELECT sum(attempts) FROM deliveries WHERE channel_id = $1", bad)
    with capsys.disabled():
        for name, found in (("alone", before), ("while another hangs", meanwhile)):
            p50, p99 = found[COUNT // 2], found[COUNT * 99 // 100]
            print(f"\n{name}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {found[-1]:.0f} ms", end="")
        print(f"; the one that hangs was tried {tries} times in {took:.0f} s")
    assert meanwhile[COUNT * 99 // 100] <= max(1_000, 1.5 * before[COUNT * 99 // 100])
    # Those in flight when it began to fail, and one probe at each step: 5 and 30 s later, and the time of each try.
    assert settings.hook_inflight <= tries <= settings.hook_inflight + 2 + took // 100
