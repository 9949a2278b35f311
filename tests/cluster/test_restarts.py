"""All hubs are restarted one after the other: no position is lost, and no screen begins again."""

from __future__ import annotations

import asyncio

import pytest

from tests.cluster.load import FULL, SMOKE, Load, Size
from tests.cluster.parts import Cluster


@pytest.mark.parametrize(
    ("size", "rounds"),
    [pytest.param(SMOKE, 1, marks=pytest.mark.thorough), pytest.param(FULL, 3, marks=pytest.mark.slow)],
    ids=["smoke", "full"],
)
async def test_a_rolling_restart(cluster: Cluster, size: Size, rounds: int) -> None:
    async with Load.on(cluster, size, f"rolling-{size.drivers}") as load:
        for hub in cluster.hubs * rounds:
            await asyncio.to_thread(hub.stop)
            await asyncio.to_thread(cluster.start, hub)
    assert load.total("resets") == 0
    assert load.total("subscribed") > size.screens, "no screen had to resume"
