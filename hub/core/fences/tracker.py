"""The fold that makes visits and crossings out of one driver's points, in the order of ``recorded_at``.

The result is a function of the set of points and of the fences: late points are handled by folding again
(``hub.core.fences.refold``). What is near a point is calculated before, for many points at once (``index.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from hub.core.fences.anchors import is_anchor
from hub.core.fences.index import Fences, Passed, Version
from hub.core.fences.shapes import Place
from hub.core.fences.state import (
    CERTAIN_AFTER,
    FASTEST,
    PASSAGE,
    PHASES,
    REFRESH,
    STRIDE,
    Cause,
    Change,
    Crossing,
    Kind,
    Phase,
    State,
    Stay,
    Visit,
)
from hub.core.geo.geodesy import metres, scale
from hub.core.trips.state import Point, rank

MAX_ACCURACY = 200.0
"""Metres: less exact fixes, of cell towers, count nowhere; as for trips."""

Told = tuple[Kind, Visit | Crossing]

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State)

_FAR = 1e9


def counts(point: Point) -> bool:
    """Whether a point is exact enough to count."""
    return point[4] is None or point[4] <= MAX_ACCURACY


class Tracker:
    """``add`` points in the order of time and collect what is ``told``; a row replaces an earlier one of its fence and
    start."""

    __slots__ = ("driver", "state", "told")

    def __init__(self, driver: str, state: bytes | None = None) -> None:
        """``state`` is the result of ``dump``, None for a driver without points."""
        self.driver = driver
        self.state = State() if state is None else _decoder.decode(state)
        self.told: list[Told] = []

    def dump(self) -> bytes:
        """The state, from which a later tracker can continue."""
        stays = self.state.stays
        if len(stays) > 1:
            self.state.stays = dict(sorted(stays.items()))
        return _encoder.encode(self.state)

    def follows(self, point: Point) -> bool:
        """Whether ``add`` can take this point: newer than all before, or at the last instant and not replacing it."""
        state = self.state
        return point[0] > state.at or (point[0] == state.at and rank(point) >= rank(state.seen))

    def add(
        self, fences: Fences, point: Point, near: Sequence[tuple[Version, float]], passed: Sequence[Passed]
    ) -> bool:
        """Take in the next point. True when the state after it is a checkpoint.

        ``near``: versions valid at the point with signed metres to their borders, of all that are closer than their
        margin. ``passed``: versions that the straight way to it leads through. Raises ``ValueError`` for a late point.
        """
        at = point[0]
        state = self.state
        if at <= state.seen[0]:
            if not self.follows(point):
                raise ValueError("a late point")
            return False
        state.seen = point
        if counts(point):
            last = state.last
            if last is not None and fences.changed(self.driver, last[0], at):
                self._change(fences, last, at)
            if near or passed or state.stays:
                self._place(fences, last, point, near, passed)
            state.last = point
        return is_anchor(at)

    def add_far(self, points: Iterable[Point]) -> bool:
        """Take in points that follow and are in order, near no fence and with no way through one, of a driver without
        stays, while no fence changes: the same as ``add`` for each. Whether the last one is of a new instant: then the
        state after it is a checkpoint if that instant is an anchor."""
        state = self.state
        seen, last = state.seen, state.last
        new = False
        for point in points:
            new = point[0] > seen[0]
            if new:
                seen = point
                if point[4] is None or point[4] <= MAX_ACCURACY:
                    last = point
        state.seen, state.last = seen, last
        return new

    # Points ----------------------------------------------------------------------------------------------------

    def _place(
        self,
        fences: Fences,
        last: Point | None,
        point: Point,
        near: Sequence[tuple[Version, float]],
        passed: Sequence[Passed],
    ) -> None:
        """Bring the stays up to a point, fence by fence in the order of their ids."""
        at, stays = point[0], self.state.stays
        accuracy = point[4] or 0.0
        here = {version.fence: (version, d) for version, d in near if fences.watches(version, self.driver, at)}
        way = 0.0
        if last is not None and (here or stays):
            way = metres(last[1], last[2], point[1], point[2], *scale(point[1]))
        known = here.keys() | stays.keys()
        for fence in sorted(known):
            found, stay = here.get(fence), stays.get(fence)
            version, d = found if found is not None else (fences.version(fence, at), _FAR)
            if version is None or accuracy > version.rules.max_accuracy:
                continue
            if stay is None:
                if d <= 0:
                    self._found(fence, version, d, last, point, way)
            elif d <= 0 or (stay.phase is not Phase.ENTERING and d < max(version.rules.exit_margin, 2 * accuracy)):
                self._inside(fence, version, stay, d, last, point, way)
            else:
                self._outside(fence, version, stay, last, point, way)
        for each in sorted(passed, key=lambda each: each.version.fence):
            version = each.version
            fence = version.fence
            if fence in known or accuracy > version.rules.max_accuracy or last is None:
                continue
            if fences.watches(version, self.driver, at):
                took = at - last[0]
                first, out = last[0] + round(each.first * took), last[0] + round(each.last * took)
                self._tell(
                    Kind.CROSSED, Crossing(fence, max(first, last[0] + 1), max(out, last[0] + 1), version.number)
                )

    def _found(self, fence: bytes, version: Version, d: float, last: Point | None, point: Point, way: float) -> None:
        """A point inside; the one before it was not."""
        at, latitude, longitude, _, accuracy = point
        before: Place | None = None
        slack = 0.0
        entered, cause = at, Cause.CROSSED
        if last is None:
            cause = Cause.FIRST_SEEN
        else:
            before = last[1], last[2]
            if _straight(version, last, at, way):
                cut = version.compiled.cut(before, (latitude, longitude))
                if cut is not None:
                    entered = last[0] + round(cut[0] * (at - last[0]))
            else:
                slack = (at - last[0]) * 1e-6
            entered = min(max(entered, last[0] + 1, version.since), at)
        stay = Stay(
            PHASES[Phase.OUTSIDE][Change.FOUND],
            version.number,
            entered,
            at,
            (latitude, longitude),
            before,
            slack,
            cause,
        )
        stay.deep = _is_deep(d, accuracy)
        stay.max_speed = _speed(point, last, way)
        self.state.stays[fence] = stay
        if version.rules.enter_after == 0 and d <= -(accuracy or 0.0):  # the whole circle of error is inside
            self._enter(fence, version, stay, at)

    def _inside(
        self, fence: bytes, version: Version, stay: Stay, d: float, last: Point | None, point: Point, way: float
    ) -> None:
        at, latitude, longitude, _, accuracy = point
        if stay.phase is Phase.LEAVING:
            if last is not None and not _straight(version, last, at, way):
                # Seen outside, and after a silence inside: another visit.
                self._exit(fence, stay, version, stay.out_at, 0.0)
                if d <= 0:
                    self._found(fence, version, d, last, point, way)
                return
            stay.phase = PHASES[stay.phase][Change.RETURNED]
        if d <= 0:
            stay.edge_at = None
        elif stay.edge_at is None:
            stay.edge_at = _out(version, stay, last, point, way)
        stay.last_inside = at
        stay.points += 1
        stay.deep = stay.deep or _is_deep(d, accuracy)
        stride = metres(*stay.anchor, latitude, longitude, *scale(latitude))
        if stride >= STRIDE:
            stay.distance += stride
            stay.anchor = latitude, longitude
        speed = _speed(point, last, way)
        if speed is not None and (stay.max_speed is None or speed > stay.max_speed):
            stay.max_speed = speed
        rules = version.rules
        if stay.phase is Phase.ENTERING:
            needed = rules.enter_after if stay.deep else max(rules.enter_after, CERTAIN_AFTER)
            if at - stay.entered_at >= needed * 1e6:
                self._enter(fence, version, stay, at)
            return
        self._dwell(fence, version, stay, at)
        if at - stay.shown_at >= REFRESH:
            self._show(fence, stay, Kind.SHOWN)

    def _outside(
        self, fence: bytes, version: Version, stay: Stay, last: Point | None, point: Point, way: float
    ) -> None:
        at, latitude, longitude, _, accuracy = point
        assert last is not None  # it was inside at an earlier point
        straight = _straight(version, last, at, way)
        if stay.phase is Phase.LEAVING:
            if at - max(stay.out_at, stay.last_inside) >= version.rules.exit_after * 1e6:
                self._exit(fence, stay, version, stay.out_at, 0.0)
            return
        if stay.edge_at is None:
            out = _out(version, stay, last, point, way)
        elif stay.last_inside - stay.edge_at <= version.rules.exit_after * 1e6:
            out = stay.edge_at
        else:  # it stood on the border
            out = stay.last_inside
        if stay.phase is Phase.ENTERING:
            stay.phase = PHASES[stay.phase][Change.PASSED]
            before = stay.before
            del self.state.stays[fence]
            led = 0.0 if before is None else metres(*before, latitude, longitude, *scale(latitude))
            if led >= max(PASSAGE, 4 * (accuracy or 0.0)):
                out = max(out, stay.entered_at)
                self._tell(Kind.CROSSED, Crossing(fence, stay.entered_at, out, stay.version))
        elif not straight:
            self._exit(fence, stay, version, stay.last_inside, (at - stay.last_inside) * 1e-6)
        else:
            stay.phase = PHASES[stay.phase][Change.LEFT]
            stay.out_at = out
            if at - max(out, stay.last_inside) >= version.rules.exit_after * 1e6:
                self._exit(fence, stay, version, out, 0.0)

    # Fences ----------------------------------------------------------------------------------------------------

    def _change(self, fences: Fences, last: Point, until: int) -> None:
        """The fences, or the groups of the driver, changed after the last point: judge its place by each change."""
        place = last[1], last[2]
        stays = self.state.stays
        for fence in sorted(stays.keys() | fences.around(place)):
            for instant in fences.changes(fence, self.driver, last[0], until):
                version = fences.version(fence, instant)
                if version is not None and not fences.watches(version, self.driver, instant):
                    version = None
                stay = stays.get(fence)
                if stay is None:
                    exact = version is not None and (last[4] or 0.0) <= version.rules.max_accuracy
                    if version is not None and exact and version.compiled.distance(place) <= 0:
                        self._changed_in(fence, version, instant, place)
                elif version is None or version.compiled.distance(place) > 0:
                    self._changed_out(fence, stay, instant)
                elif stay.phase is Phase.LEAVING:
                    stay.phase = PHASES[stay.phase][Change.CHANGED_IN]
                    stay.edge_at = None

    def _changed_in(self, fence: bytes, version: Version, instant: int, place: Place) -> None:
        phase = PHASES[Phase.OUTSIDE][Change.CHANGED_IN]
        stay = Stay(phase, version.number, instant, instant, place, None, 0.0, Cause.FENCE_CHANGED, deep=True)
        self.state.stays[fence] = stay
        self._show(fence, stay, Kind.ENTERED)

    def _changed_out(self, fence: bytes, stay: Stay, instant: int) -> None:
        before, stay.phase = stay.phase, PHASES[stay.phase][Change.CHANGED_OUT]
        del self.state.stays[fence]
        if before is Phase.INSIDE:
            self._tell(Kind.EXITED, stay.row(fence, instant, 0.0, Cause.FENCE_CHANGED))
        elif before is Phase.LEAVING:
            self._tell(Kind.EXITED, stay.row(fence, stay.out_at, 0.0, Cause.CROSSED))

    # Rows ------------------------------------------------------------------------------------------------------

    def _enter(self, fence: bytes, version: Version, stay: Stay, at: int) -> None:
        stay.phase = PHASES[stay.phase][Change.ENTERED]
        self._show(fence, stay, Kind.ENTERED)
        self._dwell(fence, version, stay, at)

    def _dwell(self, fence: bytes, version: Version, stay: Stay, to: int) -> None:
        """Note that the visit lasts as long as the fence's ``dwell``, if it does at ``to``."""
        dwell = version.rules.dwell
        if dwell is not None and stay.dwelled_at is None and to - stay.entered_at >= dwell * 1e6:
            stay.dwelled_at = stay.entered_at + round(dwell * 1e6)
            self._show(fence, stay, Kind.DWELLED)

    def _exit(self, fence: bytes, stay: Stay, version: Version, at: int, slack: float) -> None:
        stay.phase = PHASES[stay.phase][Change.EXITED]
        self._dwell(fence, version, stay, at)
        del self.state.stays[fence]
        self._tell(Kind.EXITED, stay.row(fence, at, slack, Cause.CROSSED))

    def _show(self, fence: bytes, stay: Stay, kind: Kind) -> None:
        stay.shown_at = stay.last_inside
        self._tell(kind, stay.row(fence))

    def _tell(self, kind: Kind, row: Visit | Crossing) -> None:
        self.told.append((kind, row))


