"""Hubs and recorders are killed under load: clients go on at the other hubs, and partitions at the other recorder."""

from __future__ import annotations

import asyncio

import pytest

from tests.cluster.load import FULL, SMOKE, Load, Size
from tests.cluster.parts import HUBS, RECORDERS, Cluster
from tests.support.parts import PROMISED


@pytest.mark.parametrize(
    ("size", "kills"),
    [pytest.param(SMOKE, 1, marks=pytest.mark.thorough), pytest.param(FULL, 3 * HUBS, marks=pytest.mark.slow)],
    ids=["smoke", "full"],
)
async def test_hubs_are_killed(cluster: Cluster, size: Size, kills: int) -> None:
    """Each in turn."""
    async with Load.on(cluster, size, f"hubs-{size.drivers}") as load:
        for number in range(kills):
            hub = cluster.hubs[number % HUBS]
            await asyncio.to_thread(hub.kill)
            await load.all_acked()
            await asyncio.to_thread(cluster.start, hub)
    assert load.total("resets") == 0
    assert load.total("subscribed") > size.screens, "no screen had to resume"
    assert load.drivers.gap < PROMISED


@pytest.mark.slow
async def test_recorders_are_killed(cluster: Cluster) -> None:
    """In turn, each while the other one runs, and both at once in the end."""
    async with Load.on(cluster, FULL, "recorders") as load:
        for number in range(3 * RECORDERS):
            recorder = cluster.recorders[number % RECORDERS]
            await asyncio.to_thread(recorder.kill)
            await load.all_acked()
            await asyncio.sleep(1)
            recorder.start()
            await asyncio.sleep(1)
        for recorder in cluster.recorders:
            await asyncio.to_thread(recorder.kill)
        await load.all_acked()
        for recorder in cluster.recorders:
            recorder.start()
    # Nothing that a client sees depends on a recorder.
    assert load.total("subscribed") == FULL.screens
    assert load.drivers.gap < PROMISED
