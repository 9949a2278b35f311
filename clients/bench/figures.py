"""Results of a measurement, and the CPU time of the processes during it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from clients.bench.processes import busy_seconds, cpu_seconds, family
from clients.bench.servers import Running

SATURATED = 0.9
"""CPU share of the load generator above which it may be the bottleneck."""


CROWDED = 0.15
"""Use of the server's cores by other processes above which the figures are unreliable."""


@dataclass
class Measurement:
    """One case, measured on one server in one round. ``figures`` are described in ``report.FIGURES``."""

    case: str
    server: str
    figures: dict[str, float] = field(default_factory=dict)
    # CPU share of each of the server's processes while it was measured.
    cpu: dict[str, float] = field(default_factory=dict)


class Stretch:
    """CPU time of the server and of this process, from creation until ``end``."""

    def __init__(self, running: Running) -> None:
        self._pids = family(running.pid)
        self._cpu = cpu_seconds(self._pids)
        self._own = time.process_time()
        self._cores = os.sched_getaffinity(running.pid)
        self._busy = busy_seconds(self._cores)
        self._begin = time.monotonic()
        self._main = self._pids.get(running.pid, "")
        self.seconds = 0.0
        self.cpu: dict[str, float] = {}
        self.own = self.others = 0.0

    def end(self) -> Stretch:
        self.seconds = time.monotonic() - self._begin
        self.own = (time.process_time() - self._own) / self.seconds
        busy = (busy_seconds(self._cores) - self._busy) / self.seconds
        after = cpu_seconds(self._pids)
        # A process that has ended meanwhile counts as nothing.
        self.cpu = {name: max(0.0, after.get(name, 0.0) - before) / self.seconds for name, before in self._cpu.items()}
        self.others = max(0.0, busy - self.server_cpu)
        return self

    @property
    def server_cpu(self) -> float:
        """Cores used by all processes of the server."""
        return sum(self.cpu.values())

    @property
    def main_cpu(self) -> float:
        """Cores used by the process with the sockets."""
        return self.cpu.get(self._main, 0.0)

    def measurement(self, case: str, running: Running, **figures: float) -> Measurement:
        shares = {name: round(share, 3) for name, share in self.cpu.items()}
        figures |= {"seconds": self.seconds, "generator_cpu": self.own, "others_cpu": self.others}
        return Measurement(case, running.server.name, figures, shares)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie; nan without values."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(latencies_ns: Sequence[int]) -> dict[str, float]:
    """p50 and p99 of latencies."""
    return {"p50_ms": percentile(latencies_ns, 0.5) / 1e6, "p99_ms": percentile(latencies_ns, 0.99) / 1e6}
