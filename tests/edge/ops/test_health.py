"""How the hub is, in JSON."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from hub import __version__
from hub.edge.ops import health
from tests.support.api.calls import get
from tests.support.running import Edge, edge, until


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FRESH", 0.0)


def test_all_is_well(hub: Edge) -> None:
    until(lambda: get(hub, "/health").json["nodes"] == 1)
    answer = get(hub, "/health")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json == {
        "status": "ok",
        "version": __version__,
        "nodes": 1,
        "checks": {name: {"status": "ok"} for name in ("live", "log", "history", "database", "clock")},
    }


def test_what_waits_is_degraded_and_what_is_not_acknowledged_unavailable(
    hub: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "degraded", ["history is 40 s behind"])
    answer = get(hub, "/health")
    assert (answer.status, answer.json["status"]) == (200, "degraded")
    assert answer.json["checks"]["history"] == {"status": "degraded", "details": ["history is 40 s behind"]}
    monkeypatch.setattr(hub.appender, "problem", "the log does not answer: no answer in time")
    answer = get(hub, "/health")
    assert (answer.status, answer.json["status"]) == (503, "unavailable")
    assert answer.json["checks"]["log"]["details"] == ["the log does not answer: no answer in time"]
    monkeypatch.setattr(hub.node.publisher, "draining", True)
    assert get(hub, "/health").json["checks"]["live"]["status"] == "unavailable"


@pytest.fixture
def without_database(hub: Edge) -> Iterator[Edge]:
    url = "postgresql://hub@localhost:1/hub"
    with edge(msgspec.structs.replace(hub.settings, database_url=url)) as running:
        yield running


def test_live_goes_on_without_postgresql(without_database: Edge) -> None:
    answer = get(without_database, "/health")
    assert (answer.status, answer.json["status"]) == (200, "degraded")
    assert answer.json["checks"]["database"] == {"status": "unavailable", "details": ["PostgreSQL does not answer"]}
    metrics = get(without_database, "/metrics").body.decode()
    assert "hub_postgresql_up 0.0" in metrics and "hub_redis_up 1.0" in metrics
