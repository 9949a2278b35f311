"""The fold that makes trips and stops out of one driver's points, in the order of ``recorded_at``.

The result is a function of the set of points: sorted points always make the same trips, so late points are handled
by folding again (``hub.core.trips.refold``). Of several points with one instant the most exact counts (``rank``): a
driver is at one place at a time. A point is judged when the next one is known: a spike (out and back) shows only then.
Points after a teleport are held back until it shows whether the driver returns (``hub.core.trips.evidence``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from hub.core.geo.geodesy import haversine, metres, scale
from hub.core.trips.evidence import (
    FAST,
    GAP_MICROSECONDS,
    HELD_POINTS,
    RESTING_FAST,
    hold,
    is_confirmed,
    is_gap,
    is_return,
    is_teleport,
    pace,
)
from hub.core.trips.odometer import Odometer
from hub.core.trips.phases import Travelling, Undecided, begin, new_window, open_window, trip_row
from hub.core.trips.state import (
    PHASES,
    Change,
    Halt,
    Leaving,
    Moving,
    Phase,
    Point,
    Seeking,
    Standing,
    State,
    Stop,
    Trip,
    TripRules,
    Window,
    rank,
)

P = TypeVar("P", Seeking, Standing, Leaving, Moving)

STRAIGHT = 0.9
"""Share of two parts of a way in its chord, from which on the way is straight: 26 degrees of turn at most."""

NEAR_STRAIGHT = 10.0
"""Metres that noise may add to the parts of a straight way."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State)


