"""What a notifier reports for the metrics: queues by kind, and totals that continue over restarts."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from aiohttp import web

from hub.notifier import loop
from hub.settings import Settings
from hub.stores.redis.connection import connect
from hub.stores.redis.reports.notifier import notifier_report
from tests.support.logbook import until
from tests.support.notify.notifiers import Shifted, channel, for_channels, notifying, put_deliveries
from tests.support.notify.receivers import receiver


async def test_queues_and_totals_are_reported_by_kind(settings: Settings) -> None:
    settings, clock = for_channels(settings, hook_retry_for=60.0), Shifted()
    async with receiver() as found, connect(settings.redis_url, 30.0, 1.0) as redis:

        async def bad_path(path: str, event: Any) -> int | web.StreamResponse:
            return 500 if path == "/bad" else 204

        found.answer = bad_path
        good = await channel(settings, config={"url": found.url})
        bad = await channel(settings, "slack", {"url": f"{found.url}bad"})
        await channel(settings, "traccar", {"url": found.url}, events=["position"])
        await put_deliveries(settings, good, ["a", "b", "a"])
        await put_deliveries(settings, bad, ["", ""])

        with patch.multiple(loop, METRICS_EVERY=0.05):
            async with notifying(settings, clock):

                async def one_waits() -> bool:
                    queues, said = await notifier_report(redis)
                    return (
                        (said.keys() == {("sent", "webhook"), ("failed", "slack")})
                        and queues is not None
                        and queues.waiting == {"slack": 2}
                    )

                await until(one_waits)
                queues, _ = await notifier_report(redis)
                assert queues is not None
                assert 0 < queues.oldest["slack"] < 60 and queues.behind == {}
                assert queues.channels == [("slack", "active", 1), ("traccar", "active", 1), ("webhook", "active", 1)]

                clock.advance(120)

                async def given_up() -> bool:
                    queues, said = await notifier_report(redis)
                    return said.get(("dead", "slack")) == 2 and queues is not None and not queues.waiting

                await until(given_up)
            _, before = await notifier_report(redis)
            await put_deliveries(settings, good, ["a"])
            async with notifying(settings):

                async def continued() -> bool:
                    return (await notifier_report(redis))[1] == before | {("sent", "webhook"): 4}

                await until(continued)
        assert before[("failed", "slack")] >= 1
