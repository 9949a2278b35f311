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

PATIENCE = 10.0
"""Seconds that a hub has to append missing positions again. It learns from the recorder's report within three, and says
when it is done; so this is for hubs that have ended."""


class Gap(NamedTuple):
    """Lost positions of a node: missing in the log, and not appended again."""

    node: str
    positions: int


class Missing(Struct, frozen=True, array_like=True):
    """Positions of a node that the log lacked when ``since`` (Unix time), as ranges of their numbers, in order."""

    since: float
    ranges: list[tuple[int, int]]

    @property
    def positions(self) -> int:
        return sum(end - start for start, end in self.ranges)

    def without(self, start: int, end: int) -> list[tuple[int, int]]:
        """The ranges without the positions from ``start`` up to ``end``."""
        parts = ((a, min(b, start)) for a, b in self.ranges), ((max(a, end), b) for a, b in self.ranges)
        return sorted((a, b) for part in parts for a, b in part if a < b)


class Numbers(Struct, frozen=True, omit_defaults=True):
    """How many positions of each node were read, are missing or are lost. ``follow`` is called batch by batch, in the
    order of the log; the numbers are stored with each commit and read by the next recorder."""

    passed: dict[str, int] = {}
    """In the order of the last entry."""
    complete: bool = True
    """Whether a node that is not in ``passed`` has had no entry before. False after a recorder that does not count:
    entries of such a node may have been read, so it is counted from its next entry on."""
    missing: dict[str, Missing] = {}
    """Passed positions that the nodes may append again."""

    @classmethod
    def load(cls, text: str, *, current: bool) -> Numbers:
        """From the text of ``dump``. ``current``: the offset has not been moved without the numbers since."""
        return msgspec.json.decode(text, type=cls) if current else cls(complete=False)

    def dump(self) -> str:
        """As JSON."""
        return msgspec.json.encode(self).decode()

    def stored(self) -> dict[str, int]:
        """Node -> number of its first positions of which none is missing: they are stored or lost."""
        missing = self.missing
        return {n: missing[n].ranges[0][0] if n in missing else passed for n, passed in self.passed.items()}

    def follow(self, spans: Iterable[Span], now: float, reached: float) -> tuple[Numbers, list[Gap]]:
        """The numbers after these entries, and what is lost for good. ``now`` and ``reached``: Unix times of the clock
        and of the last entry.

        Positions before an entry that were not read are missing. They are lost if the node says that it has appended
        everything again, or is silent for ``PATIENCE``. An entry that is in the log twice (an append is repeated if its
        answer was lost), or is read again after the log was damaged, changes nothing."""
        passed, missing, gaps = dict(self.passed), dict(self.missing), []
        for node, before, size, whole in spans:
            expected = passed.pop(node, 0 if self.complete else before)
            known = missing.get(node)
            if before > expected:
                missing[node] = Missing(now, [*(known.ranges if known else ()), (expected, before)])
            elif known is not None and (left := known.without(before, before + size)) != known.ranges:
                if left:
                    missing[node] = Missing(known.since, left)
                else:
                    del missing[node]
            passed[node] = max(expected, before + size)
            if whole and node in missing:
                gaps.append(Gap(node, missing.pop(node).positions))
        for node in list(passed)[:-NODES_KEPT]:
            del passed[node]
        for node, known in list(missing.items()):
            if node not in passed or reached > known.since + PATIENCE:
                gaps.append(Gap(node, missing.pop(node).positions))
        return Numbers(passed, self.complete, missing), gaps