class Tracker:
    """``add`` points in the order of time and collect ``rows``; a row replaces an earlier one with its start."""

    __slots__ = ("rows", "rules", "state")

    def __init__(self, rules: TripRules, state: bytes | None = None) -> None:
        """``state`` is the result of ``dump``, None for a driver without points."""
        self.rules = rules
        self.state = State() if state is None else _decoder.decode(state)
        self.rows: list[Trip | Stop] = []

    def dump(self) -> bytes:
        """The state, from which a later tracker can continue."""
        return _encoder.encode(self.state)

    def follows(self, point: Point) -> bool:
        """Whether ``add`` can take this point: newer than all before, or at the last instant and not replacing it.

        If not it is late, and the points since a checkpoint before it have to be folded again.
        """
        state = self.state
        return point[0] > state.at or (point[0] == state.at and rank(point) >= rank(state.seen))

    def add(self, point: Point) -> bool:
        """Take in the next point. True when the state after it is a checkpoint, worth keeping.

        Raises ``ValueError`` for a late point.
        """
        at, latitude, longitude, _, accuracy = point
        state, rules = self.state, self.rules
        if at <= state.seen[0]:
            if not self.follows(point):
                raise ValueError("a late point")
            return False
        state.seen = point
        folded = state.folded = state.folded + 1
        anchor = False
        # 0, 0 is what a device without a fix reports, also through the API, which accepts every place.
        if (accuracy is None or accuracy <= rules.max_accuracy) and (latitude or longitude):
            kx, ky = scale(latitude)
            before = state.pending
            if before is not None:
                way = metres(before[1], before[2], latitude, longitude, kx, ky)
                if state.way > rules.spike or state.held:
                    anchor = self._doubt(point, way, kx, ky)
                else:
                    anchor = self._count(before)
                    state.way = way
            state.pending, state.kx, state.ky = point, kx, ky
        if anchor or folded >= rules.checkpoint:
            state.folded = 0
            return True
        return False

    def _doubt(self, point: Point, way: float, kx: float, ky: float) -> bool:
        """Count the pending point, hold it back or drop it; ``way`` is that from it to the next ``point``."""
        state = self.state
        last, before = state.last, state.pending
        if last is None or before is None:
            raise ValueError("a way has two ends")
        anchor = False
        if held := state.held:
            if is_return(state.earlier, last, held.points[0], before, point):
                return self._drop(last, point, kx, ky)
            outnumbered = isinstance(state.phase, Seeking) and len(held.points) > state.phase.trip.points
            if not is_confirmed(held, before, point, way) and not outnumbered:
                held.points.append(before)
                if len(held.points) > HELD_POINTS:
                    del held.points[1:-1:2]
                state.way = way
                return False
            last, anchor = self._release(last, held.points, outnumbered)
        there, took, took_back = state.way, (before[0] - last[0]) * 1e-6, (point[0] - before[0]) * 1e-6
        rules = self.rules
        known = before[3] is not None or before[4] is not None or last[4] is not None
        if there > took * (RESTING_FAST if known else FAST) and is_teleport(last, before, there, state.earlier):
            if is_return(state.earlier, last, before, before, point):
                return self._drop(last, point, kx, ky) or anchor
            held = hold(last, before)
            if not is_confirmed(held, before, point, way):
                state.held, state.way = held, way
                return anchor
        elif (
            way > rules.spike
            and there / took + way / took_back > rules.max_acceleration * (took + took_back) / 2
            and self._is_spike(last, before, point, way, kx, ky)
        ):
            return self._drop(last, point, kx, ky) or anchor
        anchor = self._count(before) or anchor
        state.way = way
        return anchor

    def _drop(self, last: Point, point: Point, kx: float, ky: float) -> bool:
        """The points after the last one that counted, up to the pending one, are wrong."""
        self.state.held = None
        self.state.way = metres(last[1], last[2], point[1], point[2], kx, ky)
        return False

    def _release(self, last: Point, points: list[Point], outnumbered: bool) -> tuple[Point, bool]:
        """Count the points that were held back, and return the last one, and whether the state is a checkpoint. If they
        outnumber the few points before, those were wrong."""
        state = self.state
        state.held = None
        kx, ky, way = state.kx, state.ky, state.way
        anchor = False
        if outnumbered:
            last = state.last = points.pop(0)
            state.earlier = None
            state.phase = begin(last, self.rules)
        for point in points:
            state.kx, state.ky = scale(point[1])
            state.way = metres(last[1], last[2], point[1], point[2], state.kx, state.ky)
            anchor = self._count(point) or anchor
            last = point
        state.kx, state.ky, state.way = kx, ky, way
        return last, anchor

    def _is_spike(self, last: Point, spike: Point, point: Point, back: float, kx: float, ky: float) -> bool:
        """Whether the pending point is out and back with an impossible acceleration."""
        there = self.state.way
        straight = metres(last[1], last[2], point[1], point[2], kx, ky)
        if straight > 0.7 * (there + back):  # at most a right-angled corner, or gone for good
            return False
        t1, t2 = (spike[0] - last[0]) * 1e-6, (point[0] - spike[0]) * 1e-6
        # The mean velocities of two neighbouring intervals differ at most by acceleration times their mean length;
        # how much they differ follows from the three sides of the triangle.
        both = (straight * straight - there * there - back * back) / (t1 * t2)
        change = (there / t1) ** 2 + (back / t2) ** 2 - both
        # If the way there is nothing unusual, it is the newer point that is wrong.
        return change > (self.rules.max_acceleration * (t1 + t2) / 2) ** 2 and there > 1.5 * t1 * pace(
            self.state.earlier, last
        )

    def _count(self, point: Point) -> bool:
        """Add the pending point, which is not a spike. True when earlier points cannot matter any more."""
        _, latitude, longitude, _, accuracy = point
        state, rules = self.state, self.rules
        last, phase = state.last, state.phase
        earlier, state.earlier, state.last = state.earlier, last, point
        if last is None or phase is None:
            state.phase = begin(point, rules)
            return False
        window, kx, ky, noise = phase.window, state.kx, state.ky, accuracy or 0.0
        count = window.count
        north, east = window.latitude + window.north / count, window.longitude + window.east / count
        inside = metres(north, east, latitude, longitude, kx, ky) - noise <= rules.stop_radius
        if inside:
            window.add(latitude, longitude)
            window.outside = None
        elif window.outside is None:
            window.outside = last[0]
        if not inside and point[0] - last[0] >= GAP_MICROSECONDS and is_gap(earlier, last, point, state.way, rules.gap):
            return self._bridge(phase, last, point)
        return _HANDLERS[type(phase)](self, phase, last, point, inside)

    def _bridge(self, phase: Phase, last: Point, point: Point) -> bool:
        """A silence with a way that may be that of a ferry: it is part of the trip, but not of its distance."""
        if isinstance(phase, Standing):
            phase = self._step_out(phase, last, last[0], point)
        phase.trip.jump(point[0], point[1], point[2], self.state.way)
        open_window(phase, point, self.rules)
        if not isinstance(phase, Moving):
            self._depart(phase, point)
        return False

    def _standing(self, phase: Standing, last: Point, point: Point, inside: bool) -> bool:
        if inside:
            return False
        if (point[0] - last[0]) * 1e-6 >= self.rules.gap:
            return self._lose(phase, last, point)
        self._leave(phase, last, point)
        return False

    def _leaving(self, phase: Leaving, last: Point, point: Point, inside: bool) -> bool:
        return not self._returned(phase, point) and self._travelling(phase, last, point, inside)

    def _travelling(self, phase: Travelling, last: Point, point: Point, inside: bool) -> bool:
        """A point of a trip or of a possible trip."""
        at, latitude, longitude, speed, accuracy = point
        state, rules, window, noise = self.state, self.rules, phase.window, accuracy or 0.0
        silence = (at - last[0]) * 1e-6
        if silence >= rules.stop_duration and not inside:
            if silence >= rules.gap:
                return self._lose(phase, last, point)
            stood = silence - state.way / rules.departure_speed
            if state.way < silence * rules.silent_speed and stood >= rules.stop_duration:
                self._leave(self._settle_at(phase, last), last, point)
                return True
        if state.way > silence * rules.max_speed + rules.jump_noise + noise + (last[4] or 0.0):
            self._jump(phase, point)
            return False
        phase.trip.step(at, latitude, longitude, speed, noise, state.way, state.kx, state.ky)
        if window.outside is not None and at - window.outside >= rules.excursion * 1e6:
            open_window(phase, point, rules)
            inside = False
        if not isinstance(phase, Moving):
            phase = self._depart(phase, point) or phase
        elif at - phase.shown.counted_to >= rules.refresh * 1e6:
            phase.shown = self._show(phase.trip, point)
        if inside and at >= window.check and self._stands(window, point):
            self._settle(phase)
            return True
        return False

    def _stands(self, window: Window, point: Point) -> bool:
        """Whether the window has lasted, and the driver does not creep on in it as in a jam."""
        at, latitude, longitude, _, _ = point
        state, duration = self.state, self.rules.stop_duration * 1e6
        lasted = at - window.since >= duration
        if window.mark is None:
            if not lasted:
                window.mark, window.check = (latitude, longitude), window.since + int(duration)
            return lasted
        if at - window.since >= 2 * duration:
            return True
        kx, ky = state.kx, state.ky
        lately = metres(*window.mark, latitude, longitude, kx, ky)
        if lately < self.rules.creep:
            return True
        first = window.latitude, window.longitude
        before, whole = metres(*first, *window.mark, kx, ky), metres(*first, latitude, longitude, kx, ky)
        return whole < STRAIGHT * (before + lately) - NEAR_STRAIGHT

    def _turn(self, before: Phase, change: Change, after: P) -> P:
        """Change the phase as the table allows."""
        if PHASES[type(before)][change] is not type(after):
            raise ValueError(f"{change} does not lead from {type(before).__name__} to {type(after).__name__}")
        self.state.phase = after
        return after

    def _leave(self, phase: Standing, last: Point, point: Point) -> None:
        """A point outside of the stop, ``way`` metres from the last one inside: a trip may have begun."""
        # A tracker that sleeps while parked wakes up while driving: it departed some time before that.
        departed = max(last[0], point[0] - 1 - int(self.state.way / self.rules.departure_speed * 1e6))
        leaving = self._step_out(phase, last, departed, point)
        at, latitude, longitude, speed, accuracy = point
        state, rules, noise = self.state, self.rules, accuracy or 0.0
        if state.way > (at - last[0]) * 1e-6 * rules.max_speed + rules.jump_noise + noise + (last[4] or 0.0):
            self._jump(leaving, point)
            return
        leaving.trip.step(at, latitude, longitude, speed, noise, state.way, state.kx, state.ky)
        open_window(leaving, point, self.rules)
        self._depart(leaving, point)

    def _step_out(self, phase: Standing, last: Point, departed: int, point: Point) -> Leaving:
        left = phase.window
        left.outside = None
        latitude, longitude = left.centre()
        trip = Odometer.start(departed, latitude, longitude, 0)
        trip.walked = haversine(latitude, longitude, last[1], last[2])
        window = new_window(point, self.rules)
        return self._turn(phase, Change.LEFT, Leaving(phase.halt, left, trip, window, trip.read()))

    def _jump(self, phase: Travelling, point: Point) -> None:
        """Continue at a point that is too far from the last one for any speed."""
        at, latitude, longitude, _, _ = point
        way = self.state.way
        if isinstance(phase, Moving):
            phase.trip.jump(at, latitude, longitude, way)
        elif isinstance(phase, Seeking):  # one of the two points is wrong, and the newer one may be right
            phase.trip = Odometer.start(at, latitude, longitude, 1)
        else:
            self._relocate(phase, point)
        open_window(phase, point, self.rules)
        if isinstance(phase, Leaving):
            self._depart(phase, point)

    def _relocate(self, phase: Leaving, point: Point) -> None:
        """The driver of a stop is elsewhere all at once, and remains there: the app had hung, and the last fixes at the
        stop are stale. It drove straight, at the speed of departures. If there was no time for that, the way is a
        gap."""
        at, latitude, longitude, _, _ = point
        halt, way = phase.halt, self.state.way
        departed = at - int(way / self.rules.departure_speed * 1e6)
        origin = phase.left.centre()
        if departed > halt.since:
            phase.trip = Odometer.start(departed, *origin, phase.trip.points)
            phase.trip.jump(at, latitude, longitude, 0.0)
            phase.trip.distance = way
        else:
            phase.trip.jump(at, latitude, longitude, way)

    def _returned(self, phase: Leaving, point: Point) -> bool:
        """Whether the driver is back within the radius of the stop: then nothing has happened."""
        _, latitude, longitude, _, accuracy = point
        state, left = self.state, phase.left
        north, east = left.centre()
        if metres(north, east, latitude, longitude, state.kx, state.ky) - (accuracy or 0.0) > self.rules.stop_radius:
            return False
        left.add(latitude, longitude)
        self._turn(phase, Change.RETURNED, Standing(phase.halt, left))
        return True

    def _settle_at(self, phase: Travelling, last: Point) -> Standing:
        """The driver was standing at a point after which it was silent."""
        open_window(phase, last, self.rules)
        if not isinstance(phase, Moving):
            phase = self._depart(phase, last, certain=True) or phase
        return self._settle(phase)

    def _settle(self, phase: Travelling) -> Standing:
        """The window has lasted: a trip ends where it began, and a stop begins, unless it is still the same stop."""
        window = phase.window
        latitude, longitude = window.centre()
        if isinstance(phase, Moving):
            self._end(phase, window.since, latitude, longitude)
        elif isinstance(phase, Leaving):
            halt = phase.halt
            if haversine(halt.latitude, halt.longitude, latitude, longitude) < self.rules.trip_extent:
                return self._turn(phase, Change.SETTLED, Standing(halt, window))
            self._end_stop(halt, phase.trip.started_at)
        self.rows.append(Stop(window.since, latitude, longitude, None))
        return self._turn(phase, Change.SETTLED, Standing(Halt(window.since, latitude, longitude), window))

    def _depart(self, phase: Undecided, point: Point, certain: bool = False) -> Moving | None:
        """Begin a trip, if it was one even if it ended with the window, and certainly is."""
        rules, trip, figures, window = self.rules, phase.trip, phase.at_window, phase.window
        if figures.distance + figures.gap < rules.trip_distance and figures.moving < rules.trip_duration * 1e6:
            return None
        away = haversine(*trip.path.vertices[0], window.latitude, window.longitude)
        certain = certain or point[0] - trip.started_at >= rules.certain_after * 1e6 or away >= rules.certain_extent
        if away < rules.trip_extent or not certain:
            return None
        if isinstance(phase, Leaving):
            self._end_stop(phase.halt, trip.started_at)
        return self._turn(phase, Change.DEPARTED, Moving(trip, window, figures, self._show(trip, point)))

    def _lose(self, phase: Phase, last: Point, point: Point) -> bool:
        """No data for too long, and then elsewhere: the open trip or stop ended with the last point."""
        if isinstance(phase, Standing):
            self._end_stop(phase.halt, last[0])
        else:
            open_window(phase, last, self.rules)
            if not isinstance(phase, Moving):
                phase = self._depart(phase, last, certain=True) or phase
            if isinstance(phase, Moving):
                self._end(phase, last[0], last[1], last[2])
            elif isinstance(phase, Leaving):
                self._end_stop(phase.halt, phase.trip.started_at)
        self._turn(phase, Change.GAP, begin(point, self.rules))
        return True

    def _end_stop(self, halt: Halt, at: int) -> None:
        self.rows.append(Stop(halt.since, halt.latitude, halt.longitude, at))

    def _show(self, trip: Odometer, point: Point) -> Trip:
        """Update the row of the open trip."""
        row = trip_row(trip, trip.read(), point[0], point[1], point[2], ended=False)
        self.rows.append(row)
        return row

    def _end(self, phase: Moving, at: int, latitude: float, longitude: float) -> None:
        """The trip ended at a place, with the sums that it had at the beginning of the window."""
        self.rows.append(trip_row(phase.trip, phase.at_window, at, latitude, longitude, ended=True))


_HANDLERS: dict[type[Phase], Callable[[Tracker, Any, Point, Point, bool], bool]] = {
    Seeking: Tracker._travelling,
    Standing: Tracker._standing,
    Leaving: Tracker._leaving,
    Moving: Tracker._travelling,
}
"""Phase -> the method that adds a point."""
