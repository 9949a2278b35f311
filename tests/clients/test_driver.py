"""The driver client against a real hub: every accepted fix arrives, through failures of the phone and the hub."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from clients.connection import Refused
from clients.dispatcher import DispatcherClient
from clients.driver import DriverClient, Rejection
from clients.messages import Location
from clients.outbox import DiskOutbox
from hub.identity.tokens import issue
from hub.settings import Settings
from tests.support.hub_process import HubProcess, until

START = datetime(2026, 3, 1, tzinfo=UTC)


async def stored(database_url: str, driver_id: str, count: int) -> list[datetime]:
    """When the rows of a driver were recorded, once there are ``count``."""
    connection = await asyncpg.connect(database_url)
    try:
        async with asyncio.timeout(60):
            while True:
                rows = await connection.fetch(
                    "SELECT recorded_at FROM positions WHERE driver_id = $1 ORDER BY recorded_at", driver_id
                )
                if len(rows) >= count:
                    return [row["recorded_at"] for row in rows]
                await asyncio.sleep(0.05)
    finally:
        await connection.close()


async def test_a_fix_reaches_a_dispatcher_as_it_was_sent(hub: HubProcess) -> None:
    async with DispatcherClient(hub.url) as dispatcher, DriverClient(hub.url, "sent") as driver:
        number = await driver.send(
            25.2,
            55.3,
            recorded_at=START,
            speed=13.9,
            heading=45,
            accuracy=8,
            altitude=5,
            battery=0.5,
            attributes={"hdop": 1.2},
        )
        await driver.flush()
        assert (driver.sent, driver.acked, driver.rejected, driver.pending) == (1, 1, 0, 0)
        assert driver.acked_through == number
        async for event in dispatcher.subscribe(drivers=["sent"]):
            if isinstance(event, Location):
                break
    assert (event.driver_id, event.latitude, event.longitude, event.recorded_at) == ("sent", 25.2, 55.3, START)
    assert (event.speed, event.heading, event.accuracy, event.altitude, event.battery) == (13.9, 45, 8, 5, 0.5)
    assert event.attributes == {"hdop": 1.2}


async def test_thousands_go_in_full_messages(hub: HubProcess) -> None:
    async with DriverClient(hub.url, "many") as driver:
        for second in range(3_000):
            await driver.send(25.2, 55.3, recorded_at=START + timedelta(seconds=second))
        await driver.flush()
        assert (driver.sent, driver.acked) == (3_000, 3_000)


@pytest.mark.thorough
async def test_a_gateway_names_the_driver_of_each_fix(own_hub: HubProcess, database_url: str) -> None:
    async with DriverClient(own_hub.url) as gateway:
        for number in range(10):
            await gateway.send(25.2, 55.3, driver_id=f"of-gateway-{number}")
        await gateway.flush()
    for number in range(10):
        assert len(await stored(database_url, f"of-gateway-{number}", 1)) == 1


async def test_a_refused_fix_is_reported_and_does_not_delay_others(hub: HubProcess) -> None:
    rejections: list[Rejection] = []
    async with DriverClient(hub.url, "refused", on_rejected=rejections.append) as driver:
        for latitude in (25.2, 95.0, 25.3):
            await driver.send(latitude, 55.3)
        await driver.send(25.4, 55.3, driver_id="no such id!")
        await driver.send(25.5, 55.3, attributes={"note": "x" * 2_000})
        await driver.flush()
        assert (driver.acked, driver.rejected) == (2, 3)
    assert [(rejection.msg_no, rejection.code, rejection.field) for rejection in rejections] == [
        (2, "invalid", "latitude"),
        (4, "invalid", "driverId"),
        (5, "invalid", "attributes"),
    ]
    assert rejections[0].fix.latitude == 95.0


async def test_an_invalid_fix_is_refused_at_once(hub: HubProcess) -> None:
    async with DriverClient(hub.url, "careless") as driver:
        with pytest.raises(ValueError, match="time zone"):
            await driver.send(25.2, 55.3, recorded_at=datetime(2026, 3, 1))
        with pytest.raises(ValueError, match="at most 1 KiB"):
            await driver.send(25.2, 55.3, attributes={"note": "x" * 5_000})
        assert driver.pending == 0
    with pytest.raises(RuntimeError, match="closed"):
        await driver.send(25.2, 55.3)
    with pytest.raises(RuntimeError, match="async with"):
        await DriverClient(hub.url).send(25.2, 55.3)


async def test_a_full_outbox_makes_the_driver_wait(own_hub: HubProcess) -> None:
    own_hub.signal(signal.SIGSTOP)
    async with DriverClient(own_hub.url, "patient", max_fixes=3) as driver:
        for _ in range(3):
            await driver.send(25.2, 55.3)
        fourth = asyncio.create_task(driver.send(25.3, 55.3))
        await asyncio.sleep(0.3)
        assert not fourth.done() and driver.pending == 3
        own_hub.signal(signal.SIGCONT)
        async with asyncio.timeout(30):
            await fourth
            await driver.flush()


async def test_a_wrong_token_ends_it_and_keeps_the_fixes(closed_hub: HubProcess, tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    async with DriverClient(closed_hub.url, "locked-out", token="nonsense", outbox=path) as driver:
        with suppress(Refused):  # whichever comes first
            await driver.send(25.2, 55.3)
        with pytest.raises(Refused, match="401"):
            await driver.flush()
        with pytest.raises(Refused, match="401"):
            await driver.send(25.2, 55.3)
    settings: Settings = closed_hub.settings
    token = issue(settings, "f", "driver", "locked-out", 3_600, driver="locked-out")
    async with DriverClient(closed_hub.url, token=token, outbox=path) as driver:
        await driver.flush()
        assert driver.acked == 1


@pytest.mark.thorough
async def test_the_delay_of_a_bye_is_kept(own_hub: HubProcess, database_url: str) -> None:
    async with DriverClient(own_hub.url, "polite") as driver:
        await driver.send(25.2, 55.3, recorded_at=START)
        await driver.flush()
        await asyncio.to_thread(own_hub.stop)
        await until(lambda: not driver.connected)
        await driver.send(25.3, 55.3, recorded_at=START + timedelta(seconds=1))
        await asyncio.to_thread(own_hub.start)
        async with asyncio.timeout(60):
            await driver.flush()
        assert driver.acked == 2
    assert len(await stored(database_url, "polite", 2)) == 2


async def test_a_hub_that_is_killed_and_started_again_gets_everything(own_hub: HubProcess, database_url: str) -> None:
    sent = 0

    async def report() -> None:
        nonlocal sent
        while True:
            await driver.send(25.2, 55.3, recorded_at=START + timedelta(seconds=sent))
            sent += 1
            await asyncio.sleep(0.001)

    async with DriverClient(own_hub.url, "survivor", max_fixes=1_000_000) as driver:
        reporting = asyncio.create_task(report())
        for _ in range(3):
            acked = driver.acked
            await until(lambda acked=acked: driver.acked > acked + 50)  # type: ignore[misc]
            await asyncio.to_thread(own_hub.kill)
            await asyncio.sleep(0.2)
            await asyncio.to_thread(own_hub.start)
        reporting.cancel()
        async with asyncio.timeout(60):
            await driver.flush()
        assert driver.acked == sent
    assert await stored(database_url, "survivor", sent) == [START + timedelta(seconds=second) for second in range(sent)]


PHONE = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from clients.driver import DriverClient

async def main(url, path, first):
    async with DriverClient(url, "phone", outbox=path) as driver:
        second = int(first)
        while True:
            await driver.send(25.2, 55.3, recorded_at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=second))
            print(second, flush=True)
            second += 1
            await asyncio.sleep(0.001)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_phone_that_is_killed_loses_nothing_it_accepted(
    own_hub: HubProcess, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "outbox.db"
    accepted: list[int] = []

    def live_and_die(lines: int) -> None:
        argv = [sys.executable, "-c", PHONE, own_hub.url, str(path), str(len(accepted))]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as phone:
            assert phone.stdout is not None
            written = [phone.stdout.readline() for _ in range(lines)]
            os.kill(phone.pid, signal.SIGKILL)
            written += phone.stdout.read().splitlines(keepends=True)
        accepted.extend(int(line) for line in written if line.endswith("\n"))

    for lives in range(3):
        await asyncio.to_thread(live_and_die, 150)
        assert accepted == list(range(len(accepted))), lives
    async with DriverClient(own_hub.url, "phone", outbox=path) as driver:
        await driver.flush()
    times = await stored(database_url, "phone", len(accepted))
    assert {START + timedelta(seconds=second) for second in accepted} <= set(times)
    outbox = DiskOutbox(path)
    assert len(outbox) == 0
    outbox.close()


@pytest.mark.thorough
async def test_a_hub_without_its_log_refuses_and_gets_the_fixes_later(tmp_path: Path) -> None:
    hub = HubProcess(Settings(port=0, data_dir=tmp_path / "data", max_unlogged=50, retry_after=0.2), tmp_path)
    await asyncio.to_thread(hub.start)
    try:
        async with DriverClient(hub.url, "insistent") as driver:
            await driver.send(25.2, 55.3)
            await driver.flush()
            thaw = hub.freeze_log()
            try:
                for second in range(1_000):
                    await driver.send(25.2, 55.3, recorded_at=START + timedelta(seconds=second))
                await until(lambda: driver.sent > 1_001)  # refused, and sent again
                assert driver.connected and driver.acked == 1
            finally:
                thaw()
            async with asyncio.timeout(60):
                await driver.flush()
            assert (driver.acked, driver.rejected) == (1_001, 0)
    finally:
        await asyncio.to_thread(hub.stop)


async def test_a_state_is_set_and_seen(hub: HubProcess) -> None:
    async with DispatcherClient(hub.url) as dispatcher, DriverClient(hub.url, "working") as driver:
        with pytest.raises(ValueError, match="driverId: the driver has no position yet"):
            await driver.set_state("free")
        await driver.send(25.2, 55.3)
        await driver.flush()
        await driver.set_state("free")
        with pytest.raises(ValueError, match="state: must be one of: free, busy, off_duty"):
            await driver.set_state("lunch")
        await asyncio.gather(driver.set_state("busy"), driver.set_state("off_duty"))
        async with asyncio.timeout(60):
            async for _ in dispatcher.subscribe(drivers=["working"], state="off_duty"):
                if "working" in dispatcher.latest:
                    break
        assert dispatcher.latest["working"].state == "off_duty"
        await driver.send(25.3, 55.3)
        await driver.flush()


async def test_a_state_waits_for_a_hub_that_comes_back(hub: HubProcess) -> None:
    async with DriverClient(hub.url, "patient") as driver:
        await driver.send(25.2, 55.3)
        await driver.flush()
        hub.kill()
        setting = asyncio.create_task(driver.set_state("busy"))
        await asyncio.sleep(0.2)
        assert not setting.done()
        hub.start()
        async with asyncio.timeout(60):
            await setting
