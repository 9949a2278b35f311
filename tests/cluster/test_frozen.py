"""A hub is frozen for twenty seconds: HAProxy closes its sockets, clients go on elsewhere, and nothing goes back."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.cluster.load import FULL, Load
from tests.cluster.parts import Cluster

SECONDS = 20.0
MOVING = 3.0
"""Seconds at the end of them in which each screen must have shown something."""


@pytest.mark.slow
async def test_a_hub_is_frozen(cluster: Cluster) -> None:
    async with Load.on(cluster, FULL, "frozen") as load:
        for hub in cluster.hubs:
            hub.signal(signal.SIGSTOP)
            try:
                await asyncio.sleep(SECONDS - MOVING)
                before = [screen.shown for screen in load.screens]
                await asyncio.sleep(MOVING)
                after = [screen.shown for screen in load.screens]
                assert all(then < now for then, now in zip(before, after, strict=True))
            finally:
                hub.signal(signal.SIGCONT)
            await asyncio.to_thread(cluster.wait_for, hub)
            await load.all_acked()
    assert load.total("resets") == 0
    assert load.total("subscribed") > FULL.screens, "no screen had to resume"
