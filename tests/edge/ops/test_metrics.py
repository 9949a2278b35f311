"""What ``/metrics`` says, to whom, and that the document lists it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest
import redis
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from hub.edge.ops.metrics import SAMPLES, written
from hub.stores.redis.reports.notifier import QUEUES_KEY, TOTALS_KEY
from hub.stores.redis.settings import RedisSettings
from hub.wire.log import RECORDER_KEY
from hub.wire.notices.queues import Queues
from tests.support.api.calls import call, get, post
from tests.support.peers import Peer
from tests.support.repository import ROOT
from tests.support.running import Edge, edge, until

REPORT = {"state": "recording", "error": "", "backlog_entries": 3, "lag_seconds": 1.5, "last_commit": 1764000000.5,
          "commits": 7, "rows": 700, "duplicates": 2, "dead_letters": 1, "retries": 4, "lost": 812,
          "damaged_at": 1764000001.5}  # fmt: skip


def figures(hub: Edge, token: str = "") -> dict[tuple[str, ...], float]:
    """(name, label values …) -> value."""
    answer = get(hub, "/metrics", token)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


def test_it_counts_what_happens(hub: Edge) -> None:
    before = figures(hub)
    with Peer(hub.address) as screen:
        assert post(hub, "/osmand?id=a&lat=1&lon=2", b"").status == 200
        assert post(hub, "/osmand?id=b&lat=1&lon=2", b"").status == 200
        assert post(hub, "/osmand?id=a&lat=x&lon=2", b"").status == 200
        screen.hear(), screen.hear()
        now = figures(hub)
        screen.say("x")
        screen.hear()
    until(lambda: figures(hub)[("hub_connections",)] == 0)
    after = figures(hub)
    assert now[("hub_connections",)] == 1
    assert now[("hub_processes",)] == 1
    assert now[("hub_connections_limit",)] == hub.settings.max_connections
    assert 0 < now[("hub_redis_memory_ratio",)] < 0.5
    assert now[("hub_drivers",)] == 2
    assert now[("hub_log_up",)] == 1
    assert now[("hub_unlogged_positions",)] == 0
    for name in ("hub_positions_total", "hub_fanout_positions_total", "hub_log_positions_total"):
        assert now[(name,)] - before[(name,)] == 2
    assert now[("hub_log_entries_total",)] > before[("hub_log_entries_total",)]
    assert now[("hub_phone_points_total", "osmand", "accepted")] == 2
    assert now[("hub_phone_points_total", "osmand", "quarantined")] == 1
    assert sum(value for key, value in after.items() if key[0] == "hub_closed_total") == 1
    assert now[("process_resident_memory_bytes",)] > 1e6


def test_many_samples_are_written_in_pieces_and_read_as_one() -> None:
    seconds = HistogramMetricFamily("hub_seconds", "Of a route.", labels=["route"])
    for route in range(40):
        seconds.add_metric([str(route)], [("0.1", 1), ("+Inf", 2)], 0.5)
    few = GaugeMetricFamily("hub_few", "Few.", 1)
    metrics = [few, seconds, GaugeMetricFamily("hub_none", "No samples.", labels=["x"]), few]

    class Whole:
        def collect(self) -> list[Metric]:
            return metrics

    registry = CollectorRegistry()
    registry.register(Whole())  # type: ignore[arg-type]
    whole = generate_latest(registry)
    pieces = list(written(metrics))
    assert b"".join(pieces) == whole
    counts = [sum(not line.startswith(b"#") for line in piece.splitlines()) for piece in pieces]
    assert counts == [SAMPLES, SAMPLES, SAMPLES, 12]


def test_it_measures_the_live_path_once_a_turn(hub: Edge) -> None:
    before = figures(hub)
    with Peer(hub.address) as driver:
        driver.say({"driverId": "a", "latitude": 1, "longitude": 2, "msgNo": 1})
        while driver.hear()["type"] != "ack":
            pass
    after = figures(hub)

    def grown(*key: str) -> float:
        return after[key] - before[key]

    assert grown("hub_turns_total") >= 1
    for name in ("hub_fan_out_seconds", "hub_log_seconds"):
        assert grown(f"{name}_count") == 1
        assert 0 < grown(f"{name}_sum") < 60
        assert grown(f"{name}_bucket", "+Inf") == 1
    assert after[("hub_log_length_entries",)] >= 1
    assert after[("hub_log_bytes",)] > 0
    assert (after[("hub_redis_up",)], after[("hub_postgresql_up",)]) == (1, 1)


def test_it_counts_answers_by_route_and_never_by_path(hub: Edge) -> None:
    before = figures(hub)
    for driver_id in ("a", "b", "nobody"):
        get(hub, f"/api/v1/drivers/{driver_id}")
    get(hub, "/secret/path")
    after = figures(hub)
    route = "/api/v1/drivers/{driver_id}"
    assert after[("hub_http_requests_total", route, "4xx")] >= 1
    counts = [
        after[("hub_http_request_seconds_count", route)],
        before.get(("hub_http_request_seconds_count", route), 0),
    ]
    assert counts[0] - counts[1] == 3
    assert after[("hub_http_requests_total", "none", "4xx")] >= 1
    said = get(hub, "/metrics").body.decode()
    assert "nobody" not in said and "secret" not in said


def test_it_repeats_what_the_recorder_reports(hub: Edge) -> None:
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        client.delete(RECORDER_KEY)
        silent = figures(hub)
        assert silent[("hub_recorder_up",)] == 0
        assert ("hub_recorder_lag_seconds",) not in silent
        client.hset(RECORDER_KEY, mapping=REPORT)  # type: ignore[arg-type]
        said = figures(hub)
        client.delete(RECORDER_KEY)
    assert said[("hub_recorder_up",)] == 1
    assert said[("hub_recorder_lag_seconds",)] == 1.5
    assert said[("hub_recorder_last_commit_timestamp_seconds",)] == 1764000000.5
    assert said[("hub_recorder_rows_total",)] == 700
    assert said[("hub_log_lost_positions_total",)] == 812
    assert said[("hub_log_damaged_timestamp_seconds",)] == 1764000001.5


def test_it_repeats_what_the_notifiers_report(hub: Edge) -> None:
    queues = Queues(
        {"webhook": 3}, {"webhook": 61.5}, {"mqtt": 2.0}, [("email", "disabled", 1), ("webhook", "failing", 2)]
    )
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        silent = figures(hub)
        assert silent[("hub_notifier_up",)] == 0
        assert not any(key[0] == "hub_deliveries_waiting" for key in silent)
        client.set(QUEUES_KEY, msgspec.json.encode(queues))
        client.hset(TOTALS_KEY, mapping={"sent webhook": 7, "failed email": 4, "dead email": 1, "positions mqtt": 500})
        said = figures(hub)
        client.delete(QUEUES_KEY, TOTALS_KEY)
    wanted = {
        ("hub_notifier_up",): 1,
        ("hub_deliveries_waiting", "webhook"): 3,
        ("hub_deliveries_oldest_seconds", "webhook"): 61.5,
        ("hub_forward_lag_seconds", "mqtt"): 2,
        ("hub_channels", "email", "disabled"): 1,
        ("hub_channels", "webhook", "failing"): 2,
        ("hub_deliveries_sent_total", "webhook"): 7,
        ("hub_deliveries_failed_total", "email"): 4,
        ("hub_deliveries_dead_total", "email"): 1,
        ("hub_forwarded_positions_total", "mqtt"): 500,
    }
    found = {key: value for key, value in said.items() if key[0] == "hub_channels" or "deliver" in key[0]}
    found |= {key: said[key] for key in wanted}
    assert found == wanted


def test_it_says_which_settings_of_redis_are_right(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.node.safety, "settings", RedisSettings(appendonly=True, appendfsync="no"))
    monkeypatch.setattr(hub.node.safety, "wrong", {"appendfsync": "Redis has appendfsync no"})
    said = figures(hub)
    assert said[("hub_redis_setting_ok", "appendonly")] == 1
    assert said[("hub_redis_setting_ok", "appendfsync")] == 0
    assert ("hub_redis_setting_ok", "maxmemory-policy") not in said
    body = get(hub, "/readyz").body.decode()
    assert (
        body == "degraded: Redis has appendfsync no\nappendfsync: no\n"
        "not checked, because Redis refuses CONFIG GET: maxmemory-policy\n"
    )


def test_every_metric_is_in_the_document(hub: Edge) -> None:
    text = (ROOT / "docs/metrics.md").read_text()
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        client.hset(RECORDER_KEY, mapping=REPORT)  # type: ignore[arg-type]
        said = get(hub, "/metrics").body.decode()
        client.delete(RECORDER_KEY)
    exposed = {name for name in re.findall(r"^# HELP (\S+)", said, re.MULTILINE) if name.startswith("hub_")}
    # Seen by tests/fault/database/test_replica.py and tests/workers/test_parent.py.
    exposed |= {"hub_replica_up", "hub_replica_lag_seconds", "hub_replica_reads_total", "hub_replica_fallbacks_total"}
    exposed.add("hub_worker_connections")
    exposed.add("hub_recorder_partitions")  # tests/recorder/test_health.py
    assert set(re.findall(r"^\| `(hub_[a-z_]+)` \|", text, re.MULTILINE)) == exposed


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
def test_without_a_token_nobody_gets_it_through_a_proxy(hub: Edge, header: str) -> None:
    assert call(hub, "GET", "/metrics", None, {header: "203.0.113.7"}).status == 404


def test_without_a_token_an_open_hub_tells_it_by_the_name_of_localhost_only(hub: Edge) -> None:
    assert call(hub, "GET", "/metrics", None, {"host": "evil.example"}).status == 403
    assert call(hub, "GET", "/metrics", None, {"host": "[::1]:8080"}).status == 200


@pytest.fixture
def asking(hub: Edge) -> Iterator[Edge]:
    with edge(msgspec.structs.replace(hub.settings, metrics_token="scrape me")) as running:
        yield running


def test_with_a_token_it_is_asked_for(asking: Edge) -> None:
    assert get(asking, "/metrics").status == 401
    assert get(asking, "/metrics", "scrape you").status == 401
    assert get(asking, "/metrics", "é").status == 401
    assert figures(asking, "scrape me")[("hub_log_up",)] == 1
    assert (
        call(
            asking, "GET", "/metrics", None, {"authorization": "Bearer scrape me", "via": "proxy", "host": "hub"}
        ).status
        == 200
    )
