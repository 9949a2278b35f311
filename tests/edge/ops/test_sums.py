"""The metrics of several processes as those of one."""

from __future__ import annotations

import msgspec
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from hub.edge.api.phones import Phones
from hub.edge.ops.figures import Answers
from hub.edge.ops.metrics import NodeMetrics, written
from hub.edge.ops.sums import ADDED, LEAST, MOST, Family, added, counted, family_of, metric_of
from hub.edge.quarantine import Quarantine
from tests.support.running import Edge


def of_a_process(count: float, up: bool, offset: float, route: str) -> list[Metric]:
    answers = CounterMetricFamily("hub_http_requests_total", "Answers.", labels=["route"])
    answers.add_metric([route], count)
    answers.add_metric(["/both"], 1)
    offsets = GaugeMetricFamily("hub_clock_offset_seconds", "Ahead.", labels=["source"])
    offsets.add_metric(["redis"], offset)
    seconds = HistogramMetricFamily("hub_log_seconds", "Until.", buckets=[("0.1", 1), ("+Inf", count)], sum_value=0.5)
    return [
        answers,
        GaugeMetricFamily("hub_connections", "Open.", count),
        GaugeMetricFamily("hub_log_up", "Up.", up),
        offsets,
        seconds,
    ]


def sent(metrics: list[Metric]) -> list[Family]:
    """Metrics as another process gets them."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode([family_of(one) for one in metrics]), type=list[Family])


def values(families: list[Family]) -> dict[tuple[str, ...], float]:
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_counts_are_added_and_one_process_that_fails_is_seen() -> None:
    one, other = sent(of_a_process(3, True, 0.2, "/a")), sent(of_a_process(4, False, -5.0, "/b"))
    assert values(added([one, other])) == {
        ("hub_http_requests_total", "/a"): 3,
        ("hub_http_requests_total", "/b"): 4,
        ("hub_http_requests_total", "/both"): 2,
        ("hub_connections",): 7,
        ("hub_log_up",): 0,
        ("hub_clock_offset_seconds", "redis"): -5,
        ("hub_log_seconds_bucket", "0.1"): 2,
        ("hub_log_seconds_bucket", "+Inf"): 7,
        ("hub_log_seconds_count",): 7,
        ("hub_log_seconds_sum",): 1,
    }
    # The reports themselves stay as they were.
    assert values(one)["hub_connections",] == 3


def test_of_a_process_that_ended_the_counts_stay() -> None:
    past = counted(sent(of_a_process(3, False, 9.0, "/a")))
    now = values(added([sent(of_a_process(1, True, 0.1, "/a")), past]))
    assert (now["hub_http_requests_total", "/a"], now["hub_log_seconds_count",]) == (4, 4)
    assert (now["hub_connections",], now["hub_log_up",], now["hub_clock_offset_seconds", "redis"]) == (1, 1, 0.1)


def test_they_are_written_as_before() -> None:
    metrics = of_a_process(3, True, 0.2, "/a")
    again = [metric_of(family) for family in sent(metrics)]
    assert b"".join(written(again)) == b"".join(written(of_a_process(3, True, 0.2, "/a")))


def test_every_gauge_of_a_process_has_a_rule(hub: Edge) -> None:
    metered = NodeMetrics(hub.node, Phones(hub.node, Quarantine(hub.settings, hub.node.registry_pool)), Answers())
    gauges = {metric.name for metric in metered.own() if metric.type == "gauge"}
    # A replica is not set up here.
    assert gauges == (ADDED | LEAST | MOST) - {"hub_replica_lag_seconds", "hub_replica_up"}
    assert sum(map(len, (ADDED, LEAST, MOST))) == len(ADDED | LEAST | MOST)
