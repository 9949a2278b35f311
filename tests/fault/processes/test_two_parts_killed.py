"""Two parts are killed shortly after each other, so that the second one dies while the first is being brought back.

The worst pair was a process of PostgreSQL and the hub: PostgreSQL is then told to stop while it recovers from a crash,
and waits for itself for ever.
"""

from __future__ import annotations

import asyncio
import sys
import time
from itertools import permutations
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.parts import PARTS, PROMISED, SERVERS, kill, load, pid_of, whole

PAIRS = list(permutations([*PARTS, *SERVERS], 2))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("pairs", "gap"),
    [
        ([("checkpointer", "hub")], 0.1),
        *(pytest.param(PAIRS, gap, marks=pytest.mark.slow) for gap in (0.1, 0.5, 2.0)),
    ],
    ids=lambda value: f"{len(value)}-pairs" if isinstance(value, list) else None,
)
async def test_live_and_acks_are_back_at_once(pairs: list[tuple[str, str]], gap: float, tmp_path: Path) -> None:
    hub = HubProcess(Settings(port=0, data_dir=tmp_path / "data"), tmp_path)
    await asyncio.to_thread(hub.start)
    late = []
    try:
        async with load(hub, drivers=20, interval=0.1) as probe:
            for pair in pairs:
                await whole(hub)
                for part in pair:
                    killed = time.monotonic()
                    await kill_part(hub, part)
                    if part is not pair[-1]:
                        await asyncio.sleep(gap)
                served = await probe.served(killed)
                await whole(hub)
                print(
                    f"\n{' and '.join(pair)}, {gap} s apart: live and acks after {served:.2f} s, "
                    f"history after {time.monotonic() - killed:.1f} s",
                    end="",
                    file=sys.stderr,
                )
                if served > PROMISED:
                    late.append((pair, served))
    finally:
        await asyncio.to_thread(hub.stop)
    print(f"{len(pairs)} pairs, later than {PROMISED:.0f} s: {late}", file=sys.stderr)
    if len(pairs) > 1:
        assert probe.slowest < 3 * PROMISED, "this machine is shared"


async def kill_part(hub: HubProcess, part: str) -> None:
    """Kill it, unless it is still down from the fault before. A hub is started again at once."""
    if part == "hub":
        await asyncio.to_thread(hub.kill)
        await asyncio.to_thread(hub.start)
    else:
        kill(pid_of(hub, part))
