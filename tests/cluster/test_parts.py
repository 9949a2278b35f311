"""Each part of a cluster is killed, frozen and cut off under load: nothing that was acked is lost, and in the end each
screen shows what PostgreSQL has.

The smoke size asserts what must be right, the full one also how long acks may be missing.
"""

from __future__ import annotations

import sys
import time

import pytest

from tests.cluster.faults import CUT_OFF, FROZEN, KILLED, Fault, hub_frozen, hub_killed, hub_restarted
from tests.cluster.load import FULL, SMOKE, Load, Size
from tests.cluster.parts import HUBS, Cluster
from tests.support.parts import PROMISED
from tests.support.running import until

KILLS, FREEZES, CUTS = 10, 3, 3
SECONDS = 10.0
"""Of a freeze or a cut, at least."""
UNDISTURBED = 0.3
"""Longest time without an ack of a fleet whose primary of Redis is at work, while another one is not. Seconds."""

CONTROL = 5.0
"""Seconds before the first fault."""
NOTICED, CHECKED = 10, 2.0
"""Hubs that end, at another moment each between two checks of HAProxy, which are so many seconds apart."""
LEFT_OUT = {"killed": 8.0, "frozen": 12.0}
"""Seconds until HAProxy leaves out a hub, at most."""

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
        usual = await load.usual_gap(CONTROL)
        for turn in range(times):
            await load.strike(fault, turn, 0.0 if how == "killed" else SECONDS)
    if how == "killed":
        assert max(load.gaps.all, load.gaps.struck) < PROMISED
    # On a machine with other work as often as without a fault.
    assert load.gaps.others < max(UNDISTURBED, 2 * usual)
    if part not in ("hub", "HAProxy"):
        assert load.total("subscribed") == FULL.screens, "a screen had to connect again"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_haproxy_notices(cluster: Cluster, how: str) -> None:
    """How long HAProxy uses a hub that does not answer."""
    taken = []
    for turn in range(NOTICED):
        hub = cluster.hubs[turn % HUBS]
        time.sleep(turn / NOTICED * CHECKED)
        since = time.monotonic()
        with (hub_killed if how == "killed" else hub_frozen)(cluster, turn):
            until(lambda hub=hub: not cluster.used(hub))  # type: ignore[misc]
            taken.append(time.monotonic() - since)
    print(f"\na hub {how}: left out by HAProxy after {min(taken):.1f} to {max(taken):.1f} s", file=sys.stderr)
    assert max(taken) < LEFT_OUT[how]
