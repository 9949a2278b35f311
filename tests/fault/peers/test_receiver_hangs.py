"""One receiver answers each request after its time-out: the other gets its notices as before (N2). The slow test prints
the figures of docs/benchmarks.md."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from hub.settings import Settings
from tests.support.logbook import fetch, until, value
from tests.support.notify.notifiers import channel, for_channels, notifying, put_deliveries
from tests.support.notify.receivers import receiver


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
    """One receiver hangs for ten seconds each, on each of 200 drivers; another gets 20 notices/s for 45 s."""
    settings = for_channels(settings)
    async with receiver() as hanging, receiver() as fine:

        async def hang(path: str, event: Any) -> int | web.StreamResponse:
            await asyncio.sleep(settings.hook_timeout + 5)
            return 204

        hanging.answer = hang
        bad = await channel(settings, config={"url": hanging.url})
        good = await channel(settings, config={"url": fine.url})
        async with notifying(settings):
            await put_deliveries(settings, bad, [f"d{n}" for n in range(200)])
            for n in range(900):
                await put_deliveries(settings, good, [f"d{n % 50}"])
                await asyncio.sleep(0.05)

            async def all_fine() -> bool:
                return len(fine.confirmed) == 900

            await until(all_fine)
        query = (
            "SELECT extract(epoch FROM sent_at - created_at)::float8 FROM deliveries WHERE channel_id = $1 ORDER BY 1"
        )
        waits = [row[0] for row in await fetch(settings, query, good)]
        tries = await value(settings, "SELECT sum(attempts) FROM deliveries WHERE channel_id = $1", bad)
        with capsys.disabled():
            p50, p99, longest = (f"{waits[n] * 1_000:.0f}" for n in (449, 890, 899))
            print(f"\nthe other receiver, of 900 notices: p50 {p50} ms, p99 {p99} ms, longest {longest} ms")
            print(f"tries of the one that hangs in 45 s: {tries}")
        assert waits[890] <= 1
        # Those in flight when it began to fail, and a probe at each step: 5 and 30 s later, less a fifth.
        assert settings.hook_inflight <= tries <= settings.hook_inflight + 2
