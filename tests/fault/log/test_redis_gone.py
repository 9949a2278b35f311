"""Redis is frozen, killed, or too slow: the live path goes on, nothing is acked that could be lost (P6)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from clients.dispatcher import DispatcherClient
from clients.driver import DriverClient
from clients.messages import Location
from hub.embedded.services import Services, running
from hub.settings import Settings
from hub.stores.redis.connection import connect
from hub.wire.layout import ONLY
from hub.wire.log import LOG_KEY, decode_entry
from tests.edge.test_app import get
from tests.support.peers import Peer
from tests.support.running import Edge, edge, until

FULL = "/ws?subscribe=none"


@pytest.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[Services]:
    """A Valkey of this test, that may be frozen and killed. The settings are those of production."""
    async with running(Settings(port=0, data_dir=tmp_path, database_url="postgresql://unused")) as services:
        yield services


def pid(valkey: Services) -> int:
    child = valkey.parts["valkey"].child
    assert child is not None and child.pid is not None
    return child.pid


@contextlib.contextmanager
def frozen(process: int):  # type: ignore[no-untyped-def]
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


async def logged(url: str) -> set[tuple[str, float]]:
    """(driver, longitude) of every position in the log; the tests number fixes by longitude."""
    async with connect(url, 10.0) as redis:
        entries = await redis.xrange(LOG_KEY)
        return {
            (position.driver_id, position.longitude)
            for _, fields in entries
            for position in decode_entry(fields)[1].get("default", [])
        }


def fix(number: int) -> dict[str, object]:
    """What a phone sends again in the same words: the time is of the fix."""
    recorded_at = 1_767_225_600 + number
    return {"latitude": 1, "longitude": number, "driverId": "d", "recordedAt": recorded_at, "msgNo": number}


async def test_frozen_live_goes_on_and_acks_come_afterwards(valkey: Services) -> None:
    with edge(valkey.settings) as hub:
        await asyncio.to_thread(freeze_and_thaw, hub, pid(valkey))
    assert await logged(valkey.settings.redis_url) == {("d", float(number)) for number in range(1, 31)}


def freeze_and_thaw(hub: Edge, process: int) -> None:
    with Peer(hub.address, FULL) as driver, Peer(hub.address) as screen:
        driver.say(fix(1))
        assert driver.hear() == {"type": "ack", "msgNo": 1}
        assert screen.hear()["longitude"] == 1.0
        with frozen(process):
            for number in range(2, 31):
                driver.say(fix(number))
                assert screen.hear()["longitude"] == number
            until(lambda: hub.appender.problem is not None)
            assert driver.hear_all() == []
            answer = get(hub, "/readyz")
            # This hub has no PostgreSQL, which is on a line below.
            assert (answer.status, answer.body.splitlines()[0]) == (503, b"the log does not answer: no answer in time")
            assert get(hub, "/livez").status == 200
        while driver.hear()["msgNo"] != 30:
            pass
        assert get(hub, "/readyz").status == 200
        assert screen.hear_all() == []


async def test_killed_acks_resume_and_nothing_acked_is_missing(valkey: Services) -> None:
    with edge(valkey.settings) as hub:
        await asyncio.to_thread(kill_and_wait, hub, pid(valkey))
    assert await logged(valkey.settings.redis_url) == {("d", float(number)) for number in range(1, 31)}
    async with connect(valkey.settings.redis_url, 10.0) as redis:
        row = await redis.hget(ONLY.latest("default"), "d")  # type: ignore[misc]
        assert msgspec.json.decode(row)["longitude"] == 30.0


def kill_and_wait(hub: Edge, process: int) -> None:
    with Peer(hub.address, FULL) as driver, Peer(hub.address) as screen:
        for number in range(1, 31):
            if number == 10:
                os.kill(process, signal.SIGKILL)
            driver.say(fix(number))
            assert screen.hear()["longitude"] == number
        while driver.hear()["msgNo"] != 30:
            pass


async def test_memory_is_bounded_and_then_fixes_are_refused(valkey: Services) -> None:
    settings = msgspec.structs.replace(valkey.settings, max_unlogged=100, retry_after=0.2)
    with edge(settings) as hub:
        await asyncio.to_thread(fill, hub, pid(valkey))
    assert await logged(settings.redis_url) == {("d", float(number)) for number in range(1, 151)}


def fill(hub: Edge, process: int) -> None:
    with Peer(hub.address, FULL) as driver, Peer(hub.address) as screen:
        with frozen(process):
            for number in range(1, 151):
                driver.say(fix(number))
            # Everybody sees all of them; the log takes what there is room for, and the driver is told the first that
            # is not among them.
            assert [screen.hear()["longitude"] for _ in range(150)] == list(range(1, 151))
            refused = driver.hear()
            assert refused.pop("detail")
            assert refused == {"type": "error", "code": "unavailable", "msgNo": 101, "retryMs": 200}
            for _ in range(3):
                driver.say(fix(101))
                assert driver.hear()["code"] == "unavailable"
            assert driver.hear_all() == []
            assert hub.call(lambda: hub.node.unlogged.size) == 100
        while driver.hear()["msgNo"] != 100:
            pass
        for number in range(101, 151):
            driver.say(fix(number))
        while (heard := driver.hear())["msgNo"] != 150:
            assert heard["type"] == "ack"
        assert screen.hear_all() == []


class Load:
    """Drivers that publish through the client library, and a screen; what was acked can be asked for."""

    def __init__(self, url: str, drivers: int, rate: float) -> None:
        self.url, self.drivers, self.pause = url, drivers, 1 / rate
        self.published = 0
        self.seen = 0
        self.client = DriverClient(url)

    async def publish(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.published += 1
            await self.client.send(1.0, self.longitude(self.published), driver_id=f"d{self.published % self.drivers}")
            await asyncio.sleep(self.pause)

    async def watch(self) -> None:
        newest: dict[str, float] = {}
        async with DispatcherClient(self.url) as dispatcher:
            async for event in dispatcher.subscribe(all=True):
                if isinstance(event, Location):
                    assert event.longitude > newest.get(event.driver_id, -1000), "a driver went back"
                    newest[event.driver_id] = event.longitude
                    self.seen += 1

    @staticmethod
    def longitude(number: int) -> float:
        return -180 + number / 1000

    def identity(self, number: int) -> tuple[str, float]:
        return f"d{number % self.drivers}", self.longitude(number)


async def trouble(valkey: Services, load: Load, seconds: float) -> tuple[int, int]:
    """Freeze and kill in turn; returns how often, and how many positions the screen saw meanwhile."""
    times, seen = 0, 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        await asyncio.sleep(random.uniform(0.2, 0.5))
        before, process = load.seen, pid(valkey)
        if times % 2:
            os.kill(process, signal.SIGKILL)
            await asyncio.sleep(0.2)
        else:
            with frozen(process):
                await asyncio.sleep(random.uniform(0.5, 1.5))
        seen += load.seen - before
        times += 1
        while valkey.problems():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return times, seen


@pytest.mark.parametrize(
    ("seconds", "rate", "max_unlogged"),
    [(2.5, 200.0, 100), pytest.param(120.0, 1_000.0, 5_000, marks=pytest.mark.slow)],
)
async def test_under_load(
    valkey: Services, seconds: float, rate: float, max_unlogged: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = msgspec.structs.replace(valkey.settings, max_unlogged=max_unlogged, retry_after=0.2)
    with edge(settings) as hub:
        load = Load(hub.url, 50, rate)
        async with load.client:
            screen = asyncio.create_task(load.watch())
            publishing = asyncio.create_task(load.publish(seconds))
            times, seen = await trouble(valkey, load, seconds)
            await publishing
            acked = set(map(load.identity, range(1, load.client.acked_through + 1)))
            at_once = await logged(settings.redis_url)
            started = time.monotonic()
            async with asyncio.timeout(60):
                await load.client.flush()
            took = time.monotonic() - started
            assert not screen.done()
            screen.cancel()
    assert acked <= at_once
    assert {load.identity(number) for number in range(1, load.published + 1)} == await logged(settings.redis_url)
    assert times >= 2 and seen > 0
    with capsys.disabled():
        print(
            f"\nRedis frozen and killed {times} times in {seconds:.0f} s at {rate:.0f} fixes/s: {len(acked)} acked "
            f"and 0 missing, all {load.published} in the log {took:.1f} s later, {seen} seen live meanwhile"
        )
