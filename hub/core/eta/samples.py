"""What the ended trips of a fleet say about travel: once a minute, how far the end was and how long it took."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hub.core.geo.geodesy import haversine

EVERY = 60_000_000
"""Microseconds between two samples of a trip."""

SPEED_OVER = 300_000_000
"""Microseconds over which the speed of a driver is taken: shorter, and a red light halves it."""

NEAREST = 100.0
"""Metres to the end below which a trip is no longer sampled: a driver there looks for a place to stop."""

Place = tuple[int, float, float]
"""Instant in microseconds, latitude, longitude."""


class Sample(NamedTuple):
    """``distance`` metres in a straight line to the end, which was reached after ``seconds``; ``speed`` is that of the
    last minutes in metres per second."""

    distance: float
    speed: float
    seconds: float


class Driven(NamedTuple):
    """A trip as samples. ``ended_at`` in microseconds: what is learned from a trip is known only then. ``kind`` is the
    type of the vehicle, empty for an unknown one."""

    ended_at: int
    samples: Sequence[Sample]
    kind: str = ""


def samples(points: Iterable[Place]) -> list[Sample]:
    """Samples of an ended trip, whose points are in the order of time."""
    way = list(points)
    if len(way) < 2:
        return []
    ended_at, latitude, longitude = way[-1]
    found: list[Sample] = []
    due = way[0][0] + EVERY
    driven = Pace()
    for at, here, there in way:
        driven.add((at, here, there))
        if at < due:
            continue
        due = at + EVERY
        distance, speed = haversine(here, there, latitude, longitude), driven.speed
        if distance >= NEAREST and ended_at > at and speed is not None:
            found.append(Sample(distance, speed, (ended_at - at) / 1e6))
    return found


class Pace:
    """The mean speed of a driver over the last minutes, from its places in the order of time."""

    __slots__ = ("_last", "_metres", "_ways")

    def __init__(self) -> None:
        self._last: Place | None = None
        self._metres = 0.0
        # Instant at which a way began, and its metres.
        self._ways: deque[tuple[int, float]] = deque()

    def add(self, place: Place) -> None:
        """Take in the next place."""
        last, self._last = self._last, place
        if last is None:
            return
        way = haversine(last[1], last[2], place[1], place[2])
        self._ways.append((last[0], way))
        self._metres += way
        while self._ways and self._ways[0][0] < place[0] - SPEED_OVER:
            self._metres -= self._ways.popleft()[1]

    @property
    def speed(self) -> float | None:
        """Metres per second; None before there are two places within the time."""
        if self._last is None or not self._ways or self._last[0] == self._ways[0][0]:
            return None
        return max(0.0, self._metres) / ((self._last[0] - self._ways[0][0]) / 1e6)
