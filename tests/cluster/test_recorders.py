"""Recorders are killed under load: the other one takes their partitions, and clients notice nothing."""

from __future__ import annotations

import asyncio

import pytest

from tests.cluster.load import FULL, Load
from tests.cluster.parts import RECORDERS, Cluster
from tests.support.parts import PROMISED


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
