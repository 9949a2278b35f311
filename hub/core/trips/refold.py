"""Folding again after late points.

Late points change nothing before them and, sooner or later, nothing after them. So the fold starts again from a
checkpoint before the first of them and runs over the stored points until it comes to a checkpoint after the last of
them whose state is the same as before. From there on everything would be the same: equal states and equal points make
equal rows. The first stop or gap after the late points is, as a rule, such a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hub.core.trips.state import Point, Stop, Trip, TripRules
from hub.core.trips.tracker import Tracker

NEVER = 1 << 62
"""Later than any instant, in microseconds."""


class Refold:
    """``feed`` it the stored points after ``start`` in the order of time, until it is done or none is left.

    Then stored rows that began from ``first`` (included) to ``until`` (excluded) are to be replaced by ``rows()``, and
    checkpoints after ``start`` up to ``done_at`` by ``checkpoints``. If it is not ``done`` when no point is left,
    ``tracker`` is the driver's state now.
    """

    __slots__ = ("checkpoints", "done", "done_at", "first", "last_late", "tracker", "until")

    def __init__(self, rules: TripRules, start: bytes | None, last_late: int) -> None:
        """``start``: the state at a checkpoint before the first late point (None: from the driver's first point on)."""
        self.tracker = Tracker(rules, start)
        # Without a checkpoint it is the first stored point: trips from before it, whose positions are no longer stored,
        # stay.
        # The same after an empty checkpoint, from which an erased driver continues.
        first = self.tracker.state.first_row()
        self.first = NEVER if first < -NEVER else first
        self.until = NEVER
        self.last_late = last_late
        self.done = False
        self.done_at = NEVER
        self.checkpoints: list[tuple[int, bytes]] = []
        if start is not None:
            # Rows of the trip or stop that was open at the start, in case nothing changes them again.
            self.tracker.rows += self.tracker.state.open_rows()

    def feed(self, points: Iterable[Point], known: Mapping[int, bytes]) -> bool:
        """Fold points. ``known``: the stored checkpoints (instant -> state) in their time. True when done."""
        tracker = self.tracker
        for point in points:
            if self.first == NEVER:
                self.first = point[0]
            if tracker.add(point):
                at, state = tracker.state.at, tracker.dump()
                self.checkpoints.append((at, state))
                if at >= self.last_late and known.get(at) == state:
                    self.until, self.done_at, self.done = tracker.state.first_row(), at, True
                    return True
        return False

    def rows(self) -> tuple[dict[int, Trip], dict[int, Stop]]:
        """The trips and stops that begin from ``first`` to before ``until``, by their start."""
        trips: dict[int, Trip] = {}
        stops: dict[int, Stop] = {}
        for row in self.tracker.rows:
            if row.started_at < self.until:
                if isinstance(row, Trip):
                    trips[row.started_at] = row
                else:
                    stops[row.started_at] = row
        return trips, stops
