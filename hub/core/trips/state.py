"""Trips and stops: definitions, thresholds, and the state of the fold over a driver's points.

A **stop** is staying within ``stop_radius`` for ``stop_duration``; a **trip** is movement between stops that goes on
for ``trip_duration`` or ``trip_distance`` and really leads away. A driver is in one of four phases (``PHASES``).
``Seeking`` holds the first points ever, or the first after a gap: nothing is known yet. ``Standing`` is a stop. A
driver outside the radius of its stop is ``Leaving``: it comes back, settles close by, or departs on a trip, which began
when it left. ``Moving`` is a trip, until the driver settles or a gap without data ends it. So noise around a stop, even
far out, is not a trip unless it lasts and leads away.

Each phase is a struct with exactly the fields that have a meaning in it; ``PHASES`` is the table of the changes.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from hub.core.geo.geodesy import UNKNOWN_ACCURACY, wrap
from hub.core.trips.odometer import Figures, Odometer

Point = tuple[int, float, float, float | None, float | None]
"""The part of a position used here: microseconds since 1970, latitude, longitude, speed (m/s), accuracy (m)."""


def rank(point: Point) -> tuple[int, float, float, float]:
    """The order of points: by time; of one instant the most exact first."""
    return point[0], point[4] or UNKNOWN_ACCURACY, point[1], point[2]


class TripRules(Struct, frozen=True, kw_only=True):
    """Thresholds. Seconds, metres, metres per second."""

    # Movement is a trip after this distance, or this long a time of moving.
    trip_distance: float = 500.0
    trip_duration: float = 300.0
    stop_duration: float = 300.0
    # Silence that ends a trip, unless the driver is still where it was.
    gap: float = 3_600.0
    # A parked phone indoors wanders 30-60 m; a block of houses is 80-150 m.
    stop_radius: float = 75.0
    # Being outside of the radius for less than this is noise, too: under a roof, a fix in a hundred is far off.
    excursion: float = 10.0
    # Distance from its stop that a driver must reach for a trip, and least distance between two stops. Twice the
    # radius: two circles of noise that touch are one stop.
    trip_extent: float = 150.0
    # A trip is announced when it is certain: after this time, or beyond this distance. Under a roof fixes are wrong by
    # hundreds of metres, for minutes; a driver that is back earlier was not away.
    certain_after: float = 300.0
    certain_extent: float = 1_000.0
    # Fixes from cell towers, not satellites, are ignored.
    max_accuracy: float = 200.0
    # 324 km/h. A fix that implies more, by more than `jump_noise`, is wrong.
    max_speed: float = 90.0
    jump_noise: float = 30.0
    # Out and back by more than `spike` metres with more than half a g: impossible for a car.
    spike: float = 50.0
    max_acceleration: float = 5.0
    # After a silence the departure is calculated back from the first new point at this speed, an average in towns.
    departure_speed: float = 8.0
    # Slower than this over a silence of `stop_duration` or more is standing (walking pace is 1.4).
    silent_speed: float = 1.0
    # Metres in two thirds of `stop_duration` that are creeping, if the way is straight: a jam of 0.25 m/s goes on.
    creep: float = 30.0
    # Interval at which the figures of an open trip are updated, in recorded time.
    refresh: float = 60.0
    # Points between two checkpoints: a late point or a restart folds at most these again first.
    checkpoint: int = 128


class Change(StrEnum):
    """The reasons for a change of phase."""

    SETTLED = "settled"  # within the radius for long enough
    LEFT = "left"  # a point outside the radius of the stop
    RETURNED = "returned"  # back within the radius of the stop that it was leaving
    DEPARTED = "departed"  # certainly on a trip: far enough away, after long enough a time or way
    GAP = "gap"  # no data for too long, and then elsewhere


class Trip(Struct, frozen=True, array_like=True, gc=False):
    """A trip. Instants and times in microseconds, metres, metres per second; ``path`` is an encoded polyline.

    While it is open (``ended_at`` is None) the figures are those at ``counted_to``; there is no end and no path yet.
    """

    started_at: int
    latitude: float
    longitude: float
    counted_to: int
    ended_at: int | None
    end_latitude: float | None
    end_longitude: float | None
    distance: float
    moving_time: int
    max_speed: float
    points: int
    path: str | None
    gap_distance: float


class Stop(Struct, frozen=True, array_like=True, gc=False):
    """A stop; open while ``ended_at`` is None. Microseconds, degrees."""

    started_at: int
    latitude: float
    longitude: float
    ended_at: int | None


class Window(Struct, array_like=True, gc=False):
    """The points since ``since`` that stayed within the radius of their centre: sums of offsets from the first."""

    since: int
    latitude: float
    longitude: float
    count: int = 1
    north: float = 0.0
    east: float = 0.0
    # When the driver was last within the radius of the centre, if it is not now.
    outside: int | None = None
    # A later point inside, and when the driver is next compared with it: does it stand, or creep on in a jam?
    mark: tuple[float, float] | None = None
    check: int = 0

    def add(self, latitude: float, longitude: float) -> None:
        self.count += 1
        self.north += latitude - self.latitude
        self.east += wrap(longitude - self.longitude)

    def centre(self) -> tuple[float, float]:
        return self.latitude + self.north / self.count, wrap(self.longitude + self.east / self.count)


class Halt(Struct, frozen=True, array_like=True, gc=False):
    """The stop that is open: its start and its place, which does not change after it settled."""

    since: int
    latitude: float
    longitude: float


class Seeking(Struct, array_like=True, gc=False, tag="seeking"):
    """Nothing is certain: ``trip`` may be a trip, ``window`` may be a stop."""

    trip: Odometer
    window: Window
    # Sums of the trip at the window's start, where the trip ends if the driver settles.
    at_window: Figures


class Standing(Struct, array_like=True, gc=False, tag="standing"):
    """A stop is open."""

    halt: Halt
    window: Window


class Leaving(Struct, array_like=True, gc=False, tag="leaving"):
    """A stop is open and the driver is outside of its radius: ``left`` is the window of the stop."""

    halt: Halt
    left: Window
    trip: Odometer
    window: Window
    at_window: Figures


class Moving(Struct, array_like=True, gc=False, tag="moving"):
    """A trip is open; ``shown`` is its row."""

    trip: Odometer
    window: Window
    at_window: Figures
    shown: Trip


Phase = Seeking | Standing | Leaving | Moving

PHASES: dict[type[Phase], dict[Change, type[Phase]]] = {
    Seeking: {
        Change.SETTLED: Standing,
        Change.DEPARTED: Moving,
        Change.GAP: Seeking,
    },
    Standing: {
        Change.LEFT: Leaving,
        Change.GAP: Seeking,
    },
    Leaving: {
        Change.RETURNED: Standing,
        Change.SETTLED: Standing,
        Change.DEPARTED: Moving,
        Change.GAP: Seeking,
    },
    Moving: {
        Change.SETTLED: Standing,
        Change.GAP: Seeking,
    },
}
"""The phase after each change. A missing key is an impossible change (``KeyError``: a bug in the tracker)."""


class Held(Struct, array_like=True, gc=False):
    """Points that are held back after a teleport: the first ones, the one where the newest teleport landed, and the one
    before ``State.pending``, which is the newest."""

    points: list[Point]
    landed: Point
    earlier: Point


class State(Struct, array_like=True, gc=False):
    """The whole state of the fold for a driver. Equal states and equal points make equal trips.

    ``seen`` is the last point seen, ``folded`` counts them since the last checkpoint. ``last`` is the last one that
    counted, ``earlier`` the one before it.
    ``pending`` is the one that waits for its successor, with its scale and the way from the one before. ``held`` are
    points between the two that are held back after a teleport (``hub.core.trips.evidence``).

    The state is stored. A release that changes it, or the fold, brings a migration step that empties
    ``trip_checkpoints``: then the next point of a driver makes all its trips again from the stored positions.
    """

    seen: Point = (-1 << 63, 0.0, 0.0, None, None)
    folded: int = 0
    earlier: Point | None = None
    last: Point | None = None
    pending: Point | None = None
    held: Held | None = None
    way: float = 0.0
    kx: float = 0.0
    ky: float = 0.0
    # None before the first point that counts.
    phase: Phase | None = None

    @property
    def at(self) -> int:
        """The instant of the last point seen."""
        return self.seen[0]

    def first_row(self) -> int:
        """The earliest ``started_at`` of a row that can still change: the open row, or a possible trip or stop."""
        match self.phase:
            case Standing(halt=halt) | Leaving(halt=halt):
                return halt.since
            case Seeking(trip=trip) | Moving(trip=trip):
                return trip.started_at
        return self.at if self.pending is None else self.pending[0]

    @property
    def shown(self) -> Trip | None:
        """The row of the open trip."""
        return self.phase.shown if isinstance(self.phase, Moving) else None

    def open_rows(self) -> list[Trip | Stop]:
        """The row of the trip or stop that is open."""
        match self.phase:
            case Moving(shown=shown):
                return [shown]
            case Standing(halt=halt) | Leaving(halt=halt):
                return [Stop(halt.since, halt.latitude, halt.longitude, None)]
        return []
