"""Two notifiers: one decides, and the other takes over when it is killed or frozen; nothing is sent twice meanwhile."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime

from hub.settings import Settings
from tests.support.logbook import until, value
from tests.support.notify.events import trip
from tests.support.notify.notifiers import channel, for_channels, notifier_process, put_events, rule
from tests.support.notify.receivers import receiver


async def test_the_second_takes_over(settings: Settings) -> None:
    settings = for_channels(settings, database_timeout=1.0)
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url})
        await rule(settings, "trip.started", channels=[id])

        async def told(count: int) -> None:
            async def reached() -> bool:
                sent = "SELECT count(*) FROM deliveries WHERE state = 'sent'"
                return await value(settings, sent) >= count

            await until(reached)

        async with notifier_process(settings) as first:
            await put_events(settings, [trip("d", "started", datetime.now(UTC), f"a{n}") for n in range(20)])
            await told(20)
            async with notifier_process(settings):
                await asyncio.sleep(1)
                # Frozen: it loses its sessions, and with them its locks.
                first.send_signal(signal.SIGSTOP)
                await put_events(settings, [trip("d", "started", datetime.now(UTC), f"b{n}") for n in range(20)])
                await told(40)
                first.send_signal(signal.SIGCONT)
                await put_events(settings, [trip("d", "started", datetime.now(UTC), f"c{n}") for n in range(20)])
                await told(60)
                first.kill()
        counts = Counter(one.event["data"]["details"]["tripId"] for one in found.confirmed)
        assert counts == {f"{part}{n}": 1 for part in "abc" for n in range(20)}
        order = [one.event["data"]["details"]["tripId"] for one in found.confirmed]
        assert order == sorted(order, key=lambda trip: (trip[0], int(trip[1:])))
    assert await value(settings, "SELECT count(*) FROM alerts") == 60
