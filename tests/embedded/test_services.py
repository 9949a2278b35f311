"""The embedded services as a whole: ownership, crashes of the hub, places, messages."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio

from hub.embedded.services import SOCKET_PATH_LIMIT, run_directory, running
from hub.settings import Settings
from hub.startup import StartupError
from tests.embedded.test_child import PATIENCE, lives, until

HUB = """
import asyncio, sys, uvloop
from pathlib import Path
from hub import logs
from hub.embedded.services import running
from hub.settings import Settings

async def main():
    async with running(Settings(data_dir=Path(sys.argv[1]))) as services:
        print(*(part.child.pid for part in services.parts.values()), flush=True)
        await asyncio.sleep(1000)

logs.setup()
uvloop.run(main())
"""
"""A hub that only runs its services and prints their process numbers; on uvloop, as in production."""


def start_hub(data_dir: Path, wrapper: Sequence[str] = ()) -> tuple[subprocess.Popen[str], list[int]]:
    hub = subprocess.Popen(
        [*wrapper, sys.executable, "-c", HUB, str(data_dir)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert hub.stdout is not None and hub.stderr is not None
    pids = [int(word) for word in hub.stdout.readline().split()]
    assert len(pids) == 2, hub.communicate()[1]
    return hub, pids


async def count_a_run(settings: Settings) -> tuple[int, int]:
    """Add one to a counter in each service; the counters afterwards."""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        counted = await client.incr("runs")
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS runs (); INSERT INTO runs DEFAULT VALUES")
        return counted, await connection.fetchval("SELECT count(*) FROM runs")
    finally:
        await connection.close()


async def test_both_are_started_and_their_data_survives_a_restart(tmp_path: Path) -> None:
    for run in (1, 2):
        async with running(Settings(data_dir=tmp_path / "hub")) as services:
            assert services.problems() == []
            assert await count_a_run(services.settings) == (run, run)


async def test_what_is_configured_is_not_started(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "hub", redis_url="redis://r", database_url="postgresql://d")
    async with running(settings) as services:
        assert services.settings == settings
        assert services.parts == {}
    assert not settings.data_dir.exists()


async def test_one_url_leaves_the_other_service_to_us(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "hub", database_url="postgresql://d")
    async with running(settings) as services:
        assert list(services.parts) == ["valkey"]
        assert services.settings.database_url == "postgresql://d"


async def test_a_second_hub_connects_and_takes_over_when_the_first_has_stopped(tmp_path: Path) -> None:
    hub, _ = start_hub(tmp_path / "hub")
    async with running(Settings(data_dir=tmp_path / "hub")) as second:
        assert [part.child for part in second.parts.values()] == [None, None]
        assert await count_a_run(second.settings) == (1, 1)
        assert second.problems() == []
        hub.send_signal(signal.SIGINT)
        hub.communicate()
        await until(lambda: all(part.child for part in second.parts.values()))
        assert await count_a_run(second.settings) == (2, 2)
        assert second.problems() == []


async def test_a_killed_hub_leaves_no_orphans_and_the_next_one_starts_at_once(tmp_path: Path) -> None:
    hub, pids = start_hub(tmp_path / "hub")
    async with running(Settings(data_dir=tmp_path / "hub")) as second:
        assert await count_a_run(second.settings) == (1, 1)
    hub.kill()
    hub.communicate()
    async with running(Settings(data_dir=tmp_path / "hub")) as services:
        assert all(part.child for part in services.parts.values())
        assert not [pid for pid in pids if lives(pid)]
        assert await count_a_run(services.settings) == (2, 2)
        assert services.problems() == []


async def test_a_killed_service_comes_back_with_its_data_and_the_problem_is_said(tmp_path: Path) -> None:
    async with running(Settings(data_dir=tmp_path / "hub")) as services:
        assert await count_a_run(services.settings) == (1, 1)
        for part in services.parts.values():
            assert part.child is not None and part.child.pid is not None
            os.kill(part.child.pid, signal.SIGKILL)
        await until(lambda: len(services.problems()) == 2)
        assert all("was killed by SIGKILL" in problem for problem in services.problems())
        await until(lambda: services.problems() == [])
        assert await count_a_run(services.settings) == (2, 2)


@pytest.mark.parametrize("uid", [65534, pytest.param(987654321, marks=pytest.mark.thorough)])
def test_users_with_and_without_a_name_need_no_privilege(tmp_path: Path, uid: int) -> None:
    as_user = ["unshare", "--user", f"--map-user={uid}", f"--map-group={uid}", "--"]
    if subprocess.run([*as_user, "true"], capture_output=True).returncode:
        pytest.skip("user namespaces are not permitted here")
    hub, pids = start_hub(tmp_path / "hub", as_user)
    hub.send_signal(signal.SIGINT)
    hub.communicate()
    assert not [pid for pid in pids if lives(pid)]


@pytest.mark.thorough
async def test_a_path_too_long_for_a_socket_and_one_with_a_space(tmp_path: Path) -> None:
    data_dir = tmp_path / "a data directory" / ("long" * 40)
    async with running(Settings(data_dir=data_dir)) as services:
        assert await count_a_run(services.settings) == (1, 1)
        run = run_directory(data_dir)
        assert len(str(run / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT
        assert run.stat().st_mode & 0o777 == 0o700
    run.rmdir()
    async with running(Settings(data_dir=tmp_path / "another data directory")) as services:
        assert await count_a_run(services.settings) == (1, 1)


def test_a_socket_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StartupError, match=r"run is not a directory of ours: remove it"):
        run_directory(tmp_path)


async def test_a_data_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartupError, match=r"The data directory .*file/hub cannot be used: .*Not a directory"):
        async with running(Settings(data_dir=tmp_path / "file/hub")):
            pass


async def test_when_one_service_cannot_start_the_other_is_stopped(tmp_path: Path) -> None:
    data_dir = tmp_path / "hub"
    with pytest.raises(StartupError, match="HUB_REDIS_SERVER"):
        async with running(Settings(data_dir=data_dir, redis_server="/nowhere/valkey-server")):
            pass
    assert not (data_dir / "run/.s.PGSQL.5432").exists()
    async with asyncio.timeout(PATIENCE), running(Settings(data_dir=data_dir)) as services:
        assert await count_a_run(services.settings) == (1, 1)
