"""Which positions are missing in the log, by the numbers that each hub gives to its entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from msgspec import Struct

from hub.wire.log import Span

NODES_KEPT = 200
"""Hub processes whose numbers are remembered, those that appended last. Each start of a hub is a new one; a fleet of
hubs that restarts once an hour needs as many in a week. They are 30 bytes each in the row that every commit updates."""


class Gap(NamedTuple):
    """Positions of a node that are missing before an entry."""

    node: str
    positions: int


class Numbers(Struct, frozen=True):
    """How many positions of each node have passed, whether stored or lost. ``follow`` it batch by batch, in the order
    of the log; it is stored with each commit and read back by the next recorder."""

    passed: dict[str, int] = {}
    """In the order of the last entry."""
    complete: bool = True
    """Whether a node that is not in ``passed`` has had no entry before. False once a recorder that does not count has
    been at work: a node that is not in ``passed`` then counts from its next entry on, for it may have been read."""

    @classmethod
    def load(cls, text: str, *, current: bool) -> Numbers:
        """From what ``dump`` wrote; ``current``: the offset has not been moved without it since."""
        return msgspec.json.decode(text, type=cls) if current else cls(complete=False)

    def dump(self) -> str:
        """As JSON."""
        return msgspec.json.encode(self).decode()

    def follow(self, spans: Iterable[Span]) -> tuple[Numbers, list[Gap]]:
        """The numbers after these entries, and what is missing before each of them.

        An entry that is there twice (an append whose answer was cut is repeated), or is read again after the log was
        damaged, has passed already and changes nothing.
        """
        passed, gaps = dict(self.passed), []
        for node, before, size in spans:
            expected = passed.pop(node, 0 if self.complete else before)
            if before > expected:
                gaps.append(Gap(node, before - expected))
            passed[node] = max(expected, before + size)
        for node in list(passed)[:-NODES_KEPT]:
            del passed[node]
        return Numbers(passed, self.complete), gaps
