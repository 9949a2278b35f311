"""P1: an acked point is in PostgreSQL exactly once, whichever part of the hub is killed or frozen meanwhile.

A hundred drivers send ten points a second each, and go on whatever happens. Every other second one of hub, recorder,
Valkey and PostgreSQL dies or stands still. In the end everything sent was acked, and PostgreSQL has each point once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from random import Random

import pytest

from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.parts import PARTS, drive, pid_of, stored

DRIVERS = 100
INTERVAL = 0.1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("how", "seconds", "every"),
    [
        ("killed", 8.0, 2.0),
        pytest.param("killed", 120.0, 1.7, marks=pytest.mark.slow),
        pytest.param("frozen", 120.0, 3.0, marks=pytest.mark.slow),
    ],
)
async def test_acked_is_stored_once(how: str, seconds: float, every: float, tmp_path: Path) -> None:
    hub = HubProcess(Settings(port=0, data_dir=tmp_path / "data", log_level="warning"), tmp_path)
    hub.start()
    try:
        enough = asyncio.Event()
        sending = [asyncio.create_task(drive(hub.url, number, enough, INTERVAL)) for number in range(DRIVERS)]
        done = await trouble(hub, how, seconds, every)
        enough.set()
        begin = time.monotonic()
        sent = sum(await asyncio.gather(*sending))
        acked_after = time.monotonic() - begin
        rows, distinct = await stored(tmp_path / "data", sent)
        stored_after = time.monotonic() - begin
    finally:
        hub.stop()
    print(
        f"\n{how}: {done} in {seconds:.0f} s; sent and acked {sent}, rows {rows}, missing {sent - distinct}, "
        f"doubled {rows - distinct}; all acked after {acked_after:.1f} s, all stored after {stored_after:.1f} s",
        file=sys.stderr,
    )
    assert rows == distinct == sent
    assert seconds < 60 or min(done.values()) > seconds / every / 10, "each part had its turns"
    assert "log_lost" not in (tmp_path / "hub.log").read_text(), "nothing is called lost that is not"
    assert seconds < 60 or stored_after < 30, "recovery is promised within 30 s"


async def trouble(hub: HubProcess, how: str, seconds: float, every: float) -> dict[str, int]:
    """Hurt one part after the other, in a random order; returns how often each."""
    random, end, done = Random(1), time.monotonic() + seconds, dict.fromkeys(PARTS, 0)
    waiting: list[str] = []
    while time.monotonic() < end:
        await asyncio.sleep(every)
        waiting = waiting or random.sample(list(PARTS), len(PARTS))
        part = waiting.pop()
        pid = pid_of(hub, part)
        if pid is None:
            continue  # still down from the last time
        done[part] += 1
        if how == "frozen":
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(random.uniform(0.5, 5))
            os.kill(pid, signal.SIGCONT)
        elif part == "hub":
            await asyncio.to_thread(hub.kill)
            await asyncio.to_thread(hub.start)
        else:
            os.kill(pid, signal.SIGKILL)
    return done
