"""Hub, recorder, Valkey and all processes of PostgreSQL are killed at once, as a power cut, a container's end or the
kernel without memory does it. The next hub starts at once, on what they left: locks, sockets, half-written files."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.parts import PROMISED, descendants, kill, load, whole

MANY = pytest.param(20, marks=pytest.mark.slow)
NAMESPACE = [
    "unshare",
    *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]),
    *("--pid", "--fork", "--mount-proc", "--"),
]
"""A hub in it is process 1, as in a container: what it starts has small numbers, which the next one's have again."""


def permitted() -> bool:
    return subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0


@pytest.mark.thorough
@pytest.mark.parametrize("rounds", [1, MANY])
async def test_all_killed_and_started_at_once(rounds: int, tmp_path: Path) -> None:
    await kill_and_start(HubProcess(Settings(port=0, data_dir=tmp_path / "data"), tmp_path), rounds)


@pytest.mark.skipif(not permitted(), reason="namespaces of processes are not permitted here")
@pytest.mark.parametrize("rounds", [1, MANY])
async def test_the_same_in_a_namespace_of_processes(rounds: int, tmp_path: Path) -> None:
    await kill_and_start(HubProcess(Settings(port=0, data_dir=tmp_path / "data"), tmp_path, NAMESPACE), rounds)


def kill_all(hub: HubProcess) -> None:
    """The hub first, or it would wait for its children: their numbers stay taken until process 1 has done that."""
    assert hub._process is not None
    for pid in [hub._process.pid, *descendants(hub._process.pid)]:
        kill(pid)
    hub.kill()


async def kill_and_start(hub: HubProcess, rounds: int) -> None:
    await asyncio.to_thread(hub.start)
    slowest = 0.0
    try:
        async with load(hub, drivers=20, interval=0.1) as probe:
            for _ in range(rounds):
                # So that there is something to leave behind; the first time this makes the database.
                await whole(hub)
                killed = time.monotonic()
                await asyncio.to_thread(kill_all, hub)
                await asyncio.to_thread(hub.start)
                await probe.served(killed)
                await whole(hub)
                slowest = max(slowest, time.monotonic() - killed)
    finally:
        await asyncio.to_thread(kill_all, hub)
    print(f"{rounds} rounds; history is there after {slowest:.1f} s at most", file=sys.stderr)
    if rounds >= 20:
        assert probe.slowest < 3 * PROMISED, "this machine is shared"
