"""The lock of a service, and the end of the processes that hold it for a hub that is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from hub.embedded import lock
from hub.embedded.lock import ServiceLock
from hub.startup import StartupError
from tests.embedded.test_child import PATIENCE, lives, until

IGNORES = """
import os, signal, sys, time
signal.signal(signal.SIGQUIT, signal.SIG_IGN)
if os.fork():
    print("ready", flush=True)
time.sleep(1000)
"""


async def holder(path: Path, directory: Path, code: str = "print('ready', flush=True); input()") -> int:
    """A process in ``directory`` that holds the lock, as a service that an earlier hub left."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        assert lock.locked(descriptor)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code),
            cwd=directory,
            pass_fds=[descriptor],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    finally:
        os.close(descriptor)
    return process.pid


async def test_an_orphan_is_ended_and_other_processes_in_its_directory_are_not(tmp_path: Path) -> None:
    orphan = await holder(tmp_path / "lock", tmp_path)
    other = await holder(tmp_path / "other.lock", tmp_path)
    taken = await ServiceLock(tmp_path / "lock", tmp_path, grace=0.1, abort_signal=signal.SIGQUIT).take("service")
    os.close(taken)
    await until(lambda: not lives(orphan))
    assert lives(other)
    os.kill(other, signal.SIGKILL)


async def test_one_that_ignores_the_signal_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "KILL_GRACE", 0.2)
    await holder(tmp_path / "lock", tmp_path, IGNORES)
    service = ServiceLock(tmp_path / "lock", tmp_path, grace=0.1, abort_signal=signal.SIGQUIT)
    os.close(await asyncio.wait_for(service.take("service"), PATIENCE))


async def test_a_holder_that_is_not_surely_ours_is_left_alone_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "KILL_GRACE", 0.1)
    monkeypatch.setattr(lock, "LAST_WAIT", 0.1)
    (tmp_path / "data").mkdir()
    elsewhere = await holder(tmp_path / "lock", tmp_path)
    with pytest.raises(StartupError, match=r"service of an earlier hub still runs in .*; stop that process"):
        await ServiceLock(tmp_path / "lock", tmp_path / "data", grace=0.1).take("service")
    assert lives(elsewhere)
    os.kill(elsewhere, signal.SIGKILL)
