"""Metrics of several processes of one hub, added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from prometheus_client.metrics_core import Metric

ADDED = {
    "hub_connections",
    "hub_connections_limit",
    "hub_conflated",
    "hub_driver_clocks_wrong",
    "hub_log_retained_positions",
    "hub_processes",
    "hub_quarantine_waiting_bytes",
    "hub_unlogged_positions",
    "process_max_fds",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
}
"""Gauges of which each process has a part."""

LEAST = {"hub_log_replicated", "hub_log_up", "hub_redis_setting_ok", "hub_replica_up", "process_start_time_seconds"}
"""Gauges of which the least value holds for all: one process that fails is shown."""

MOST = {
    "hub_build_info",
    "hub_clock_offset_seconds",
    "hub_drivers",
    "hub_limits_nodes",
    "hub_others_behind_seconds",
    "hub_partitions_followed",
    "hub_replica_lag_seconds",
}
"""Gauges that all processes have much alike: the value that is farthest from zero."""


class Sample(Struct, array_like=True):
    """One line of a metric."""

    name: str
    labels: dict[str, str]
    value: float


class Family(Struct, array_like=True):
    """A metric with its samples, as it is sent between processes. ``kind`` is ``counter``, ``gauge`` or
    ``histogram``."""

    name: str
    meaning: str
    kind: str
    samples: list[Sample]


Key = tuple[str, tuple[tuple[str, str], ...]]


def family_of(metric: Metric) -> Family:
    """A metric of prometheus_client."""
    samples = [Sample(sample.name, sample.labels, float(sample.value)) for sample in metric.samples]
    return Family(metric.name, metric.documentation, metric.type, samples)


def metric_of(family: Family) -> Metric:
    """A metric as prometheus_client writes it."""
    metric = Metric(family.name, family.meaning, family.kind)
    for sample in family.samples:
        metric.add_sample(sample.name, sample.labels, sample.value)
    return metric


def counted(families: Iterable[Family]) -> list[Family]:
    """What stays of a process that has ended: what it counted. Its gauges are gone."""
    return [family for family in families if family.kind != "gauge"]


def added(reports: Sequence[Sequence[Family]]) -> list[Family]:
    """The metrics of several processes as one: counters, histograms and gauges are added, except the gauges of
    ``LEAST`` and ``MOST``. The order is that in which the metrics come."""
    families: dict[str, Family] = {}
    values: dict[str, dict[Key, Sample]] = {}
    for report in reports:
        for family in report:
            if family.name not in families:
                families[family.name] = family
                values[family.name] = {}
            found = values[family.name]
            for sample in family.samples:
                key = sample.name, tuple(sample.labels.items())
                before = found.get(key)
                if before is None:
                    found[key] = Sample(sample.name, sample.labels, sample.value)
                else:
                    before.value = _joined(family.name, before.value, sample.value)
    return [Family(name, family.meaning, family.kind, list(values[name].values())) for name, family in families.items()]


def _joined(name: str, one: float, other: float) -> float:
    if name in LEAST:
        return min(one, other)
    if name in MOST:
        return max(one, other, key=abs)
    return one + other
