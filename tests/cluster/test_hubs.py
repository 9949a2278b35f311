"""Hubs are restarted and killed under load: no position is lost, and no screen begins again."""

from __future__ import annotations

import asyncio

import pytest

from tests.cluster.load import FULL, SMOKE, Load, Size
from tests.cluster.parts import Cluster
from tests.support.parts import PROMISED


def sizes(rounds: int) -> pytest.MarkDecorator:
    """A round of the small size and several of the full one."""
    smoke, full = pytest.param(SMOKE, 1, marks=pytest.mark.thorough), pytest.param(FULL, rounds, marks=pytest.mark.slow)
    return pytest.mark.parametrize(("size", "rounds"), [smoke, full], ids=["smoke", "full"])


@sizes(3)
async def test_a_rolling_restart(cluster: Cluster, size: Size, rounds: int) -> None:
    async with Load.on(cluster, size, f"rolling-{size.drivers}") as load:
        for hub in cluster.hubs * rounds:
            await asyncio.to_thread(hub.stop)
            await asyncio.to_thread(cluster.start, hub)
    assert load.total("resets") == 0
    assert load.total("subscribed") > size.screens, "no screen had to resume"
    assert load.drivers.gap < PROMISED


@sizes(3)
async def test_hubs_are_killed(cluster: Cluster, size: Size, rounds: int) -> None:
    """Each in turn; clients go on at the others."""
    async with Load.on(cluster, size, f"killed-{size.drivers}") as load:
        for hub in cluster.hubs * rounds:
            await asyncio.to_thread(hub.kill)
            await load.all_acked()
            await asyncio.to_thread(cluster.start, hub)
    assert load.total("resets") == 0
    assert load.total("subscribed") > size.screens, "no screen had to resume"
    assert load.drivers.gap < PROMISED
