"""A log with four partitions: the hub, and two recorders that share them, are killed while twelve fleets send."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
import redis.asyncio

from clients.driver import DriverClient
from hub.settings import Settings
from hub.wire.layout import LAYOUT_KEY, load
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import get
from tests.support.hub_process import HubProcess
from tests.support.logbook import fetch, until, value
from tests.support.recorders import recorder_process

FLEETS = 12
INTERVAL = 0.02


@pytest.fixture
def divided(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, jwt_secret=SECRET, partitions=4, recorder="off")


async def drive(hub: HubProcess, fleet: int, enough: asyncio.Event) -> int:
    """One driver; returns how many positions it sent, once all are acked."""
    sent = 0
    access = token(fleet=f"fleet-{fleet}", role="driver", driver="d")
    async with DriverClient(hub.url, "d", access) as client:
        client.link._longest = 0.2
        while not enough.is_set():
            sent += 1
            await client.send(25 + sent / 1000, 55.0)
            await asyncio.sleep(INTERVAL)
        await client.flush()
        assert client.rejected == 0
    return sent


@asynccontextmanager
async def sending(hub: HubProcess) -> AsyncIterator[list[int]]:
    """The fleets send; at the end the numbers of their positions, all acked."""
    enough, counts = asyncio.Event(), list[int]()
    drivers = [asyncio.create_task(drive(hub, fleet, enough)) for fleet in range(FLEETS)]
    try:
        yield counts
        enough.set()
        counts += await asyncio.wait_for(asyncio.gather(*drivers), 60)
    finally:
        for driver in drivers:
            driver.cancel()


async def stored(settings: Settings) -> int:
    return int(await value(settings, "SELECT count(*) FROM positions"))


async def grows(settings: Settings, logs: int) -> None:
    """Wait until so many partitions have moved on."""
    offsets = "SELECT log, last_id FROM log_offsets WHERE last_id <> '0-0'"
    before = {tuple(row) for row in await fetch(settings, offsets)}

    async def moved() -> bool:
        return len({tuple(row) for row in await fetch(settings, offsets)} - before) >= logs

    await until(moved)


async def test_rows_are_what_was_acked_whatever_is_killed(divided: Settings, tmp_path: Path) -> None:
    hub = HubProcess(divided, tmp_path)
    hub.start()
    share = {"HUB_PARTITIONS": "4"}
    try:
        async with sending(hub) as counts, recorder_process(divided, **share) as second:
            async with recorder_process(divided, **share) as first:
                await grows(divided, 4)
                first.kill()
                await first.wait()
                await grows(divided, 4)
                hub.kill()
                hub.start()
                await grows(divided, 4)
            assert second.returncode is None
            async with recorder_process(divided) as third:  # without the setting: the layout in Redis counts
                await grows(divided, 4)
                second.kill()
                await second.wait()
                await grows(divided, 4)
                assert third.returncode is None
        async with recorder_process(divided, **share):

            async def all_there() -> bool:
                return await stored(divided) >= sum(counts)

            await until(all_there)

            async def reported() -> bool:  # once every partition has a report
                found = get(hub, "/api/v1/system", token(fleet="fleet-0", role="admin")).json["recorder"]
                return found is not None and found["lost"] == 0

            await until(reported)
        latest = {
            fleet: get(hub, "/api/v1/drivers/d", token(fleet=f"fleet-{fleet}")).json["position"]["latitude"]
            for fleet in range(FLEETS)
        }
    finally:
        hub.stop()
    rows = await fetch(divided, "SELECT fleet, count(*) AS n, max(latitude_e7) AS last FROM positions GROUP BY fleet")
    print(f"\nacked {sum(counts)}, rows {await stored(divided)}", file=sys.stderr)
    assert {row["fleet"]: row["n"] for row in rows} == {f"fleet-{n}": count for n, count in enumerate(counts)}
    assert {row["fleet"]: row["last"] / 1e7 for row in rows} == {f"fleet-{n}": one for n, one in latest.items()}
    assert await value(divided, "SELECT count(*) FROM dead_letters") == 0
    async with redis.asyncio.from_url(divided.redis_url) as client:
        layout = load(await client.get(LAYOUT_KEY))
        used = {layout.of(f"fleet-{n}", "d").log for n in range(FLEETS)}
        assert {log.decode() for log in await client.keys("hub:*log")} == used
    assert len(used) == 4
