"""Output of the benchmark: medians of the rounds, and the ratio of the hub's figure to each peer's."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from clients.bench.figures import CROWDED, SATURATED, Measurement

FIGURES = {
    "deliveries_per_s": ("deliveries/s", 0, "more"),
    "deliveries_per_cpu_s": ("deliveries per CPU second", 0, "more"),
    "fixes_per_s": ("fixes/s acked", 0, "more"),
    "cpu_us_per_fix": ("µs CPU per fix, main process", 1, "less"),
    "all_cpu_us_per_fix": ("µs CPU per fix, all processes", 1, "less"),
    "requests_per_s": ("requests/s", 0, "more"),
    "cpu_us_per_request": ("µs CPU per request, main process", 1, "less"),
    "all_cpu_us_per_request": ("µs CPU per request, all processes", 1, "less"),
    "kib_per_connection": ("KiB per connection", 1, "less"),
    "handshakes_per_s": ("handshakes/s", 0, "more"),
    "ack_p50_ms": ("p50 ms until the ack", 1, "less"),
    "ack_p99_ms": ("p99 ms until the ack", 1, "less"),
    "screen_p50_ms": ("p50 ms until the screen", 1, "less"),
    "screen_p99_ms": ("p99 ms until the screen", 1, "less"),
    "users": ("users that are kept up with", 0, "more"),
    "p99_calm_ms": ("p99 ms before the spike", 1, "less"),
    "p99_spike_ms": ("p99 ms in the spike", 1, "less"),
    "recovered_s": ("seconds until recovered", 2, "less"),
    "p50_ms": ("p50 ms", 1, "less"),
    "p99_ms": ("p99 ms", 1, "less"),
    "p99_without_ms": ("p99 ms of the others, before", 1, "less"),
    "p99_with_ms": ("p99 ms of the others, meanwhile", 1, "less"),
    "grown_mib": ("MiB grown", 1, "less"),
    "gone_s": ("seconds until the stopped are gone", 0, "less"),
    "age_s": ("seconds behind, the one at 5 kB/s", 1, "less"),
    "cores": ("cores used by the server", 2, "less"),
}
"""Figure -> (words, digits, which way is better), in the order of the table. Others are checks or only in the JSON."""

FAULTS = ("missing", "duplicates", "reordered", "unacked", "lost", "backwards")
"""Figures that should be zero."""

HUB = "hub"


def medians(measurements: Sequence[Measurement]) -> dict[str, dict[str, dict[str, float]]]:
    """Case -> figure -> server -> median of its rounds; nan if it could not be measured."""
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    for measurement in measurements:
        figures = found.setdefault(measurement.case, {})
        for name, value in measurement.figures.items():
            figures.setdefault(name, {}).setdefault(measurement.server, []).append(value)
    return {
        case: {name: {server: _median(v) for server, v in by.items()} for name, by in figures.items()}
        for case, figures in found.items()
    }


def _median(values: Iterable[float]) -> float:
    told = [value for value in values if not math.isnan(value)]
    return statistics.median(told) if told else math.nan


def document(measurements: Sequence[Measurement]) -> dict[str, object]:
    """Output of ``--json``: medians, ratios hub/peer, and every measurement; null if it could not be measured."""
    found = medians(measurements)
    return {
        "medians": found,
        "ratios": {
            case: {name: ratios(by) for name, by in figures.items() if name in FIGURES}
            for case, figures in found.items()
        },
        "measurements": [asdict(measurement) for measurement in measurements],
    }


def ratios(by_server: dict[str, float]) -> dict[str, float]:
    """Peer -> the hub's figure divided by the peer's."""
    ours = by_server.get(HUB, math.nan)
    return {
        server: ours / value if value and math.isfinite(ours) and math.isfinite(value) else math.nan
        for server, value in by_server.items()
        if server != HUB
    }


def table(measurements: Sequence[Measurement]) -> Table:
    """The medians as a table."""
    servers = list(dict.fromkeys(measurement.server for measurement in measurements))
    peers = [server for server in servers if server != HUB]
    shown = Table("case", "figure", "better", title=f"Medians of {_rounds(measurements)} rounds")
    for name in (*servers, *(f"{HUB}/{peer}" for peer in peers)):
        shown.add_column(name, justify="right")
    for case, figures in medians(measurements).items():
        first = case
        for name, (words, digits, better) in FIGURES.items():
            if name in figures:
                by, ratio = figures[name], ratios(figures[name])
                values = [_number(by.get(server, math.nan), digits) for server in servers]
                shown.add_row(first, words, better, *values, *(_ratio(ratio.get(peer, math.nan)) for peer in peers))
                first = ""
        shown.add_section()
    return shown


def notes(measurements: Sequence[Measurement]) -> list[str]:
    """Notes to the table: faults, the limit of the load generator, and the CPU of each process."""
    lines = []
    for server in dict.fromkeys(measurement.server for measurement in measurements):
        own = [measurement for measurement in measurements if measurement.server == server]
        counts = {name: sum(int(m.figures[name]) for m in own if name in m.figures) for name in FAULTS}
        lines.append(f"{server}: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    for case in dict.fromkeys(measurement.case for measurement in measurements):
        full = sorted({m.server for m in measurements if m.case == case and m.figures["generator_cpu"] >= SATURATED})
        if full:
            lines.append(f"{case}: the generator used up its core with {', '.join(full)}, which may do more than this.")
        others = max(m.figures["others_cpu"] for m in measurements if m.case == case)
        if others > CROWDED:
            lines.append(f"{case}: other programs took up to {others:.0%} of the server's core; compare CPU, not time.")
        shares = {m.server: m.cpu for m in measurements if m.case == case and len(m.cpu) > 1}
        for server, cpu in shares.items():
            told = ", ".join(f"{name} {share:.2f}" for name, share in sorted(cpu.items()))
            lines.append(f"{case}: cores used by {server}'s processes in the last round: {told}")
    return lines


def show(measurements: Sequence[Measurement], skipped: Sequence[str]) -> None:
    """Print the table and the notes."""
    console = Console(width=None if Console().is_terminal else 160)
    console.print(table(measurements))
    for line in (*notes(measurements), *skipped):
        console.print(line, highlight=False)


def _rounds(measurements: Sequence[Measurement]) -> str:
    counts = {sum(m.case == x.case and m.server == x.server for m in measurements) for x in measurements}
    return " or ".join(map(str, sorted(counts)))


def _number(value: float, digits: int) -> str:
    if math.isinf(value):
        return "not seen"
    return "" if math.isnan(value) else f"{value:,.{digits}f}"


def _ratio(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}" if value < 10 else f"{value:.0f}"
