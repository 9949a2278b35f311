"""``/metrics``: the counters of the node, formatted on request; nothing here runs per fix.

Reasons and dialects are labels, for they are few; ids never are.
"""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain
from typing import NamedTuple

from prometheus_client import ProcessCollector
from prometheus_client.core import CounterMetricFamily as Counter
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import HistogramMetricFamily as Histograms
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import __version__
from hub.edge.api.phones import Phones
from hub.edge.http.bearer import bearer
from hub.edge.http.pieces import Pieces
from hub.edge.http.problems import Problem
from hub.edge.http.requests import CHALLENGE, check_host
from hub.edge.node import Node
from hub.edge.ops.figures import Answers, Histogram
from hub.edge.ops.health import Health
from hub.edge.ops.siblings import Siblings
from hub.edge.ops.sums import Family, family_of, metric_of
from hub.settings import Settings, is_loopback
from hub.stores.postgres.replica import Replica
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.log.state import fill, size
from hub.stores.redis.reports.notifier import notifier_report
from hub.stores.redis.reports.recorder import recorder_report
from hub.wire.notices.queues import Queues

RECORDER = {
    "backlog_entries": (Gauge, "hub_recorder_backlog_entries", "Entries of the log that are not in PostgreSQL."),
    "lag_seconds": (Gauge, "hub_recorder_lag_seconds", "Age of the oldest of them."),
    "last_commit": (Gauge, "hub_recorder_last_commit_timestamp_seconds", "When the recorder committed last."),
    "commits": (Counter, "hub_recorder_commits_total", "Commits since the recorder started."),
    "rows": (Counter, "hub_recorder_rows_total", "Positions that it inserted."),
    "duplicates": (Counter, "hub_recorder_duplicates_total", "Positions that were there already."),
    "dead_letters": (Counter, "hub_recorder_dead_letters_total", "Entries or positions that could not be stored."),
    "lost": (Counter, "hub_log_lost_positions_total", "Acknowledged positions that vanished from the log."),
    "damaged_at": (Gauge, "hub_log_damaged_timestamp_seconds", "When the log was last found damaged; 0 if never."),
    "retries": (Counter, "hub_recorder_retries_total", "Times that PostgreSQL or Redis was away."),
}
"""Field of the recorder's report -> kind, name and meaning of its metric."""

DELIVERIES = {
    "sent": ("hub_deliveries_sent_total", "Deliveries, and requests with positions, that a receiver confirmed."),
    "failed": ("hub_deliveries_failed_total", "Tries that a receiver did not confirm."),
    "dead": ("hub_deliveries_dead_total", "Deliveries that were given up."),
    "positions": ("hub_forwarded_positions_total", "Positions that a receiver confirmed."),
}
"""Outcome of a delivery -> name and meaning of its metric."""


SAMPLES = 50
"""Samples that are written in one turn of the loop, a quarter of a millisecond. A hub has a thousand, most of them the
buckets of its routes."""


class Services(NamedTuple):
    """Data of the services for one answer: ``report`` is the recorder's, ``log_size`` the log's in entries and bytes
    and ``fill`` the used part of Redis' memory, None while Redis does not answer; ``queues`` and ``totals`` are the
    notifiers'."""

    report: dict[str, str]
    log_size: tuple[int, int] | None
    fill: float | None
    queues: Queues | None
    totals: dict[tuple[str, str], int]
    database_up: bool


