"""Everything is killed during an erasure: it is finished after the restart, and no ghost of the driver is left."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import asyncpg
import msgspec
import pytest
import redis

from hub.settings import Settings
from hub.wire.layout import ONLY
from tests.support.api.calls import call, get, post
from tests.support.hub_process import HubProcess
from tests.support.logbook import value
from tests.support.running import free_port, until

FIXES = 400
"""In one message."""


def fill(hub: HubProcess, driver_id: str, messages: int) -> None:
    """Publish a history of hours, one position a second."""
    begin = time.time() - messages * FIXES - 60
    for number in range(messages):
        fixes = [
            {
                "latitude": 25 + n * 1e-4,
                "longitude": 55,
                "driverId": driver_id,
                "recordedAt": begin + number * FIXES + n,
            }
            for n in range(FIXES)
        ]
        assert post(hub, "/api/v1/location", fixes).status == 200


def count(settings: Settings, what: str, table: str = "positions") -> int:
    return int(asyncio.run(value(settings, f"SELECT count(*) FROM {table} WHERE {what}")))


async def lock_positions(settings: Settings) -> asyncpg.Connection:
    """Let no row of the table be deleted, until the connection ends."""
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("BEGIN; SELECT FROM positions WHERE driver_id = 'person' FOR SHARE")
    return connection


@pytest.mark.thorough
@pytest.mark.parametrize("after", [0.0, *(pytest.param(after, marks=pytest.mark.slow) for after in (0.3, 1.5))])
def test_an_erasure_is_finished_after_a_restart(settings: Settings, tmp_path: Path, after: float) -> None:
    settings = msgspec.structs.replace(settings, port=free_port())
    hub = HubProcess(settings, tmp_path)
    hub.start()
    try:
        until(lambda: "degraded" not in hub.readiness())
        fill(hub, "person", 30)
        fill(hub, "other", 5)
        until(lambda: count(settings, "driver_id = 'person'") > 5 * FIXES)  # the rest is still in the log
        with redis.Redis.from_url(settings.redis_url) as client:
            ghost = client.hget(ONLY.latest("default"), "person")
        made = call(hub, "DELETE", "/api/v1/drivers/person/history")
        assert made.status == 202
        time.sleep(after)
        hub.kill()
        with redis.Redis.from_url(settings.redis_url) as client:
            # As if the hub had been killed before Redis knew of it.
            client.hset(ONLY.latest("default"), "person", ghost)  # type: ignore[arg-type]
        hub.start()
        path = made.headers["location"]
        until(lambda: get(hub, "/livez").status == 200 and get(hub, path).status == 200)
        until(lambda: get(hub, path).json["finishedAt"] is not None)
        until(lambda: [one["driverId"] for one in get(hub, "/api/v1/drivers").json["drivers"]] == ["other"])
        until(lambda: count(settings, "driver_id = 'other'") == 5 * FIXES)
        post(hub, "/api/v1/location", {"latitude": 1, "longitude": 2, "driverId": "last"})
        until(lambda: count(settings, "driver_id = 'last'") == 1)  # all of the log is read
        for table in ("positions", "trips", "stops", "daily"):
            assert count(settings, "driver_id = 'person'", table) == 0, table
        with redis.Redis.from_url(settings.redis_url) as client:
            assert client.hget(ONLY.latest("default"), "person") is None
        assert count(settings, "action = 'history.erased'", "audit") == 1
    finally:
        hub.stop()


def test_an_unfinished_erasure_says_so(settings: Settings, tmp_path: Path) -> None:
    """PostgreSQL refuses to delete for a while: recording goes on, and the answer stays `finishedAt: null`."""
    settings = msgspec.structs.replace(settings, port=free_port(), database_timeout=2.0)
    hub = HubProcess(settings, tmp_path)
    hub.start()
    try:
        until(lambda: "degraded" not in hub.readiness())
        fill(hub, "person", 2)
        until(lambda: count(settings, "driver_id = 'person'") == 2 * FIXES)
        with asyncio.Runner() as runner:
            connection = runner.run(lock_positions(settings))
            path = call(hub, "DELETE", "/api/v1/drivers/person/history").headers["location"]
            time.sleep(3)
            assert get(hub, path).json["finishedAt"] is None
            assert count(settings, "driver_id = 'person'") == 2 * FIXES
            runner.run(connection.close())
        until(lambda: get(hub, path).json["finishedAt"] is not None)
        assert get(hub, path).json["positions"] == 2 * FIXES
        assert count(settings, "driver_id = 'person'") == 0
    finally:
        hub.stop()
