"""P7: while PostgreSQL is away acks go on until Redis is nearly full, then positions are refused; nothing is lost."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clients.driver import DriverClient
from hub.settings import Settings
from tests.fault.processes.test_any_part_killed import stored
from tests.support.hub_process import HubProcess

START = datetime(2026, 1, 1, tzinfo=UTC)
BALLAST = {"ballast": "x" * 900}
BURST = 100


@pytest.mark.thorough
async def test_acks_go_on_until_redis_is_nearly_full(tmp_path: Path) -> None:
    settings = Settings(port=0, data_dir=tmp_path / "data", redis_maxmemory="12mb", retry_after=0.2)
    hub = HubProcess(settings, tmp_path)
    hub.start()
    try:
        async with DriverClient(hub.url, "d") as driver:
            await burst(driver, 0)
            await driver.flush()
            thaw = hub.freeze_log("postgresql")
            try:
                number = await fill(driver)
                acked = driver.acked
                # Most of the memory was used for what was acked, and what was refused is still with the driver.
                assert acked > 5_000 and driver.pending > 0
                status, lines = readyz(hub)
                assert status == 503 and "full: nothing is acked" in lines
            finally:
                thaw()
            async with asyncio.timeout(60):
                await driver.flush()
            assert driver.rejected == 0
        assert await stored(settings.data_dir, number) == (number, number)
    finally:
        hub.stop()


async def fill(driver: DriverClient) -> int:
    """Send until acks stay away for two seconds; returns how many fixes were sent in all."""
    number, loop = BURST, asyncio.get_running_loop()
    async with asyncio.timeout(60):
        while True:
            await burst(driver, number)
            number += BURST
            deadline = loop.time() + 2
            while driver.pending and loop.time() < deadline:  # noqa: ASYNC110 - acks come from elsewhere
                await asyncio.sleep(0.005)
            if driver.pending:
                return number
            # Slower than a look at Redis' memory can notice would be no test of it.
            await asyncio.sleep(0.02)


async def burst(driver: DriverClient, first: int) -> None:
    for number in range(first, first + BURST):
        await driver.send(25, 55, recorded_at=START + timedelta(seconds=number), attributes=BALLAST)


def readyz(hub: HubProcess) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{hub.settings.port}/readyz", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
