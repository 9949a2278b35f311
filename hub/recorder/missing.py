"""Which positions are missing in the log, by the numbers that each hub gives to its entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from hub.wire.log import Span

NODES_KEPT = 200
"""Hub processes whose numbers are remembered, those that appended last. Each start of a hub is a new one; a fleet of
hubs that restarts once an hour needs as many in a week. They are 30 bytes each in the row that every commit updates."""

_numbers = msgspec.json.Decoder(dict[str, int])


class Gap(NamedTuple):
    """Positions of a node that are missing before an entry."""

    node: str
    positions: int


class Numbers:
    """How many positions of each node have passed, whether stored or lost. ``follow`` it batch by batch, in the order
    of the log; it is stored with each commit and read back by the next recorder."""

    def __init__(self, passed: dict[str, int], *, complete: bool) -> None:
        """``complete``: ``passed`` belongs to the offset, so a node that it lacks has had no entry before. Otherwise a
        recorder that did not count has been at work, and each node counts from its next entry on."""
        self.passed, self._complete = passed, complete

    @classmethod
    def load(cls, passed: str, *, complete: bool) -> Numbers:
        """From what ``dump`` wrote."""
        return cls(_numbers.decode(passed) if complete else {}, complete=complete)

    def dump(self) -> str:
        """As JSON, in the order of the last entry."""
        return msgspec.json.encode(self.passed).decode()

    def follow(self, spans: Iterable[Span]) -> tuple[Numbers, list[Gap]]:
        """The numbers after these entries, and what is missing before each of them.

        An entry that is there twice (an append whose answer was cut is repeated), or is read again after the log was
        damaged, has passed already and changes nothing.
        """
        passed, gaps = dict(self.passed), []
        for node, before, size in spans:
            expected = passed.pop(node, 0 if self._complete else before)
            if before > expected:
                gaps.append(Gap(node, before - expected))
            passed[node] = max(expected, before + size)
        for node in list(passed)[:-NODES_KEPT]:
            del passed[node]
        return Numbers(passed, complete=self._complete), gaps
