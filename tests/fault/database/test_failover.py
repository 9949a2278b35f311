"""The primary is lost and its standby promoted: a hub whose URL names both goes on, with its recorder and notifier."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from tests.fault.database.test_postgres_gone import frozen
from tests.support.api.calls import call, get, post
from tests.support.running import Served, served, until
from tests.support.standby import Server, pair

ROWS = "SELECT count(*) FROM positions"
SESSIONS = """
SELECT count(DISTINCT application_name) FROM pg_stat_activity WHERE application_name IN ('hub recorder', 'hub notifier')
"""


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    with pair(tmp_path / "pair") as both:
        primary = both[0]
        asyncio.run(migrate(primary.url))
        # A commit is answered when the standby has it, so that the failover loses none.
        primary.value("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.value("SELECT pg_reload_conf()")
        until(lambda: primary.value("SELECT sync_state = 'sync' FROM pg_stat_replication"))
        yield both


def drive(hub: Served, number: int) -> None:
    """An acknowledged position."""
    fix = {"latitude": 1, "longitude": number / 1000, "driverId": "d"}
    assert post(hub, "/api/v1/location", fix).status == 200


@pytest.mark.parametrize("loss", ["killed", pytest.param("frozen", marks=pytest.mark.slow)])
def test_hub_recorder_and_notifier_continue(
    servers: tuple[Server, Server], redis_url: str, tmp_path: Path, loss: str
) -> None:
    primary, standby = servers
    url = f"postgresql://hub@{primary.place},{standby.place}/hub?target_session_attrs=read-write"
    settings = Settings(
        port=0,
        data_dir=tmp_path / "hub",
        redis_url=redis_url,
        redis_appendfsync="everysec",
        database_url=url,
        database_timeout=2.0,
        history_timeout=2.0,
    )
    with served(settings) as hub:
        drive(hub, 0)
        until(lambda: primary.value(ROWS) == 1)
        until(lambda: "notifier" not in get(hub, "/readyz").body.decode())
        with ExitStack() as until_then:
            if loss == "killed":
                primary.kill()
            else:
                until_then.enter_context(frozen(primary.pid))
            drive(hub, 1)  # acknowledged while there is no primary
            assert standby.value("SELECT pg_promote()")
            drive(hub, 2)
            until(lambda: standby.value(ROWS) == 3)
            until(lambda: get(hub, "/readyz").body.startswith(b"ok\n"))
            assert call(hub, "GET", "/api/v1/drivers/d/track").json["positions"][-1]["longitude"] == 0.002
            until(lambda: standby.value(SESSIONS) == 2)
