"""A Redis Cluster under load: a primary is killed, its replica takes over, and every acked position is stored once."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import msgspec
import pytest

from hub.settings import Settings
from hub.wire.layout import Layout
from tests.fault.processes.test_partitions import FLEETS, sending, stored
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import Answer, call
from tests.support.clusters import Cluster
from tests.support.hub_process import HubProcess
from tests.support.logbook import fetch

PARTITIONS = 16


def slowest(hub: HubProcess, fleet: int, seconds: float) -> float:
    """The longest time in which a position of a fleet was not confirmed, sent again and again for so long."""
    access, longest, confirmed = token(fleet=f"fleet-{fleet}", role="gateway"), 0.0, time.monotonic()
    end = confirmed + seconds
    while time.monotonic() < end:
        body = {"driverId": "probe", "latitude": 1.0, "longitude": time.monotonic() % 90}
        answer: Answer = call(hub, "POST", "/api/v1/location", body, {"content-type": "application/json"}, access)
        if answer.status == 200:
            longest, confirmed = max(longest, time.monotonic() - confirmed), time.monotonic()
        time.sleep(0.01)
    return max(longest, time.monotonic() - confirmed)


@pytest.mark.slow
async def test_a_primary_that_is_killed_stops_its_partitions_alone(settings: Settings, tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, replicas=1)
    changes = {"redis_url": cluster.url, "jwt_secret": SECRET, "partitions": PARTITIONS, "redis_timeout": 5.0}
    hub = HubProcess(msgspec.structs.replace(settings, **changes), tmp_path)
    layout = Layout("", PARTITIONS)
    servers = {fleet: layout.of(f"fleet-{fleet}", "d").log for fleet in range(FLEETS)}
    try:
        await asyncio.to_thread(cluster.start)
        await asyncio.to_thread(hub.start)
        victim = cluster.place(servers[0])
        struck = [fleet for fleet, log in servers.items() if cluster.place(log) is victim]
        other = next(fleet for fleet in servers if fleet not in struck)
        async with sending(hub) as counts:
            await asyncio.sleep(3)
            probes = asyncio.gather(*(asyncio.to_thread(slowest, hub, fleet, 15.0) for fleet in (struck[0], other)))
            await asyncio.sleep(1)
            victim.kill()
            gap, undisturbed = await probes
        sent = sum(counts)

        async def all_there() -> bool:
            rows = await fetch(settings, "SELECT count(*) FROM positions WHERE driver_id = 'd'")
            return int(rows[0][0]) >= sent

        # The recorder has a low priority, and sixteen partitions to begin with: a busy machine takes a minute.
        async with asyncio.timeout(150):
            while not await all_there():  # noqa: ASYNC110 (of PostgreSQL)
                await asyncio.sleep(0.2)
        rows = await fetch(settings, "SELECT count(*) FROM positions WHERE driver_id = 'd'")
        print(
            f"\nfleets at the killed primary {len(struck)} of {FLEETS}; acked {sent}, rows {rows[0][0]} "
            f"(with probes {await stored(settings)}); longest wait there {gap:.1f} s, elsewhere {undisturbed:.1f} s",
            file=sys.stderr,
        )
        assert rows[0][0] == sent
        assert 0.5 < gap < 10 and undisturbed < gap / 2
        assert "log_lost" not in (tmp_path / "hub.log").read_text()
    finally:
        hub.stop()
        cluster.kill()
