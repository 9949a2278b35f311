"""Counters and histograms of requests and positions, cheap enough to be always on."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

ANSWER_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds in seconds for requests and log appends."""

LIVE_BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Upper bounds in seconds for the live path, which is ten times as quick."""


CLASSES = ("0xx", "1xx", "2xx", "3xx", "4xx", "5xx")
"""Classes of a status."""


class Histogram:
    """A histogram of durations."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """Count a time."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """(upper bound, number of durations up to it): cumulative, as in Prometheus."""
        bounds = [*map(str, self.bounds), "+Inf"]
        return list(zip(bounds, map(float, accumulate(self.counts)), strict=True))


class Answers:
    """HTTP by route: the template of a path, such as ``/api/v1/drivers/{driver_id}``, never a path."""

    def __init__(self) -> None:
        # (route, class of the status such as "2xx") -> answers; route -> time until an answer began.
        self.answers: Counter[tuple[str, str]] = Counter()
        self.seconds: dict[str, Histogram] = {}

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count an answer that began after ``seconds``."""
        self.answers[route, CLASSES[status // 100]] += 1
        histogram = self.seconds.get(route)
        if histogram is None:
            histogram = self.seconds[route] = Histogram(ANSWER_BOUNDS)
        histogram.observe(seconds)
