"""The fold that makes trips and stops out of one driver's points, in the order of ``recorded_at``.

The result is a function of the set of points: whoever has them sorted gets the same trips, so late points are handled
by folding again (``hub.core.refold``). Of several points with one instant the smallest (latitude, longitude) counts: a
driver is at one place at a time. A point is judged when the next one is known: a spike (out and back) shows only then.
"""

from __future__ import annotations

import msgspec

from hub.core.geo.geodesy import haversine, metres, scale
from hub.core.trips.odometer import Figures, Odometer, finish
from hub.core.trips.state import PHASES, Change, Halt, Phase, Point, State, Stop, Trip, TripRules, Window

SEEKING, STANDING, LEAVING, MOVING = Phase

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State)


class Tracker:
    """``add`` points in the order of time and collect ``rows``; a row replaces an earlier one with its start."""

    __slots__ = ("rows", "rules", "state")

    def __init__(self, rules: TripRules, state: bytes | None = None) -> None:
        """``state`` is what ``dump`` gave, None for a driver without points."""
        self.rules = rules
        self.state = State() if state is None else _decoder.decode(state)
        self.rows: list[Trip | Stop] = []

    def dump(self) -> bytes:
        """The state, to go on from."""
        return _encoder.encode(self.state)

    def follows(self, point: Point) -> bool:
        """Whether ``add`` can take this point: newer than all before, or of the last instant and not what counts.

        If not it is late, and the points since a checkpoint before it have to be folded again.
        """
        state = self.state
        return point[0] > state.at or (
            point[0] == state.at and (point[1], point[2]) >= (state.latitude, state.longitude)
        )

    def add(self, point: Point) -> bool:
        """Take in the next point. True when the state after it is a checkpoint, worth keeping.

        Raises ``ValueError`` for a late point.
        """
        at, latitude, longitude, _, accuracy = point
        state, rules = self.state, self.rules
        if at <= state.at:
            if not self.follows(point):
                raise ValueError("a late point")
            return False
        state.at, state.latitude, state.longitude = at, latitude, longitude
        folded = state.folded = state.folded + 1
        anchor = False
        if accuracy is None or accuracy <= rules.max_accuracy:
            kx, ky = scale(latitude)
            before = state.pending
            if before is not None:
                way = metres(before[1], before[2], latitude, longitude, kx, ky)
                if way > rules.spike and state.way > rules.spike and self._is_spike(before, point, way, kx, ky):
                    assert state.last is not None
                    way = metres(state.last[1], state.last[2], latitude, longitude, kx, ky)
                else:
                    anchor = self._count(before)
                state.way = way
            state.pending, state.kx, state.ky = point, kx, ky
        if anchor or folded >= rules.checkpoint:
            state.folded = 0
            return True
        return False

    def _is_spike(self, spike: Point, point: Point, back: float, kx: float, ky: float) -> bool:
        """Whether the pending point is out and back in a way that physics forbids."""
        last, there = self.state.last, self.state.way
        if last is None:
            return False
        straight = metres(last[1], last[2], point[1], point[2], kx, ky)
        if straight > 0.7 * (there + back):  # at most a right-angled corner, or gone for good
            return False
        t1, t2 = (spike[0] - last[0]) * 1e-6, (point[0] - spike[0]) * 1e-6
        # The mean velocities of two neighbouring intervals differ at most by acceleration times their mean length;
        # how much they differ follows from the three sides of the triangle.
        both = (straight * straight - there * there - back * back) / (t1 * t2)
        change = (there / t1) ** 2 + (back / t2) ** 2 - both
        return change > (self.rules.max_acceleration * (t1 + t2) / 2) ** 2

    def _count(self, point: Point) -> bool:
        """Take in the pending point, which is no spike. True when what came before it matters no more."""
        at, latitude, longitude, speed, accuracy = point
        state, rules = self.state, self.rules
        last, window, kx, ky = state.last, state.window, state.kx, state.ky
        state.last = point
        if last is None or window is None:
            self._seek(point)
            return False
        phase, way, noise, silence = state.phase, state.way, accuracy or 0.0, (at - last[0]) * 1e-6
        count = window.count
        north, east = window.latitude + window.north / count, window.longitude + window.east / count
        inside = metres(north, east, latitude, longitude, kx, ky) - noise <= rules.stop_radius
        if inside:
            window.add(latitude, longitude)
            state.outside = None
            if phase is STANDING:
                return False
        elif state.outside is None:
            state.outside = last[0]
        if phase is LEAVING and self._returned(latitude, longitude, noise, kx, ky):
            return False
        settled = False
        if silence >= rules.stop_duration and not inside:
            if silence >= rules.gap:
                self._lose(last)
                self._seek(point)
                return True
            stood = silence - way / rules.departure_speed
            if phase is not STANDING and way < silence * rules.silent_speed and stood >= rules.stop_duration:
                self._settle_at(last)
                phase, settled = STANDING, True
        left = phase is STANDING
        if left:
            phase = self._leave(last, at, way)
        trip = state.trip
        assert trip is not None
        if way > silence * rules.max_speed + rules.jump_noise + noise + (last[4] or 0.0):
            if phase is MOVING:
                trip.jump(at, latitude, longitude)
            else:  # one of the two is wrong, and the newer one may be right
                state.trip = Odometer.start(at, latitude, longitude, 1)
            self._open_window(at, latitude, longitude)
            return settled
        trip.step(at, latitude, longitude, speed, noise, way, kx, ky)
        if left or (state.outside is not None and at - state.outside >= rules.excursion * 1e6):
            self._open_window(at, latitude, longitude)
            inside = False
        if phase is not MOVING:
            self._depart(at, latitude, longitude)
        elif state.shown is None or at - state.shown.counted_to >= rules.refresh * 1e6:
            self._show(at, latitude, longitude)
        if inside and at - window.since >= rules.stop_duration * 1e6:
            self._settle()
            return True
        return settled

    def _turn(self, change: Change) -> Phase:
        self.state.phase = PHASES[self.state.phase][change]
        return self.state.phase

    def _seek(self, point: Point) -> None:
        """Begin with a point before which nothing is known."""
        at, latitude, longitude, _, _ = point
        self.state.trip = Odometer.start(at, latitude, longitude, 1)
        self._open_window(at, latitude, longitude)

    def _open_window(self, at: int, latitude: float, longitude: float) -> None:
        """Perhaps the driver stays here; then its trip ended here, with the sums of now."""
        state = self.state
        assert state.trip is not None
        state.trip.path.bound()
        state.window, state.outside, state.at_window = Window(at, latitude, longitude), None, state.trip.read()

    def _leave(self, last: Point, at: int, way: float) -> Phase:
        """A point outside of the stop, ``way`` metres from the last one inside: a trip may have begun."""
        state = self.state
        assert state.window is not None and state.halt is not None
        # A tracker that sleeps while parked wakes up on its way: it departed some time before that.
        departed = max(last[0], at - 1 - int(way / self.rules.departure_speed * 1e6))
        latitude, longitude = state.window.centre()
        state.halt.left = state.window
        state.trip = Odometer.start(departed, latitude, longitude, 0)
        state.trip.walked = haversine(latitude, longitude, last[1], last[2])
        return self._turn(Change.LEFT)

    def _returned(self, latitude: float, longitude: float, noise: float, kx: float, ky: float) -> bool:
        """Whether the driver is back where it was leaving from: then nothing has happened."""
        state = self.state
        assert state.halt is not None and state.halt.left is not None
        left = state.halt.left
        north, east = left.centre()
        if metres(north, east, latitude, longitude, kx, ky) - noise > self.rules.stop_radius:
            return False
        left.add(latitude, longitude)
        state.window, state.outside, state.halt.left, state.trip, state.at_window = left, None, None, None, None
        self._turn(Change.RETURNED)
        return True

    def _settle_at(self, last: Point) -> None:
        """The driver stood at a point after which it was silent."""
        self._open_window(last[0], last[1], last[2])
        if self.state.phase is not MOVING:
            self._depart(last[0], last[1], last[2], certain=True)
        self._settle()

    def _settle(self) -> None:
        """The window has lasted: a trip ends where it began, and a stop begins, unless it is still the same stop."""
        state, window, halt, trip = self.state, self.state.window, self.state.halt, self.state.trip
        assert window is not None and trip is not None
        latitude, longitude = window.centre()
        if state.phase is MOVING:
            self._end(window.since, latitude, longitude)
        if halt is not None:
            if haversine(halt.latitude, halt.longitude, latitude, longitude) < self.rules.trip_extent:
                halt.left = None
            else:
                self._end_stop(halt, trip.started_at)
                halt = None
        if halt is None:
            state.halt = Halt(window.since, latitude, longitude)
            self.rows += state.open_rows()
        state.trip = state.at_window = None
        self._turn(Change.SETTLED)

    def _depart(self, at: int, latitude: float, longitude: float, certain: bool = False) -> None:
        """Begin a trip, if it was one even if it ended with the window, and certainly is."""
        state, rules = self.state, self.rules
        figures, window, trip, halt = state.at_window, state.window, state.trip, state.halt
        assert figures is not None and window is not None and trip is not None
        if figures.distance < rules.trip_distance and figures.moving < rules.trip_duration * 1e6:
            return
        away = haversine(*trip.path.vertices[0], window.latitude, window.longitude)
        certain = certain or at - trip.started_at >= rules.certain_after * 1e6 or away >= rules.certain_extent
        if away < rules.trip_extent or not certain:
            return
        if halt is not None:
            self._end_stop(halt, trip.started_at)
        self._show(at, latitude, longitude)
        self._turn(Change.DEPARTED)

    def _lose(self, last: Point) -> None:
        """No data for too long, and then elsewhere: what was open ended with the last point."""
        state = self.state
        if state.phase is not STANDING:
            self._open_window(last[0], last[1], last[2])
        if state.phase in (SEEKING, LEAVING):
            self._depart(last[0], last[1], last[2], certain=True)
        if state.phase is MOVING:
            self._end(last[0], last[1], last[2])
        elif state.halt is not None:
            self._end_stop(state.halt, last[0] if state.trip is None else state.trip.started_at)
        self._turn(Change.GAP)

    def _end_stop(self, halt: Halt, at: int) -> None:
        self.rows.append(Stop(halt.since, halt.latitude, halt.longitude, at))
        self.state.halt = None

    def _show(self, at: int, latitude: float, longitude: float) -> None:
        """Bring the row of the open trip up to date."""
        assert self.state.trip is not None
        self.state.shown = self._row(self.state.trip.read(), at, latitude, longitude, ended=False)
        self.rows.append(self.state.shown)

    def _end(self, at: int, latitude: float, longitude: float) -> None:
        """The trip ended at a place, with the sums that it had at the beginning of the window."""
        assert self.state.at_window is not None
        self.rows.append(self._row(self.state.at_window, at, latitude, longitude, ended=True))
        self.state.shown = None

    def _row(self, figures: Figures, at: int, latitude: float, longitude: float, ended: bool) -> Trip:
        trip = self.state.trip
        assert trip is not None
        distance, moving = finish(figures, at, latitude, longitude)
        origin = trip.path.vertices[0]
        return Trip(
            started_at=trip.started_at,
            latitude=origin[0],
            longitude=origin[1],
            counted_to=at,
            ended_at=at if ended else None,
            end_latitude=latitude if ended else None,
            end_longitude=longitude if ended else None,
            distance=distance,
            moving_time=moving,
            # Over a trip of a few points the average can exceed what was measured between them.
            max_speed=max(figures.max_speed, distance / (at - trip.started_at) * 1e6),
            points=figures.points,
            path=trip.path_to(figures, (latitude, longitude)) if ended else None,
        )
