"""Folding again after late points, or where the fences of the past have changed.

As for trips (``hub.core.trips.refold``): the fold starts from a checkpoint before the first change and runs over the
stored points until a checkpoint after the last change equals the stored one. But a driver is in several fences at once,
and a visit may last for weeks around the time that is folded again. So the rows in question are not those of a span of
time, but those whose beginning is in the time that is folded again, and those of the stays that were open before it;
without those that are open where it ends, which are equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.core.fences.index import Fences, Surroundings
from hub.core.fences.state import Crossing, Visit
from hub.core.fences.tracker import Tracker
from hub.core.trips.state import Point

NEVER = 1 << 62
"""Later than any instant, in microseconds."""

Key = tuple[bytes, int]
"""Fence and ``entered_at``: the identity of a row of one driver."""


class Refold:
    """``feed`` it the stored points after ``start`` in the order of time, until it is done or none is left.

    Then stored rows for which ``replaces`` is true are to be replaced by ``visits`` and ``crossings``, and checkpoints
    after the start up to ``done_at`` by ``checkpoints``. If it is not ``done`` when no point is left, ``tracker`` is
    the driver's state now.
    """

    __slots__ = (
        "_after",
        "_closed",
        "_open",
        "checkpoints",
        "done",
        "done_at",
        "last_late",
        "paused",
        "pausing",
        "tracker",
    )

    def __init__(self, driver: str, start: bytes | None, last_late: int) -> None:
        """``start``: the state at a checkpoint before the first change (None: from the driver's first point on)."""
        self.tracker = Tracker(driver, start)
        state = self.tracker.state
        self._after = state.counted_to
        self._open: set[Key] = {(fence, stay.entered_at) for fence, stay in state.stays.items()}
        # Where it ended: the instant, and the stays that are open and equal.
        self._closed: tuple[int, set[Key]] | None = None
        self.last_late = last_late
        self.done = False
        self.done_at = NEVER
        # Whether to stop at the next checkpoint and be continued later, and whether it did.
        self.pausing = self.paused = False
        self.checkpoints: list[tuple[int, bytes]] = []

    @property
    def earliest(self) -> int:
        """The earliest ``entered_at`` of a row that may be replaced."""
        return min((at for _, at in self._open), default=self._after)

    def feed(
        self, fences: Fences, points: Sequence[Point], around: Surroundings, known: Mapping[int, bytes], first: int = 0
    ) -> bool:
        """Fold points. ``around`` numbers them from ``first``; ``known``: the stored checkpoints (instant -> state) in
        their time. True when done, or paused."""
        tracker = self.tracker
        near, passed = around
        for n, point in enumerate(points, first):
            if tracker.add(fences, point, near.get(n, ()), passed.get(n, ())):
                at, state = tracker.state.at, tracker.dump()
                self.checkpoints.append((at, state))
                if at >= self.last_late and known.get(at) == state:
                    self.done = True
                elif self.pausing:
                    self.paused = True
                if self.done or self.paused:
                    self._end()
                    return True
        return False

    def _end(self) -> None:
        """Stop at the last checkpoint, where the state is the stored one or will be stored: later rows stay."""
        state = self.tracker.state
        self.done_at = state.at
        self._closed = state.counted_to, {(fence, stay.entered_at) for fence, stay in state.stays.items()}

    def replaces(self, fence: bytes, entered_at: int) -> bool:
        """Whether a row with this identity belongs to what was folded again."""
        key = fence, entered_at
        if key not in self._open and entered_at <= self._after:
            return False
        if self._closed is None:
            return True
        until, still_open = self._closed
        return entered_at <= until and key not in still_open

    def rows(self) -> tuple[dict[Key, Visit], dict[Key, Crossing]]:
        """The visits and crossings, by their identity."""
        visits: dict[Key, Visit] = {}
        crossings: dict[Key, Crossing] = {}
        for _, row in self.tracker.told:
            key = row.fence, row.entered_at
            if not self.replaces(*key):
                continue
            if isinstance(row, Visit):
                visits[key] = row
            else:
                crossings[key] = row
        return visits, crossings