class NodeMetrics:
    """The metrics of a node."""

    def __init__(self, node: Node, phones: Phones, answers: Answers, replica: Replica | None = None) -> None:
        self.node, self.phones, self.answers, self.replica = node, phones, answers, replica
        self.process = ProcessCollector(registry=None)

    def own(self) -> Iterator[Metric]:
        """The metrics of this process, each made when it is asked for."""
        node, hub, unlogged = self.node, self.node.hub, self.node.unlogged
        build = Gauge("hub_build_info", "The version that runs.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        yield Gauge("hub_processes", "Processes that serve clients.", 1)
        yield Gauge("hub_connections", "Open sockets.", node.sockets.count)
        yield Gauge(
            "hub_connections_limit", "Open sockets above which more are refused.", node.settings.max_connections
        )
        yield Gauge("hub_drivers", "Drivers with a latest position.", sum(len(f.latest) for f in hub.fleets.values()))
        accepted = hub.seq - node.tail.shown - node.tail.read_back
        yield Counter("hub_positions_total", "Positions that were accepted, also those read back at start.", accepted)
        late = sum(fleet.late.late for fleet in hub.fleets.values())
        yield Counter("hub_late_positions_total", "Positions older than the latest one of their driver.", late)
        future = sum(fleet.late.future for fleet in hub.fleets.values())
        yield Counter("hub_future_positions_total", "Positions too far ahead of our clock to be shown.", future)
        wrong = [ahead for fleet in hub.fleets.values() for ahead in fleet.clocks.wrong()]
        ahead = sum(offset > timedelta() for offset in wrong)
        driver_clocks = Gauge("hub_driver_clocks_wrong", "Drivers whose clock is wrong.", labels=["direction"])
        driver_clocks.add_metric(["ahead"], ahead)
        driver_clocks.add_metric(["behind"], len(wrong) - ahead)
        yield driver_clocks
        yield Counter(
            "hub_fanout_positions_total",
            "Positions sent or owed to subscribers.",
            hub.broadcaster.delivered,
        )
        conflated = sum(client.conflated for client in hub.clients.values())
        yield Gauge("hub_conflated", "Positions that newer ones replaced unsent, of the sockets open now.", conflated)
        closed = Counter("hub_closed_total", "Sockets that ended, by the word of the close code.", labels=["reason"])
        for reason, count in node.sockets.closed.items():
            closed.add_metric([reason], count)
        yield closed
        yield Counter("hub_turns_total", "Turns of the loop in which something was published.", node.turns.count)
        yield _histogram("hub_fan_out_seconds", "From a position's arrival until it was written.", node.turns.latency)
        yield Gauge("hub_unlogged_positions", "Positions that wait for the log.", unlogged.size)
        appender = node.appender
        yield Gauge("hub_log_up", "Whether the log answers.", appender.problem is None)
        yield Counter("hub_log_entries_total", "Entries appended to the log.", appender.entries)
        yield Counter("hub_log_positions_total", "Positions in them.", appender.positions)
        again = "Acked positions that the log had lost, and that were appended again."
        yield Counter("hub_log_appended_again_positions_total", again, appender.appended_again)
        yield Gauge("hub_log_retained_positions", "Acked positions kept for that.", appender.retained_positions)
        replicated = "Whether the log is on as many replicas as HUB_LOG_REPLICAS asks for."
        yield Gauge("hub_log_replicated", replicated, appender.uncopied is None)
        yield _histogram("hub_log_seconds", "From a position's arrival until it was in the log.", appender.latency)
        tail = node.tail
        yield Counter("hub_others_positions_total", "Positions of other hubs that were read.", tail.positions)
        yield Counter("hub_others_shown_total", "Those that were newer than what this hub had.", tail.shown)
        yield Counter("hub_log_reloads_total", "Times that entries of the log had been missed.", tail.reloads)
        behind = (tail.behind_ms() or 0) / 1_000
        yield Gauge("hub_others_behind_seconds", "How old the picture of other hubs' positions is.", behind)
        yield Gauge("hub_partitions_followed", "Partitions of the log that are needed, and followed.", tail.followed)
        yield Counter("hub_partition_loads_total", "Times that a partition was loaded as needed.", node.needs.loads)
        clocks = Gauge("hub_clock_offset_seconds", "How far our clock is ahead of others.", labels=["source"])
        for source, offset in node.clock_watch.offsets.items():
            clocks.add_metric([source], offset)
        yield clocks
        right = Gauge("hub_redis_setting_ok", "Whether a setting of Redis keeps what is acked.", labels=["setting"])
        for setting, verdict in node.safety.verdicts().items():
            right.add_metric([setting], verdict)
        yield right
        if self.replica is not None:
            yield from _of_replica(self.replica)
        yield from self._http()
        points = Counter("hub_phone_points_total", "Points of phones, by dialect.", labels=["dialect", "outcome"])
        for outcome, counts in (("accepted", self.phones.accepted), ("quarantined", self.phones.quarantined)):
            for dialect, count in counts.items():
                points.add_metric([dialect, outcome], count)
        yield points
        quarantine = self.phones.quarantine
        payloads = Counter("hub_quarantine_payloads_total", "Phones' payloads with refused points.", labels=["outcome"])
        for outcome, count in quarantine.counts.items():
            payloads.add_metric([outcome], count)
        yield payloads
        yield Gauge("hub_quarantine_waiting_bytes", "Such payloads not yet in PostgreSQL.", quarantine.waiting)
        yield from self.process.collect()

    async def families(self) -> list[Family]:
        """The same for other processes, in many short turns of the loop."""
        found: list[Family] = []
        await self.node.slices.each(self.own(), lambda metric: found.append(family_of(metric)))
        return found

    def services(self, services: Services) -> Iterator[Metric]:
        """The metrics of the services, which all processes share."""
        yield Gauge("hub_redis_up", "Whether Redis answered just now.", services.log_size is not None)
        yield Gauge("hub_postgresql_up", "Whether PostgreSQL answered just now.", services.database_up)
        if services.log_size is not None:
            yield Gauge("hub_log_length_entries", "Entries in the log.", services.log_size[0])
            yield Gauge("hub_log_bytes", "Memory of Redis that they take.", services.log_size[1])
        if services.fill is not None:
            yield Gauge("hub_redis_memory_ratio", "Used part of Redis' maxmemory; 0 without.", services.fill)
        yield Gauge("hub_recorder_up", "Whether a recorder reports.", bool(services.report))
        for field, (kind, name, meaning) in RECORDER.items():
            if field in services.report:
                yield kind(name, meaning, float(services.report[field]))
        yield from self._notifier(services)

    def _notifier(self, services: Services) -> Iterator[Metric]:
        yield Gauge("hub_notifier_up", "Whether a notifier reports.", services.queues is not None)
        queues = services.queues or Queues()
        waiting = Gauge("hub_deliveries_waiting", "Deliveries that are not confirmed.", labels=["kind"])
        oldest = Gauge("hub_deliveries_oldest_seconds", "Age of the oldest of them.", labels=["kind"])
        behind = Gauge("hub_forward_lag_seconds", "Age of the oldest position to be forwarded.", labels=["kind"])
        for metric, values in ((waiting, queues.waiting), (oldest, queues.oldest), (behind, queues.behind)):
            for kind, value in values.items():
                metric.add_metric([kind], value)
            yield metric
        channels = Gauge("hub_channels", "Channels by kind and state.", labels=["kind", "state"])
        for kind, state, count in queues.channels:
            channels.add_metric([kind, state], count)
        yield channels
        for outcome, (name, meaning) in DELIVERIES.items():
            total = Counter(name, meaning, labels=["kind"])
            for (counted, kind), count in services.totals.items():
                if counted == outcome:
                    total.add_metric([kind], count)
            yield total

    def _http(self) -> Iterator[Metric]:
        answered = Counter("hub_http_requests_total", "Answers by HTTP.", labels=["route", "status"])
        for labels, count in self.answers.answers.items():
            answered.add_metric(labels, count)
        yield answered
        seconds = Histograms("hub_http_request_seconds", "Until an answer began.", labels=["route"])
        for route, histogram in self.answers.seconds.items():
            seconds.add_metric([route], histogram.buckets(), histogram.total)
        yield seconds
        logins = Counter("hub_logins_total", "Logins.", labels=["method", "outcome"])
        for label, count in self.node.logins.items():
            logins.add_metric(label, count)
        yield logins
        yield Gauge("hub_limits_nodes", "Other nodes that use much of a limit.", self.node.limits.nodes)
        limited = Counter("hub_rate_limited_total", "Requests that were refused.", labels=["limit"])
        for limit, count in self.node.addresses.limited.items():
            limited.add_metric([limit], count)
        yield limited


def _of_replica(replica: Replica) -> Iterator[Metric]:
    yield Gauge("hub_replica_up", "Whether the replica answers requests for history.", replica.problem is None)
    if replica.lag is not None:
        yield Gauge("hub_replica_lag_seconds", "How far it was behind the primary just now.", replica.lag)
    yield Counter("hub_replica_reads_total", "Reads that it answered.", replica.reads)
    fallbacks = Counter("hub_replica_fallbacks_total", "Reads that the primary answered.", labels=["cause"])
    for cause, count in replica.fallbacks.items():
        fallbacks.add_metric([cause], count)
    yield fallbacks


class _Single(Collector):
    """One metric, as ``generate_latest`` takes it."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric

    def collect(self) -> list[Metric]:
        return [self.metric]


def written(metrics: Iterable[Metric]) -> Iterator[bytes]:
    """Metrics as text, in pieces of ``SAMPLES`` samples."""
    lines: list[bytes] = []
    room = SAMPLES
    for metric in metrics:
        samples, begun = metric.samples, False
        while samples or not begun:
            metric.samples, samples = samples[:room], samples[room:]
            text = generate_latest(_Single(metric))
            # The two lines of its meaning and kind come once.
            lines.append(text.split(b"\n", 2)[2] if begun else text)
            begun, room = True, room - len(metric.samples)
            if room == 0:
                yield b"".join(lines)
                lines, room = [], SAMPLES
    if lines:
        yield b"".join(lines)


def _histogram(name: str, meaning: str, histogram: Histogram) -> Metric:
    return Histograms(name, meaning, buckets=histogram.buckets(), sum_value=histogram.total)


def routes(
    node: Node,
    phones: Phones,
    health: Health,
    answers: Answers,
    siblings: Siblings | None,
    replica: Replica | None = None,
) -> list[Route]:
    metered = NodeMetrics(node, phones, answers, replica)
    if siblings is not None:
        siblings.figures = metered.families

    async def metrics(request: Request) -> Response:
        _check_access(node.settings, request)
        report, log_size, used, queues = {}, None, None, None
        totals: dict[tuple[str, str], int] = {}
        # Without an answer hub_redis_up is 0, and hub_recorder_up and hub_notifier_up too.
        with contextlib.suppress(*UNAVAILABLE):
            report = await recorder_report(node.appender.redis, node.layout)
            log_size = await size(node.appender.redis, node.layout)
            used = await fill(node.appender.redis)
            queues, totals = await notifier_report(node.appender.redis)
        services = Services(report, log_size, used, queues, totals, await health.database_up())
        own: Iterable[Metric] = metered.own()
        if siblings is not None:
            own = map(metric_of, await siblings.totals(await metered.families()))
        rest = written(chain(own, metered.services(services)))
        pieces: list[bytes] = []
        while not pieces or pieces[-1]:
            async with node.slices.slice():
                pieces.append(next(rest, b""))
        return Pieces(pieces[:-1], media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return [Route("/metrics", metrics)]


def _check_access(settings: Settings, request: Request) -> None:
    """Allow requests with ``metrics_token``; without that setting, requests from this machine, but not through a proxy
    on it, which would allow all. Raises ``Problem``."""
    if settings.metrics_token:
        given = bearer(request.headers) or ""
        if not hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
            raise Problem(401, "the token of HUB_METRICS_TOKEN is needed", headers=CHALLENGE)
        return
    check_host(settings, request)
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via", "x-real-ip"))
    if forwarded or request.client is None or not is_loopback(request.client.host):
        raise Problem(404, "Not Found")
