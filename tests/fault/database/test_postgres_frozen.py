"""PostgreSQL stands still under a running hub: ``/readyz`` and ``/health`` name it, and live positions continue."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from hub.edge.ops import health
from hub.embedded.services import running
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from tests.fault.database.test_postgres_gone import frozen
from tests.support.api.calls import get, post
from tests.support.running import edge, until

AWAY = "PostgreSQL does not answer"


async def test_the_first_readyz_and_health_name_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FRESH", 0.0)
    async with running(Settings(data_dir=tmp_path / "hub", redis_appendfsync="everysec", port=0)) as services:
        await migrate(services.settings.database_url)
        child = services.parts["postgresql"].child
        assert child is not None
        with edge(services.settings) as hub:
            until(lambda: get(hub, "/readyz").body == b"ok\n")
            with frozen(child.pid):
                answer = get(hub, "/readyz")
                assert (answer.status, answer.body.decode()) == (200, f"degraded: {AWAY}\n")
                assert get(hub, "/health").json["checks"]["database"] == {"status": "unavailable", "details": [AWAY]}
                fix = {"latitude": 1, "longitude": 2, "driverId": "d"}
                assert post(hub, "/api/v1/location", fix).status == 200
            until(lambda: get(hub, "/readyz").body == b"ok\n")


def test_it_is_named_once(settings: Settings) -> None:
    """Another line that names PostgreSQL has more to say about it."""
    with edge(msgspec.structs.replace(settings, database_url="postgresql://127.0.0.1:1/none")) as hub:
        until(lambda: get(hub, "/readyz").body.decode() == f"degraded: {AWAY}\n")
        hub.degraded.append("postgresql exited with code 1")
        assert get(hub, "/readyz").body == b"degraded: postgresql exited with code 1\n"
