"""Counts positions missing in the log, by the numbers that each hub gives to its entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from msgspec import Struct

from hub.wire.log import Span

NODES_KEPT = 200
"""Hub processes whose numbers are kept: those that appended last. Each start of a hub makes a new one; a hub that
restarts once an hour makes 168 in a week. Each takes 30 bytes in the row that every commit updates."""


class Gap(NamedTuple):
    """Positions of a node missing before an entry."""

    node: str
    positions: int


class Numbers(Struct, frozen=True):
    """How many positions of each node were read or are lost. ``follow`` is called batch by batch, in the order of the
    log; the numbers are stored with each commit and read by the next recorder."""

    passed: dict[str, int] = {}
    """In the order of the last entry."""
    complete: bool = True
    """Whether a node that is not in ``passed`` has had no entry before. False after a recorder that does not count:
    entries of such a node may have been read, so it is counted from its next entry on."""

    @classmethod
    def load(cls, text: str, *, current: bool) -> Numbers:
        """From the text of ``dump``. ``current``: the offset has not been moved without the numbers since."""
        return msgspec.json.decode(text, type=cls) if current else cls(complete=False)

    def dump(self) -> str:
        """As JSON."""
        return msgspec.json.encode(self).decode()

    def follow(self, spans: Iterable[Span]) -> tuple[Numbers, list[Gap]]:
        """The numbers after these entries, and the gaps before them.

        An entry that is in the log twice (an append is repeated if its answer was lost), or is read again after the log
        was damaged, changes nothing."""
        passed, gaps = dict(self.passed), []
        for node, before, size in spans:
            expected = passed.pop(node, 0 if self.complete else before)
            if before > expected:
                gaps.append(Gap(node, before - expected))
            passed[node] = max(expected, before + size)
        for node in list(passed)[:-NODES_KEPT]:
            del passed[node]
        return Numbers(passed, self.complete), gaps
