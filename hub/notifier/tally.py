"""Counts of what was sent, for the metrics."""

from __future__ import annotations

from collections import Counter
from typing import Literal

Outcome = Literal["sent", "failed", "dead", "positions"]


class Tally:
    """Counts by outcome and kind of channel since they were last taken. ``sent``: deliveries, and requests with
    positions, that a receiver confirmed; ``failed``: tries that it did not; ``dead``: deliveries that were given up;
    ``positions``: positions that a receiver confirmed."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, outcome: Outcome, kind: str, count: int = 1) -> None:
        self._counts[outcome, kind] += count

    def take(self) -> Counter[tuple[str, str]]:
        """The counts, which begin at 0 again."""
        taken, self._counts = self._counts, Counter()
        return taken

    def put_back(self, taken: Counter[tuple[str, str]]) -> None:
        """Counts that could not be reported."""
        self._counts.update(taken)
