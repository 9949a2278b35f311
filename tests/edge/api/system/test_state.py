"""``GET /api/v1/system``: figures of the hub's parts, and what waits or was not stored in one's own fleet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
import redis

from hub.edge.api.system.state import recorder_figures
from hub.embedded.services import Services
from hub.stores.postgres.pool import DatabaseAway
from hub.wire.log import RECORDER_KEY
from tests.support.api.calls import call, get
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, GATEWAY, STRANGER, fetch, hub_with
from tests.support.running import Edge

PATH = "/api/v1/system"

REPORT = {
    "state": "recording",
    "offset": "5-0",
    "commits": "3",
    "rows": "40",
    "duplicates": "2",
    "dead_letters": "1",
    "retries": "4",
    "last_commit": "1795000000.5",
    "error": "",
    "problem": "",
    "lost": "0",
    "damaged_at": "0.0",
    "failing": "",
    "reported_at": "1795000001.0",
}


@pytest.fixture(scope="module")
def guarded(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "system_state") as running:
        yield running


def test_the_report_of_the_recorder_as_figures() -> None:
    figures = recorder_figures(REPORT | {"backlog_entries": "7", "lag_seconds": "1.25"})
    assert figures is not None
    assert (figures.backlog_entries, figures.lag_seconds, figures.rows, figures.retries) == (7, 1.25, 40, 4)
    assert figures.last_commit_at == datetime.fromtimestamp(1795000000.5, UTC)
    # Before it has read the log, and before its first commit.
    figures = recorder_figures(REPORT | {"last_commit": "0.0"})
    assert figures is not None and (figures.backlog_entries, figures.last_commit_at) == (None, None)
    assert recorder_figures({}) is None


def test_log_recorder_and_hub(guarded: Edge) -> None:
    state = get(guarded, PATH, ADMIN).json
    assert state["recorder"] is None and set(state["health"]["checks"]) >= {"live", "log", "history", "database"}
    entries, size = state["log"]["entries"], state["log"]["bytes"]
    assert state["hub"]["connections"] == 0 and state["log"]["unlogged"] == 0
    fix = {"latitude": 51, "longitude": 7, "driverId": "d"}
    assert call(guarded, "POST", "/api/v1/location", [fix], token=GATEWAY).status == 200
    with redis.Redis.from_url(guarded.settings.redis_url) as client:
        client.hset(RECORDER_KEY, mapping=REPORT)
    state = get(guarded, PATH, ADMIN).json
    assert state["log"]["entries"] == entries + 1 and state["log"]["bytes"] > size
    assert (state["recorder"]["state"], state["recorder"]["rows"]) == ("recording", 40)


def test_what_was_not_stored_and_what_waits_is_that_of_the_fleet(guarded: Edge) -> None:
    fetch(guarded, "INSERT INTO dead_letters (entry_id, fleet, reason, payload) VALUES ('1-0', 'f', 'why', '')")
    fetch(
        guarded,
        "INSERT INTO quarantine (id, fleet, received_at, dialect, code, detail, points, path, query, coding, body)"
        " SELECT gen_random_uuid(), 'f', now(), 'osmand', 'invalid', '', 3, '/osmand', '', '', ''"
        " FROM generate_series(1, 2)",
    )
    new = {"name": "depot", "kind": "webhook", "config": {"url": "https://receiver.example/"}}
    channel = UUID(call(guarded, "POST", "/api/v1/channels", new, token=ADMIN).json["channel"]["id"])
    fetch(
        guarded,
        "INSERT INTO deliveries (channel_id, lane, sequence, message_id, type, at, created_at, next_at, state, data)"
        " SELECT $1, 'd', k, k::text, 'hub.test', now(), timestamptz '2026-11-01 10:00Z' + k * interval '1 min', now(),"
        " (ARRAY['pending', 'pending', 'sent', 'dead'])[k], '{}' FROM generate_series(1, 4) AS k",
        channel,
    )
    state = get(guarded, PATH, ADMIN).json
    assert state["kept"] == {"deadLetters": 1, "payloads": 2, "points": 6}
    (queue,) = state["channels"]
    assert (queue["name"], queue["state"], queue["pending"], queue["dead"]) == ("depot", "active", 2, 1)
    assert datetime.fromisoformat(queue["oldestAt"]) == datetime(2026, 11, 1, 10, 1, tzinfo=UTC)
    others = get(guarded, PATH, STRANGER).json
    assert others["kept"] == {"deadLetters": 0, "payloads": 0, "points": 0} and others["channels"] == []


def test_only_for_admins(guarded: Edge) -> None:
    assert [get(guarded, PATH, token).status for token in (DISPATCHER, GATEWAY, DRIVER, "")] == [403, 403, 403, 401]


def test_figures_of_a_store_that_does_not_answer_are_null(guarded: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*arguments: object) -> None:
        raise redis.ConnectionError("gone")

    async def away(*arguments: object) -> None:
        raise DatabaseAway("away")

    monkeypatch.setattr("hub.edge.api.system.state.size", gone)
    state = get(guarded, PATH, ADMIN).json
    assert (state["log"], state["recorder"]) == (None, None) and state["channels"] is not None
    monkeypatch.setattr("hub.edge.api.system.state.kept", away)
    state = get(guarded, PATH, ADMIN).json
    assert (state["kept"], state["channels"]) == (None, None)
