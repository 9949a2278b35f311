"""How far a node has read the log: what a token to resume means, at this node and at any other.

Entry ids of the log are kept as numbers: the milliseconds of the id times 2^40, plus its sequence number. After the
clock of Redis was set back, it counts entries within one millisecond until that comes again, perhaps for days.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

SEQUENCE_BITS = 40

MARK_EVERY = 1_000 << SEQUENCE_BITS
"""Distance of two marks: a second of the log."""

FACTS_MARGIN = 90_000 << SEQUENCE_BITS
"""Facts that are not in the log (status, state, removal) reach each node by its own clock: a client that comes from
another node gets those of the last 90 s again. Silent drivers are removed once a minute, everything else is faster."""

MARKS = 900
"""Marks that are kept: a quarter of an hour. An older token gets all facts again, which is harmless."""


def entry_number(entry_id: str) -> int:
    """The number of an entry id ``<milliseconds>-<sequence>``."""
    milliseconds, _, sequence = entry_id.partition("-")
    return (int(milliseconds) << SEQUENCE_BITS) + min(int(sequence or 0), (1 << SEQUENCE_BITS) - 1)


class LogPlace:
    """The place of one node in the log.

    ``generation`` names the log; it is empty while the node does not read it, and another one after the log has lost
    its end. ``read`` is the number of the last entry that was read, ``known_from`` that of the first entry since which
    the node knows the entry of each latest position.

    ``loaded``: whether the node has the latest positions of the partition; not while no client needs them. ``clients``
    counts its connected clients, ``asked`` is when a request last needed it, in seconds of a steady clock. Numbers of
    the node below ``since`` are from before they were loaded.
    """

    __slots__ = ("_marks", "asked", "behind_ms", "clients", "generation", "known_from", "loaded", "read", "since")

    def __init__(self) -> None:
        self.generation = ""
        self.read = self.known_from = 0
        self.loaded = True
        self.clients = self.since = 0
        self.asked = float("-inf")
        # How many milliseconds the positions of other nodes are behind; None where they are not.
        self.behind_ms: Callable[[], int | None] = lambda: None
        # (entry, the hub's seq when it had been read), oldest first.
        self._marks: deque[tuple[int, int]] = deque(maxlen=MARKS)

    def begin(self, generation: str, known_from: int) -> None:
        """Start, or start again after entries were missed: older tokens are refused."""
        self.generation, self.known_from, self.read = generation, known_from, known_from
        self._marks.clear()

    def forget(self, since: int) -> None:
        """The node has dropped the latest positions. Its number is ``since``: a client that resumes by an earlier one
        may have missed something."""
        self.begin("", 0)
        self.loaded, self.since = False, since

    def advance(self, entry: int, seq: int) -> None:
        """Note that everything up to an entry was applied; ``seq`` is the hub's number after it."""
        if entry <= self.read:
            return
        self.read = entry
        if not self._marks or entry - self._marks[-1][0] >= MARK_EVERY:
            self._marks.append((entry, seq))

    def token(self, up_to: int | None = None) -> str | None:
        """The token of a client that has everything up to an entry, by default the last one that was read. None while
        the log is not read."""
        return f"{self.generation}.{self.read if up_to is None else up_to:x}" if self.generation else None

    def entry_of(self, token: str) -> int | None:
        """The entry of a token; None if the node does not know what came after it, or has not read as far: a reader is
        behind by some milliseconds, and to connect takes more."""
        generation, _, digits = token.partition(".")
        if not generation or generation != self.generation:
            return None
        try:
            entry = int(digits, 16)
        except ValueError:
            return None
        return entry if self.known_from <= entry <= self.read else None

    def facts_before(self, entry: int) -> int:
        """A ``seq`` of this node whose facts a client with everything up to an entry surely has; 0 if none is known."""
        limit = entry - FACTS_MARGIN
        return max((seq for mark, seq in self._marks if mark <= limit), default=0)
