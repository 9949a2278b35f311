"""``hub serve`` as a whole: what it needs at start, what it can do without, and that it takes itself apart again."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import asyncpg
import msgspec
import pytest

from hub import serve as module
from hub.edge.log.appender import Appender
from hub.edge.server import listen
from hub.logs import Action
from hub.serve import serve
from hub.settings import Settings
from hub.startup import StartupError
from tests.support.peers import Peer
from tests.support.running import PATIENCE, Served, served, until

FULL = "/ws?subscribe=none"


def ready(hub: Served) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{hub.address[0]}:{hub.address[1]}/readyz", timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


async def count(database_url: str) -> int:
    connection = await asyncpg.connect(database_url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM positions"))
    finally:
        await connection.close()


async def empty(database_url: str) -> None:
    """A database as somebody made it who has no schema yet."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    finally:
        await connection.close()


def test_a_fix_gets_from_a_socket_into_the_database_and_into_the_next_snapshot(settings: Settings) -> None:
    with served(settings, command=True) as hub:
        with Peer(hub.address, FULL) as driver:
            driver.say({"latitude": 1, "longitude": 2, "driverId": "d", "msgNo": 1, "attributes": {"a": "\0"}})
            driver.say({"latitude": 3, "longitude": 4, "driverId": "d", "msgNo": 2})
            while driver.hear()["msgNo"] != 2:
                pass
        until(lambda: asyncio.run(count(settings.database_url)) == 2)
        until(lambda: ready(hub) == (200, "ok\nappendfsync: everysec\n"))
        hub.process.send_signal(signal.SIGTERM)
        assert hub.process.wait(PATIENCE) == 0
    with served(settings) as hub, Peer(hub.address) as screen:
        location = screen.hear()
        assert (location["driverId"], location["latitude"], location["seq"]) == ("d", 3.0, 1)


def test_a_new_database_gets_its_schema_and_the_log_says_so(settings: Settings) -> None:
    asyncio.run(empty(settings.database_url))
    with served(settings, command=True) as hub:
        until(lambda: ready(hub) == (200, "ok\nappendfsync: everysec\n"))
        said = [msgspec.json.decode(line) for line in hub.log.read_text().splitlines()]
    assert [line["steps"] for line in said if line["action"] == Action.SCHEMA_MIGRATED] == [["schema"]]


def test_without_postgresql_the_live_path_works_and_readyz_says_so(settings: Settings) -> None:
    away = msgspec.structs.replace(settings, database_url="postgresql://127.0.0.1:1/none")
    with served(away) as hub, Peer(hub.address, FULL) as driver, Peer(hub.address) as screen:
        driver.say({"latitude": 1, "longitude": 2, "driverId": "d", "msgNo": 1})
        assert screen.hear()["driverId"] == "d"
        assert driver.hear() == {"type": "ack", "msgNo": 1}
        until(lambda: ready(hub)[1].startswith("degraded: PostgreSQL does not answer: "))
        assert ready(hub)[0] == 200


async def test_without_redis_it_does_not_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty fleet must not be shown as the truth."""
    monkeypatch.setattr(module, "LATEST_TIMEOUT", 0.3)
    away = msgspec.structs.replace(settings, redis_url="unix:///nowhere/redis.sock")
    with pytest.raises(StartupError, match=r"^Redis does not answer: "):
        await serve(away)


async def test_a_port_that_is_taken_is_noticed_before_anything_is_started(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with listen(Settings(port=0)) as taken, pytest.raises(StartupError, match="Address already in use"):
        await serve(Settings(port=taken.getsockname()[1], data_dir=data_dir))
    assert not data_dir.exists()


async def test_a_part_that_it_cannot_do_without_ends_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that acks no more must not stay and look well."""

    async def run(self: Appender) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Appender, "run", run)
    with pytest.raises(RuntimeError, match="a bug"):
        await asyncio.wait_for(serve(settings), PATIENCE)


@pytest.mark.parametrize(("soft", "hard", "after"), [(256, 4_000, 2_000), (256, 1_000, 1_000), (3_000, 4_000, 3_000)])
def test_it_takes_the_open_files_that_it_may_have(soft: int, hard: int, after: int) -> None:
    code = f"""
import resource
from hub.workers.prepared import allow_files
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
allow_files(2_000)
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said.split() == [str(after), str(hard)]
