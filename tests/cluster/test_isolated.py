"""A primary of a Redis Cluster and a hub are cut off together from everything else, and the hub ends before the network
is whole again. What the isolated primary has taken is gone then: its replica has become the primary.

The recorder stands still meanwhile, so that PostgreSQL does not have it either.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from hub.settings import Settings
from hub.wire.layout import Layout
from tests.deploy.fronts import NEEDED
from tests.fault.log.test_partition import SECONDS, THERE, recorder_of
from tests.support import clusters
from tests.support.acked import Drivers
from tests.support.hub_process import HubProcess
from tests.support.network import HERE, Switch, switch, why_not
from tests.support.programs import missing

PARTITIONS, DRIVERS = 16, 30
SHARD = clusters.shard(Layout("", PARTITIONS).of("default", "").log)
"""That of all drivers: they are of one fleet."""


@pytest.fixture
def networks() -> Iterator[Switch]:
    try:
        with switch(THERE) as found:
            yield found
    except (OSError, subprocess.CalledProcessError) as error:
        missing(NEEDED, why_not(error))


@pytest.fixture
def store(networks: Switch, tmp_path: Path) -> Iterator[clusters.Cluster]:
    """The primary of the drivers is here, its replica and the other shards are on the other side."""

    def place(number: int) -> clusters.Place:
        name = HERE if number == SHARD else THERE
        return networks.host(name), networks.wrapper(name)

    servers = clusters.Cluster(tmp_path, 1, place, ["--appendfsync", "always"])
    try:
        servers.start()
        yield servers
    finally:
        servers.kill()


@pytest.mark.slow
@pytest.mark.parametrize("replicas", [1, 0], ids=["acks wait for the replica", "control"])
async def test_a_primary_is_isolated_with_a_hub(
    replicas: int, networks: Switch, store: clusters.Cluster, settings: Settings, tmp_path: Path
) -> None:
    changes = {"redis_url": store.url, "log_replicas": replicas, "partitions": PARTITIONS}
    hub = HubProcess(msgspec.structs.replace(settings, **changes), tmp_path)
    hub.start()
    try:
        async with Drivers.at(hub.url, DRIVERS) as drivers:
            await drivers.recorded(settings.database_url)
            recorder = recorder_of(hub)
            os.kill(recorder, signal.SIGSTOP)
            before = drivers.acked
            networks.cut(THERE)
            await asyncio.sleep(SECONDS)
            await drivers.stop()
            isolated = drivers.acked - before
            os.kill(recorder, signal.SIGKILL)
            await asyncio.to_thread(hub.kill)
        acked = drivers.acked
        networks.heal(THERE)
        await asyncio.to_thread(store.rejoined, store.servers[SHARD])
        await asyncio.to_thread(hub.start)
        lost = await drivers.missing(settings.database_url)
    finally:
        hub.stop()
    print(
        f"\nprimary and hub isolated for {SECONDS:g} s, HUB_LOG_REPLICAS={replicas}: "
        f"{acked} acked, {isolated} of them meanwhile, {lost} lost",
        file=sys.stderr,
    )
    if replicas:
        assert lost == 0 < acked
    else:
        assert 0 < lost <= isolated, "the test shows nothing"
