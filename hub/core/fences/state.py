"""Visits and crossings: definitions, and the state of the fold over a driver's points.

A **visit** is a driver's time inside a fence. A **crossing** is a pass through a fence without a visit. Both are facts:
a function of the driver's points and the versions of the fences, in the order of ``recorded_at``.

For each fence a driver is in one of four phases (``PHASES``); it has no ``Stay`` while it is ``OUTSIDE``. At the border
of a fence noise looks like coming and going. So a driver that was found inside is ``ENTERING`` until that is certain,
and one that was found outside is ``LEAVING`` until it has been away for long enough; then the visit begins and ends at
the moments when the driver passed the border.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct

from hub.core.fences.shapes import Place
from hub.core.trips.state import Point


class Phase(IntEnum):
    """Of a driver, for one fence."""

    OUTSIDE = 0
    ENTERING = 1
    INSIDE = 2
    LEAVING = 3


class Change(StrEnum):
    """The reasons for a change of phase."""

    FOUND = "found"  # a point inside
    ENTERED = "entered"  # certainly inside: the visit begins
    PASSED = "passed"  # outside again before that was certain
    LEFT = "left"  # a point outside, beyond the margin
    RETURNED = "returned"  # back before it was away for long enough
    EXITED = "exited"  # away for long enough, or after a silence: the visit has ended
    CHANGED_IN = "changed_in"  # the fence changed, and the driver is inside now
    CHANGED_OUT = "changed_out"  # the fence changed, and the driver is outside now


PHASES: dict[Phase, dict[Change, Phase]] = {
    Phase.OUTSIDE: {
        Change.FOUND: Phase.ENTERING,
        Change.CHANGED_IN: Phase.INSIDE,
    },
    Phase.ENTERING: {
        Change.ENTERED: Phase.INSIDE,
        Change.PASSED: Phase.OUTSIDE,
        Change.CHANGED_OUT: Phase.OUTSIDE,
    },
    Phase.INSIDE: {
        Change.LEFT: Phase.LEAVING,
        Change.EXITED: Phase.OUTSIDE,
        Change.CHANGED_OUT: Phase.OUTSIDE,
    },
    Phase.LEAVING: {
        Change.RETURNED: Phase.INSIDE,
        Change.EXITED: Phase.OUTSIDE,
        Change.CHANGED_IN: Phase.INSIDE,
        Change.CHANGED_OUT: Phase.OUTSIDE,
    },
}
"""The phase after each change. A missing key is an impossible change (``KeyError``: a bug in the tracker)."""


class Cause(StrEnum):
    """Why a visit began, or ended."""

    CROSSED = "crossed"  # the driver passed the border
    FIRST_SEEN = "first_seen"  # the driver's first point is inside
    FENCE_CHANGED = "fence_changed"  # the fence, or what it watches, changed while the driver stood still


CERTAIN_AFTER = 30.0
"""Seconds inside after which a visit begins although no fix was far enough inside."""

PASSAGE = 50.0
"""Metres: the least way between the points before and after a crossing; four times the accuracy if that is more."""

STRIDE = 75.0
"""Metres in which the distance of a visit is counted: the noise of a parked phone adds nothing (the radius of a
stop)."""

FASTEST = 70.0
"""Metres per second, 252 km/h: a faster way between two points is an error of the receiver, not a straight way."""

REFRESH = 60_000_000
"""Microseconds of recorded time after which the figures of an open visit are written again."""


class Visit(Struct, frozen=True, array_like=True, gc=False):
    """A visit; open while ``exited_at`` is None. Microseconds, seconds, metres, metres per second.

    ``entered_slack``: the driver entered up to so many seconds before ``entered_at``, in a silence; ``exited_slack``:
    it left up to so many seconds after ``exited_at``. ``fence`` is the 16 bytes of its id.
    """

    fence: bytes
    entered_at: int
    exited_at: int | None
    last_inside_at: int
    dwelled_at: int | None
    entered_slack: float
    exited_slack: float
    cause: Cause
    exit_cause: Cause | None
    points: int
    distance: float
    max_speed: float | None
    version: int


class Crossing(Struct, frozen=True, array_like=True, gc=False):
    """A pass through a fence without a visit. Microseconds."""

    fence: bytes
    entered_at: int
    exited_at: int
    version: int


class Kind(StrEnum):
    """What the tracker tells of a row."""

    ENTERED = "entered"
    DWELLED = "dwelled"
    EXITED = "exited"
    CROSSED = "crossed"
    SHOWN = "shown"  # only the figures of an open visit are new


class Stay(Struct, array_like=True, gc=False):
    """A driver's time near one fence, not plainly outside of it.

    ``entered_at``: when it passed the border. ``out_at``: the same on its way out, while it is leaving. ``edge_at``:
    when it passed the border to where it counts as inside only by the margin; None within the border. ``deep``: a point
    was far enough inside. ``before``: the place of the point before it was found inside. ``anchor``: where the last
    stride ended. ``shown_at``: ``last_inside`` of the last row that was written.
    """

    phase: Phase
    version: int
    entered_at: int
    last_inside: int
    anchor: Place
    before: Place | None = None
    slack: float = 0.0
    cause: Cause = Cause.CROSSED
    edge_at: int | None = None
    deep: bool = False
    out_at: int = 0
    dwelled_at: int | None = None
    points: int = 1
    distance: float = 0.0
    max_speed: float | None = None
    shown_at: int = 0

    def row(self, fence: bytes, exited_at: int | None = None, slack: float = 0.0, cause: Cause | None = None) -> Visit:
        return Visit(
            fence,
            self.entered_at,
            exited_at,
            self.last_inside if exited_at is None else min(self.last_inside, exited_at),
            self.dwelled_at,
            self.slack,
            slack,
            self.cause,
            cause,
            self.points,
            self.distance,
            self.max_speed,
            self.version,
        )


class State(Struct, array_like=True, gc=False):
    """The whole state of the fold for a driver. Equal states, equal points and equal fences make equal rows.

    ``seen`` is the last point seen, ``last`` the last one that counted. ``stays`` by fence, in the order of their ids.
    """

    seen: Point = (-1 << 63, 0.0, 0.0, None, None)
    last: Point | None = None
    stays: dict[bytes, Stay] = {}

    @property
    def at(self) -> int:
        """The instant of the last point seen."""
        return self.seen[0]

    @property
    def counted_to(self) -> int:
        """The instant of the last point that counted."""
        return self.last[0] if self.last is not None else -1 << 63