def _is_deep(d: float, accuracy: float | None) -> bool:
    """Whether most of the circle of error is inside; an unknown accuracy is believed."""
    return not accuracy or d <= -accuracy / 2


def _straight(version: Version, last: Point, at: int, way: float) -> bool:
    """Whether the driver went straight from its last point to the one at ``at``, ``way`` metres away, for all we
    know."""
    took = (at - last[0]) * 1e-6
    return took <= version.rules.bridge and way <= FASTEST * took


def _out(version: Version, stay: Stay, last: Point | None, point: Point, way: float) -> int:
    """When the driver passed the border on its way to a point outside; before a silence, when it was last inside."""
    if last is None or not _straight(version, last, point[0], way):
        return stay.last_inside
    cut = version.compiled.cut((last[1], last[2]), (point[1], point[2]))
    if cut is None:
        return stay.last_inside
    return min(max(stay.last_inside, last[0] + round(cut[1] * (point[0] - last[0]))), point[0])


def _speed(point: Point, last: Point | None, way: float) -> float | None:
    """The reported speed where it is plausible: at most twice the measured one and 10 m/s, as for trips."""
    speed = point[3]
    if speed is None or last is None:
        return speed
    return speed if speed <= 2 * way / ((point[0] - last[0]) * 1e-6) + 10 else None
