"""A receiver of webhooks is down, and the notifier is killed again and again: every event arrives, each driver's in
order, under one id; no alert is made twice (N1)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from hub.settings import Settings
from tests.support.logbook import fetch, until, value
from tests.support.notify.events import trip
from tests.support.notify.notifiers import channel, for_channels, notifier_process, put_events, rule
from tests.support.notify.receivers import receiver
from tests.support.running import free_port

DRIVERS = 50


@pytest.mark.parametrize(
    ("each", "kills"),
    [
        (4, 1),
        pytest.param(10, 3, marks=pytest.mark.thorough),
        pytest.param(100, 10, marks=pytest.mark.slow),
    ],
    ids=["one", "short", "long"],
)
async def test_every_event_arrives_in_the_order_of_its_driver(settings: Settings, each: int, kills: int) -> None:
    settings = for_channels(settings)
    port = free_port()
    id = await channel(settings, config={"url": f"http://127.0.0.1:{port}/"}, events=["trip"])
    await rule(settings, "trip.ended", channels=[id], tell_resolved=False)
    now = datetime.now(UTC)
    part = each // kills

    async def taken(count: int) -> None:
        async def reached() -> bool:
            return await value(settings, "SELECT count(*) FROM alerts") >= count

        await until(reached)

    fed = 0
    for kill in range(kills):
        # The last part is read after the last kill.
        upto = each if kill == kills - 1 else fed + part
        for number in range(fed, upto):
            at = (now + timedelta(seconds=number)).isoformat()
            events = [trip(f"d{n}", "ended", now, f"d{n}-{number:03d}", endedAt=at) for n in range(DRIVERS)]
            await put_events(settings, events)
        async with notifier_process(settings) as process:
            await taken(fed * DRIVERS + 1)
            await asyncio.sleep(kill / 20)
            process.kill()
            await process.wait()
        fed = upto
    async with receiver(port) as found, notifier_process(settings):
        await taken(each * DRIVERS)
        # The channel waits between its tries. A user who has repaired the receiver sets it active.
        await fetch(settings, "UPDATE channels SET state = 'active', failures = 0, retry_at = NULL")
        await fetch(settings, "UPDATE deliveries SET next_at = now() WHERE state = 'pending'")
        left = None
        while left != 0:
            before = left

            async def fewer(before: int | None = before) -> bool:
                nonlocal left
                left = await value(settings, "SELECT count(*) FROM deliveries WHERE state <> 'sent'")
                return left != before

            await until(fewer)

    arrived: dict[str, list[str]] = defaultdict(list)
    opened: set[str] = set()
    for one in found.confirmed:
        data = one.event["data"]
        if one.event["type"] == "hub.alert.opened":
            opened.add(one.event["id"])
        # At least once: a repeat after a lost answer has the same id, and is no step back.
        elif data["tripId"] not in arrived[data["driverId"]]:
            arrived[data["driverId"]].append(data["tripId"])
    assert arrived == {f"d{n}": [f"d{n}-{number:03d}" for number in range(each)] for n in range(DRIVERS)}
    assert len(opened) == DRIVERS * each
    assert await value(settings, "SELECT count(DISTINCT (driver_id, episode)) FROM alerts") == DRIVERS * each
    ids = await fetch(settings, "SELECT message_id FROM deliveries")
    assert len({row[0] for row in ids}) == len(ids) == 2 * DRIVERS * each
