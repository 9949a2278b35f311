"""The hub is killed and comes back: screens start over with a whole snapshot, drivers resend, nothing acked is lost."""

from __future__ import annotations

import asyncio
import contextlib

import asyncpg
import msgspec
import pytest

from clients.dispatcher import Disconnected, DispatcherClient
from clients.driver import DriverClient
from clients.messages import Location, Subscribed
from hub.settings import Settings
from tests.support.running import PATIENCE, Served, free_port, served

DRIVERS = 20


class Screen:
    """A dispatcher that stays over any number of hubs."""

    def __init__(self, url: str) -> None:
        self.client = DispatcherClient(url)
        self.subscribed: list[Subscribed] = []
        self.losses = 0

    async def watch(self) -> None:
        newest: dict[str, float] = {}
        async with self.client:
            async for event in self.client.subscribe(all=True):
                match event:
                    case Subscribed():
                        # The hub died before its log had what it had shown: now it comes again, from the driver.
                        newest.clear()
                        self.subscribed.append(event)
                    case Disconnected():
                        self.losses += 1
                    case Location():
                        assert event.longitude > newest.get(event.driver_id, -1.0), "a driver went back"
                        newest[event.driver_id] = event.longitude

    def shows(self) -> dict[str, float]:
        return {driver_id: location.longitude for driver_id, location in self.client.latest.items()}


async def publish(driver: DriverClient, rate: float, done: asyncio.Event) -> dict[str, float]:
    """Publish until it is done; returns the last longitude of each driver. Fixes are numbered by longitude."""
    last: dict[str, float] = {}
    number = 0
    while not done.is_set():
        driver_id, longitude = f"d{number % DRIVERS}", number / 1_000
        await driver.send(1.0, longitude, driver_id=driver_id)
        last[driver_id] = longitude
        number += 1
        await asyncio.sleep(1 / rate)
    return last


async def rows(database_url: str) -> tuple[int, int]:
    """How many rows there are, and how many different fixes."""
    connection = await asyncpg.connect(database_url)
    try:
        return tuple(  # type: ignore[return-value]
            await connection.fetchrow(
                "SELECT count(*)::int, count(DISTINCT (driver_id, longitude_e7))::int FROM positions"
            )
        )
    finally:
        await connection.close()


async def settled(database_url: str, count: int) -> tuple[int, int]:
    """``rows`` once there are ``count``."""
    async with asyncio.timeout(PATIENCE):
        while (found := await rows(database_url))[0] < count:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return found


@pytest.mark.parametrize(
    ("kills", "between", "rate"), [(2, 0.8, 200.0), pytest.param(20, 4.0, 1_000.0, marks=pytest.mark.slow)]
)
async def test_kill_and_restart(
    settings: Settings, kills: int, between: float, rate: float, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = msgspec.structs.replace(settings, port=free_port())
    url = f"ws://127.0.0.1:{settings.port}/ws"
    screens = [Screen(url) for _ in range(3)]
    for screen in screens:
        # So that a test of two kills takes seconds; a client in the field waits up to 30 s.
        screen.client.link._longest = 0.5
    driver = DriverClient(url)
    driver.link._longest = 0.5
    with contextlib.ExitStack() as stack:
        hub: Served = stack.enter_context(served(settings))
        async with driver:
            watching = [asyncio.create_task(screen.watch()) for screen in screens]
            done = asyncio.Event()
            publishing = asyncio.create_task(publish(driver, rate, done))
            for number in range(1, kills + 1):
                await asyncio.sleep(between)
                while not all(len(screen.subscribed) == number for screen in screens):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                hub.kill()
                hub = stack.enter_context(served(settings))
            await asyncio.sleep(between)
            done.set()
            last = await publishing
            async with asyncio.timeout(PATIENCE):
                await driver.flush()
                # The acks came after the broadcast, and a screen that was away has had its snapshot or gets it.
                for screen in screens:
                    while screen.shows() != last:  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
            acked = driver.acked_through
        for task in watching:
            assert not task.done(), task.exception()
            task.cancel()
        assert await settled(settings.database_url, acked) == (acked, acked)
    for screen in screens:
        assert screen.losses >= kills
        # Another run of numbering each time, which goes on from the token.
        assert len({subscribed.epoch for subscribed in screen.subscribed}) == kills + 1
        assert screen.subscribed[0].reset
    with capsys.disabled():
        print(
            f"\nHub killed {kills} times at {rate:.0f} fixes/s: {acked} acked, all stored once; {driver.sent} were sent"
        )
