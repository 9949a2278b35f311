"""The primary of Redis is killed, and Sentinels promote a replica. ``HUB_LOG_REPLICAS`` is 1."""

from __future__ import annotations

import asyncio
import sys
import time

import pytest

from tests.cluster.load import FULL, Load
from tests.cluster.parts import Cluster
from tests.support.parts import PROMISED

KILLS = 3

RESTARTED_AFTER = 3.0
"""Seconds until the lost server is started again where no other replica is there."""


@pytest.mark.slow
async def test_the_primary_is_killed(sentinels: Cluster) -> None:
    """Another replica is there: acks go on with it as soon as it follows the new primary."""
    async with Load.on(sentinels, FULL, "failover") as load:
        for number in range(KILLS):
            primary = await asyncio.to_thread(sentinels.store.primary)
            await asyncio.to_thread(primary.kill)
            since = time.monotonic()
            await load.all_acked()
            print(
                f"\nkill {number + 1}: all drivers acked again after {time.monotonic() - since:.2f} s", file=sys.stderr
            )
            await asyncio.to_thread(sentinels.store.revive, primary)
    assert load.drivers.gap < PROMISED


@pytest.mark.slow
async def test_the_last_replica_is_promoted(sentinels: Cluster) -> None:
    """No other replica is there: nothing is acked until the lost server is back and has become one."""
    first = sentinels.store.primary()
    spare = next(server for server in sentinels.store.servers if server is not first)
    spare.kill()
    try:
        async with Load.on(sentinels, FULL, "last") as load:
            await asyncio.to_thread(first.kill)
            await asyncio.sleep(RESTARTED_AFTER)
            since = time.monotonic()
            await asyncio.to_thread(sentinels.store.revive, first)
            linked = time.monotonic() - since
            await load.all_acked()
            acked = time.monotonic() - since
            print(
                f"\nstarted after {RESTARTED_AFTER:g} s: a replica {linked:.2f} s later, acks {acked:.2f} s later",
                file=sys.stderr,
            )
    finally:
        sentinels.store.revive(spare)
