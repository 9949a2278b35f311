"""Drivers that send nothing: one alert at the right time, also over a restart (N11); none for a hub that was away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import redis.asyncio

from hub.settings import Settings
from hub.wire.layout import ONLY
from tests.support.logbook import position, until, value
from tests.support.notify.notifiers import Shifted, alerts, for_channels, notifying, rule

AFTER = 600.0


async def hear(settings: Settings, driver: str, at: datetime, **fields: object) -> None:
    """The latest position of a driver, received at an instant."""
    one = position(driver, recorded_at=at, received_at=at, **fields)
    async with redis.asyncio.from_url(settings.redis_url) as client:
        await client.hset(ONLY.latest("default"), driver, msgspec.json.encode(one))


async def ticked(settings: Settings, clock: Shifted) -> None:
    """Wait for a whole round that begins now."""
    now = clock.now()

    async def later() -> bool:
        at = await value(settings, "SELECT ticked_at FROM notifier_clock WHERE part = 'heard'")
        return at is not None and at > now

    await until(later)


async def step(settings: Settings, clock: Shifted, seconds: float) -> None:
    """Let time pass in steps that are no interruption, with a round in each."""
    while seconds > 0:
        clock.advance(min(seconds, 25.0))
        seconds -= 25.0
        await ticked(settings, clock)


async def test_one_alert_at_the_right_time_and_its_end(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    await rule(settings, "offline", {"after": 60})
    heard_at = clock.now() - timedelta(seconds=5)
    await hear(settings, "d", heard_at, battery=0.1)
    await hear(settings, "old", clock.now() - timedelta(days=3))
    async with notifying(settings, clock):
        await step(settings, clock, 20)
        assert await alerts(settings) == []
    async with notifying(settings, clock):  # restarted in between
        await step(settings, clock, 20)
        while not await alerts(settings):
            assert clock.now() - heard_at < timedelta(seconds=65)
            await step(settings, clock, 1)
        (alert,) = await alerts(settings)
        assert (alert["driver_id"], alert["state"], alert["held"]) == ("d", "open", None)
        assert alert["at"] == heard_at + timedelta(seconds=60)
        assert alert["noticed_at"] - alert["at"] < timedelta(seconds=5)
        assert "battery was low" in alert["data"]
    async with notifying(settings, clock):
        await step(settings, clock, 75)
        assert len(await alerts(settings)) == 1
        await hear(settings, "d", clock.now())
        await step(settings, clock, 5)
        (alert,) = await alerts(settings)
        assert alert["state"] == "resolved"
        await step(settings, clock, 75)
        assert [one["state"] for one in await alerts(settings)] == ["resolved", "open"]


async def test_a_driver_that_is_new_and_one_that_goes_on(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    await rule(settings, "offline", {"after": 60})
    async with notifying(settings, clock):
        await ticked(settings, clock)
        await hear(settings, "new", clock.now())
        await hear(settings, "goes-on", clock.now())
        for _ in range(6):
            await step(settings, clock, 25)
            await hear(settings, "goes-on", clock.now())
        assert [one["driver_id"] for one in await alerts(settings)] == ["new"]


async def test_the_absence_of_the_hub_is_not_silence(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    await rule(settings, "offline", {"after": AFTER})
    for n in range(100):
        await hear(settings, f"d{n}", clock.now())
    async with notifying(settings, clock):
        await ticked(settings, clock)
    clock.advance(8 * 3_600)
    async with notifying(settings, clock):
        await step(settings, clock, 50)
        # Most phones send again; one does not.
        for n in range(99):
            await hear(settings, f"d{n}", clock.now())
        await step(settings, clock, 50)
        assert await alerts(settings) == []
        await step(settings, clock, AFTER - 75)
        assert [one["driver_id"] for one in await alerts(settings)] == ["d99"]


async def test_a_driver_that_was_silent_before_the_rule_is_no_news(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    await rule(settings, "offline", {"after": 60}, created_at=datetime.now(UTC))
    await hear(settings, "d", clock.now() - timedelta(seconds=70))
    async with notifying(settings, clock):
        await step(settings, clock, 50)
        assert await alerts(settings) == []


async def test_a_clock_that_was_set_back_hides_no_driver(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    await rule(settings, "offline", {"after": 60})
    clock.jumped = 86_400
    async with notifying(settings, clock):
        await ticked(settings, clock)
        clock.jumped = 0
        await hear(settings, "new", clock.now())
        soon = clock.now() + timedelta(hours=1)

        async def back() -> bool:
            return bool(await value(settings, "SELECT ticked_at < $1 FROM notifier_clock WHERE part = 'heard'", soon))

        await until(back)
        await step(settings, clock, 100)
        assert [one["driver_id"] for one in await alerts(settings)] == ["new"]
