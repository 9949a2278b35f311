"""Supervision of child processes, with real ones."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from hub.embedded.child import Child, dying_with_us
from hub.embedded.lock import ServiceLock
from hub.startup import StartupError

PATIENCE = 60
"""Seconds until a test gives up on a busy machine."""


def python(code: str, **options: object) -> Child:
    return Child("child", [sys.executable, "-c", code], **options)  # type: ignore[arg-type]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - processes have no event
            await asyncio.sleep(0.02)


async def test_a_child_that_exits_is_restarted_and_its_problem_said_meanwhile() -> None:
    child = Child("child", ["sleep", "1000"])
    assert child.problem == "child has not been started"
    await child.start()
    try:
        first = child.pid
        assert first is not None
        assert child.problem is None
        os.kill(first, signal.SIGKILL)
        await until(lambda: child.problem)
        assert child.problem == "child was killed by SIGKILL; it is being restarted"
        await until(lambda: child.problem is None)
        assert child.pid not in (None, first)
        assert child.restarts == 1
    finally:
        await child.stop()
    assert child.problem == "child has been stopped"


async def test_a_child_that_keeps_exiting_is_tried_again_less_and_less_often(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    child = python(f"import time; open({str(runs)!r}, 'a').write(f'{{time.monotonic()}} ')")
    await child.start()
    try:
        await until(lambda: runs.exists() and len(runs.read_text().split()) >= 4)
        assert child.problem is not None  # running for a moment is not serving
        assert child.restarts == 0
    finally:
        await child.stop()
    times = [float(word) for word in runs.read_text().split()]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert all(pause > least for pause, least in zip(pauses, (0.1, 0.2, 0.4), strict=False))


async def test_the_pause_between_two_attempts_has_a_limit(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    child = Child("child", ["sh", "-c", f"echo >> {runs}"], ready=never, longest_pause=0.1)
    child.start_in_background()
    try:
        # Without the limit the twelfth would come after minutes.
        async with asyncio.timeout(PATIENCE):
            while not runs.exists() or len(runs.read_text()) < 12:  # noqa: ASYNC110 - processes have no event
                await asyncio.sleep(0.02)
    finally:
        await child.stop()


async def never() -> bool:
    return False


async def test_a_child_that_cannot_start_says_why_with_its_own_words(tmp_path: Path) -> None:
    code = "import sys; print('FATAL: out of luck'); print('bye'); sys.exit(4)"
    child = python(code, log_file=tmp_path / "child.log", ready=never)
    with pytest.raises(StartupError, match=r"^child exited with code 4: FATAL: out of luck \(.*child\.log\)$"):
        await child.start()
    assert child.pid is None


async def test_a_program_that_is_not_there() -> None:
    child = Child("child", ["/nowhere/program"], wrapper=["/nowhere/wrapper"])
    with pytest.raises(StartupError, match=r"child cannot be started: .*No such file"):
        await child.start()


async def test_a_child_that_ignores_the_signal_is_killed_with_its_children(tmp_path: Path) -> None:
    pidfile = tmp_path / "pid"
    code = (
        "import os, signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "inner = subprocess.Popen(['sleep', '1000'])\n"
        f"open({str(pidfile)!r}, 'w').write(str(inner.pid))\n"
        "time.sleep(1000)\n"
    )
    child = python(code)
    await child.start()
    await until(lambda: pidfile.exists() and pidfile.read_text())
    await child.stop(grace=0.1)
    await until(lambda: not lives(int(pidfile.read_text())))


async def test_output_passes_through_without_a_log_file(capfd: pytest.CaptureFixture[str]) -> None:
    child = python("import sys, time; print('a line', file=sys.stderr, flush=True); time.sleep(1000)")
    await child.start()
    seen = ""

    def arrived() -> bool:
        nonlocal seen
        seen += capfd.readouterr().err
        return "a line\n" in seen

    await until(arrived)
    await child.stop()


async def test_the_environment_is_the_given_one(tmp_path: Path) -> None:
    out = tmp_path / "env"
    child = python(
        f"import os, time; open({str(out)!r}, 'w').write(os.environ['HUB_X']); time.sleep(1000)", env={"HUB_X": "1"}
    )
    await child.start()
    await until(lambda: out.exists() and out.read_text() == "1")
    await child.stop()


async def test_a_lock_waits_for_whatever_is_left_of_the_predecessor(tmp_path: Path) -> None:
    lock = ServiceLock(tmp_path / "lock", tmp_path / "elsewhere", grace=PATIENCE)
    first = Child("first", ["sleep", "1000"], lock=lock)
    await first.start()
    second = Child("second", ["sleep", "1000"], lock=lock)
    start = asyncio.create_task(second.start())
    done, _ = await asyncio.wait([start], timeout=0.5)
    assert not done
    await first.stop()
    await asyncio.wait_for(start, PATIENCE)
    await second.stop()


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="the kernel does not group CPU by session")
async def test_a_lower_priority_counts_against_other_sessions_too() -> None:
    child = Child("child", ["sleep", "1000"], niceness=10)
    await child.start()
    try:
        await until(lambda: os.getpriority(os.PRIO_PROCESS, child.pid or 0) == 10)
        await until(lambda: Path(f"/proc/{child.pid}/autogroup").read_text().endswith("nice 10\n"))
    finally:
        await child.stop()


def test_the_parent_death_signal_is_set_last(monkeypatch: pytest.MonkeyPatch) -> None:
    command = dying_with_us(["postgres"], signal.SIGINT, wrapper=["unshare", "--user", "--"], niceness=10)
    assert command == ["nice", "-n", "10", "unshare", "--user", "--", "setpriv", "--pdeathsig", "INT", "--", "postgres"]


def lives(pid: int) -> bool:
    """Whether the process lives; a zombie that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
