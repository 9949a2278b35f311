"""Each part of a cluster is killed, frozen and cut off under load: nothing that was acked is lost, and in the end each
screen shows what PostgreSQL has.

The smoke size asserts what must be right, the full one also how long acks may be missing.
"""

from __future__ import annotations

import pytest

from tests.cluster.faults import CUT_OFF, FROZEN, KILLED, Fault, hub_restarted
from tests.cluster.load import FULL, SMOKE, Load, Size
from tests.cluster.parts import HUBS, Cluster
from tests.support.parts import PROMISED

KILLS, FREEZES, CUTS = 10, 3, 3
SECONDS = 10.0
"""Of a freeze or a cut, at least."""
UNDISTURBED = 0.3
"""Longest time without an ack of a fleet whose primary of Redis is at work, while another one is not. Seconds."""

SIZES = pytest.mark.parametrize(
    ("size", "rounds"),
    [pytest.param(SMOKE, 1, marks=pytest.mark.thorough), pytest.param(FULL, 3, marks=pytest.mark.slow)],
    ids=["smoke", "full"],
)


@SIZES
async def test_a_rolling_restart(cluster: Cluster, size: Size, rounds: int) -> None:
    """No screen begins again."""
    async with Load.on(cluster, size, f"rolling-{size.drivers}") as load:
        for turn in range(HUBS * rounds):
            await load.strike(hub_restarted, turn)
    assert load.total("resets") == 0
    assert load.total("subscribed") > size.screens, "no screen had to resume"


@pytest.mark.thorough
async def test_each_part_once(cluster: Cluster) -> None:
    async with Load.on(cluster, SMOKE, "once") as load:
        for fault in (*KILLED.values(), *FROZEN.values()):
            await load.strike(fault, 0)


@pytest.mark.thorough
async def test_each_part_is_cut_off(cluster: Cluster) -> None:
    async with Load.on(cluster, SMOKE, "cut") as load:
        for fault in CUT_OFF.values():
            await load.strike(fault, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "part", "fault"),
    [
        pytest.param(how, part, fault, id=f"{part} {how}")
        for how, faults in (("killed", KILLED), ("frozen", FROZEN), ("cut off", CUT_OFF))
        for part, fault in faults.items()
    ],
)
async def test_a_part(cluster: Cluster, how: str, part: str, fault: Fault) -> None:
    times = {"killed": KILLS, "frozen": FREEZES, "cut off": CUTS}[how]
    async with Load.on(cluster, FULL, f"{part}-{how}".replace(" ", "-")) as load:
        for turn in range(times):
            await load.strike(fault, turn, 0.0 if how == "killed" else SECONDS)
    if how == "killed":
        assert max(load.gaps.all, load.gaps.struck) < PROMISED
    assert load.gaps.others < UNDISTURBED
