"""Arrivals and departures of one driver at its jobs, a function of its points in the order of ``recorded_at``.

A driver has **arrived** when it is inside the circle or shape of a job and slow, or has been inside for a while:
driving past makes no arrival. It has **departed** when it was outside for a minute. ``approaching`` is told once. Late
points are handled by folding again from a checkpoint; what is told then replaces what was told before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct, field

from hub.core.geo.geodesy import metres, scale
from hub.core.jobs.status import Event
from hub.core.trips.state import Point, rank

MAX_ACCURACY = 200.0
"""Metres: less exact fixes count nowhere; as for trips."""

MARGIN = 20.0
"""Metres beyond the border that still count as inside, once a driver is inside; twice the accuracy if that is more."""

LEAVING = 60_000_000
"""Microseconds outside after which a driver has departed: a walk around the block does not count as one."""

MEASURED = 15_000_000
"""Microseconds between two points within which the way between them shows that a reported speed of 0 is wrong."""

IMPLAUSIBLE = 3.0
"""Times the limit of speed that the measured speed may be before the reported one is not believed."""

BUCKET = 300_000_000
"""Microseconds between two checkpoints."""

NEVER = 1 << 62
"""Later than any instant."""


class Rules(NamedTuple):
    """``speed`` in metres per second, ``after`` in seconds, ``approach`` in metres."""

    speed: float = 3.0
    after: float = 30.0
    approach: float = 1_000.0


class Target(NamedTuple):
    """A job that a driver has ``since`` an instant; after ``until`` no arrival begins. ``reach``: metres from its place
    within which the circle or shape is. ``area``: signed metres to the border of a shape, negative inside."""

    job: bytes
    latitude: float
    longitude: float
    radius: float
    since: int
    until: int = NEVER
    reach: float = 0.0
    area: Callable[[tuple[float, float]], float] | None = None


class Watch(Struct):
    """What is known of one job. ``stays``: pairs of arrival and departure, the latter None while the driver is there.
    ``entered``: since when it is inside without having arrived; ``left``: since when it is outside without having
    departed."""

    since: int
    approached: int | None = None
    entered: int | None = None
    left: int | None = None
    stays: list[tuple[int, int | None]] = field(default_factory=list)

    @property
    def there(self) -> bool:
        return bool(self.stays) and self.stays[-1][1] is None


class State(Struct):
    """The state of a driver: its last point, the last exact one, and its jobs."""

    seen: Point = (-NEVER, 0.0, 0.0, None, None)
    last: Point | None = None
    jobs: dict[bytes, Watch] = field(default_factory=dict)


class Fact(NamedTuple):
    """An event of a job from positions; ``number`` tells several stays apart."""

    event: Event
    number: int
    at: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State)


class Tracker:
    """``add`` points in the order of time; ``changed`` are the jobs whose facts are others since."""

    __slots__ = ("changed", "rules", "state")

    def __init__(self, rules: Rules, state: bytes | None = None) -> None:
        """``state`` is the result of ``dump``."""
        self.rules = rules
        self.state = State() if state is None else _decoder.decode(state)
        self.changed: set[bytes] = set()

    def dump(self) -> bytes:
        return _encoder.encode(self.state)

    def follows(self, point: Point) -> bool:
        """Whether ``add`` can take this point: newer than all before, or at the last instant and not replacing it."""
        seen = self.state.seen
        return point[0] > seen[0] or (point[0] == seen[0] and rank(point) >= rank(seen))

    def keep(self, targets: Iterable[Target]) -> None:
        """Forget all jobs but the targets, and targets that the driver has since another instant."""
        since = {target.job: target.since for target in targets}
        jobs = self.state.jobs
        for job in [job for job, watch in jobs.items() if since.get(job) != watch.since]:
            del jobs[job]

    def facts(self, job: bytes) -> list[Fact]:
        """All facts of a job."""
        watch = self.state.jobs.get(job)
        if watch is None:
            return []
        found = [] if watch.approached is None else [Fact(Event.APPROACHING, 0, watch.approached)]
        for number, (arrived, departed) in enumerate(watch.stays):
            found.append(Fact(Event.ARRIVED, number, arrived))
            if departed is not None:
                found.append(Fact(Event.DEPARTED, number, departed))
        return found

    def add(self, targets: Sequence[Target], point: Point) -> bool:
        """Take in the next point. True when the state after it is a checkpoint. Raises ``ValueError`` for a late
        point."""
        state = self.state
        before = state.seen[0]
        if point[0] <= before:
            if not self.follows(point):
                raise ValueError("a late point")
            return False
        state.seen = point
        if point[4] is None or point[4] <= MAX_ACCURACY:
            self._place(targets, point)
            state.last = point
        return point[0] // BUCKET != before // BUCKET

    def _place(self, targets: Sequence[Target], point: Point) -> None:
        at, latitude, longitude, _, _ = point
        kx, ky = scale(latitude)
        slow: bool | None = None
        for target in targets:
            watch = self.state.jobs.get(target.job)
            if at <= target.since or (at > target.until and (watch is None or not watch.there)):
                continue
            reach = target.reach + self.rules.approach
            far = abs(latitude - target.latitude) * ky > reach
            if far and (watch is None or (watch.entered is None and not watch.there)):
                continue
            d = metres(latitude, longitude, target.latitude, target.longitude, kx, ky)
            if target.area is not None and d <= reach:
                d = target.area((latitude, longitude))
            else:
                d -= target.radius
            if watch is None:
                if d > self.rules.approach:
                    continue
                watch = self.state.jobs[target.job] = Watch(target.since)
            if slow is None:
                slow = self._is_slow(point, kx, ky)
            self._judge(target.job, watch, point, d, slow)

    def _judge(self, job: bytes, watch: Watch, point: Point, d: float, slow: bool) -> None:
        """Bring one job up to a point, ``d`` metres outside its border."""
        at, margin = point[0], max(MARGIN, 2 * (point[4] or 0.0))
        if watch.approached is None and d <= self.rules.approach:
            watch.approached = at
            self.changed.add(job)
        if watch.there:
            if d <= margin:
                watch.left = None
                return
            watch.left = at if watch.left is None else watch.left
            if at - watch.left >= LEAVING:
                watch.stays[-1] = watch.stays[-1][0], watch.left
                watch.left = None
                self.changed.add(job)
            return
        if d > (0.0 if watch.entered is None else margin):
            watch.entered = None
            return
        if watch.entered is None:
            watch.entered = at
        after = watch.entered + round(self.rules.after * 1e6)
        if at >= after or (slow and d <= 0):
            watch.stays.append((min(at, after), None))
            watch.entered = None
            self.changed.add(job)

    def _is_slow(self, point: Point, kx: float, ky: float) -> bool:
        speed, last = point[3], self.state.last
        if last is None:
            return speed is not None and speed < self.rules.speed
        took = point[0] - last[0]
        measured = metres(last[1], last[2], point[1], point[2], kx, ky) / (took * 1e-6)
        if speed is None:
            return measured < self.rules.speed
        return speed < self.rules.speed and (took > MEASURED or measured < IMPLAUSIBLE * self.rules.speed)
