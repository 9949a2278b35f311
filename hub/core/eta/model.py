"""Travel time as a power of the distance: two or three numbers that are learned, and how far they are off.

``seconds = exp(a) * metres ** b``, for the way on which a driver is also ``* speed ** c``. Tables by distance, hour or
tile predict the trips that they were learned from better and break on longer ones (docs/eta.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from statistics import median, quantiles
from typing import NamedTuple

import msgspec

from hub.core.eta.samples import Driven, Sample

LEAST_TRIPS = 10
"""Trips below which nothing is learned: two or three customers are not a fleet's work."""

LEAST_SAMPLES = 200
"""Samples below which nothing is learned."""

SLOWEST, FASTEST = 1.5, 35.0
"""Metres per second between which every estimate lies, in a straight line: on foot, and on a motorway."""

STILL = 1.0
"""Metres per second that a slower driver is taken for: one who stands goes on some time."""

ROUNDS, TRIMMED = 3, 0.05
"""Rounds of least squares, and the share of the worst samples that each leaves out: waits, detours."""

HELD_OUT = 5
"""One in so many trips, the newest ones, is kept from learning to see whether what was learned is better."""


class Law(msgspec.Struct, frozen=True):
    """``exp(a) * metres ** b * speed ** c`` seconds. ``low`` and ``high`` are logarithms of the true time's ratio to
    the estimate: one in ten is below ``low``, and one in ten above ``high``."""

    a: float
    b: float
    c: float
    low: float = 0.0
    high: float = 0.0


class Model(msgspec.Struct, frozen=True):
    """What was learned from ``samples`` of ``trips``: ``way`` for any way, ``going`` for the one a driver is on."""

    way: Law
    going: Law
    samples: int
    trips: int


class Travel(NamedTuple):
    """Seconds to a place: the estimate, and the interval in which eight of ten true ones lie."""

    seconds: float
    earliest: float
    latest: float


_ROADS = Law(log(1.35 / 8.0), 1.0, 0.0, log(0.5), log(2.2))

DEFAULT = Model(_ROADS, _ROADS, 0, 0)
"""Before anything is learned: roads 1.35 times as long as the line, at 8 m/s (29 km/h)."""


def travel(model: Model, distance: float, speed: float | None = None) -> Travel:
    """Time for ``distance`` metres in a straight line; with a ``speed`` (m/s, of the last minutes) for the way that the
    driver is on."""
    law = model.way if speed is None else model.going
    seconds = _seconds(law, distance, STILL if speed is None else speed)
    return Travel(seconds, seconds * exp(law.low), seconds * exp(law.high))


def learn(trips: Sequence[Driven]) -> Model:
    """The model of trips in the order of their ends. It is the default one where they are too few, or where the newest
    of them show that what the others teach is not better. The speed counts only where it makes estimates better."""
    known = [one for one in trips if one.samples]
    earlier, newest = known[: len(known) - len(known) // HELD_OUT], known[len(known) - len(known) // HELD_OUT :]
    taught, model = _fit(earlier), _fit(known)
    if taught is None or model is None:
        return DEFAULT
    error = _typical_error(taught.way, newest)
    if error > _typical_error(DEFAULT.way, newest):
        return DEFAULT
    if _typical_error(taught.going, newest) > error:
        return msgspec.structs.replace(model, going=model.way)
    return model


def learn_by_kind(trips: Sequence[Driven]) -> dict[str, Model]:
    """Models by the kind of vehicle: "" for the whole fleet, and one for each kind that teaches one of its own."""
    models = {"": learn(trips)}
    for kind in sorted({trip.kind for trip in trips} - {""}):
        own = learn([trip for trip in trips if trip.kind == kind])
        if own is not DEFAULT:
            models[kind] = own
    return models


def _fit(trips: Sequence[Driven]) -> Model | None:
    found = [sample for trip in trips for sample in trip.samples]
    if len(trips) < LEAST_TRIPS or len(found) < LEAST_SAMPLES:
        return None
    way = _law(found, with_speed=False)
    return None if way is None else Model(way, _law(found, with_speed=True) or way, len(found), len(trips))


def _law(found: Sequence[Sample], *, with_speed: bool) -> Law | None:
    """Least squares on the logarithms; None where the samples do not determine the numbers."""
    rows = [(1.0, log(one.distance), log(_pace(one.speed)) if with_speed else 0.0, log(one.seconds)) for one in found]
    size = 3 if with_speed else 2
    kept = rows
    numbers: list[float] = []
    for _ in range(ROUNDS):
        solved = _least_squares(kept, size)
        if solved is None:
            return None
        numbers = solved

        def off(row: tuple[float, ...], numbers: list[float] = numbers) -> float:
            return abs(row[3] - sum(number * row[n] for n, number in enumerate(numbers)))

        kept = sorted(rows, key=off)[: len(rows) - int(len(rows) * TRIMMED)]
    a, b, c = (*numbers, 0.0)[:3]
    # Longer ways take longer: anything else is an accident of the samples.
    if not 0.0 < b <= 1.5:
        return None
    law = Law(a, b, c)
    ratios = [log(one.seconds / _seconds(law, one.distance, one.speed)) for one in found]
    low, *_, high = quantiles(ratios, n=10, method="inclusive")
    return Law(a, b, c, low, high)


def _seconds(law: Law, distance: float, speed: float) -> float:
    metres = max(distance, 1.0)
    seconds = exp(law.a + law.b * log(metres) + law.c * log(_pace(speed)))
    return min(max(seconds, metres / FASTEST), metres / SLOWEST)


def _pace(speed: float) -> float:
    return min(max(speed, STILL), FASTEST)


def _typical_error(law: Law, trips: Sequence[Driven]) -> float:
    """The median error as a share of the time, over the samples of trips; infinite without any."""
    errors = [
        abs(_seconds(law, one.distance, one.speed) - one.seconds) / one.seconds
        for trip in trips
        for one in trip.samples
    ]
    return median(errors) if errors else float("inf")


def _least_squares(rows: Sequence[tuple[float, ...]], size: int) -> list[float] | None:
    """The ``size`` factors of the first columns that come nearest to the last one (normal equations)."""
    table = [
        [sum(row[i] * row[j] for row in rows) for j in range(size)] + [sum(row[i] * row[-1] for row in rows)]
        for i in range(size)
    ]
    for i in range(size):
        pivot = max(range(i, size), key=lambda j: abs(table[j][i]))
        table[i], table[pivot] = table[pivot], table[i]
        # All distances, or all speeds, are the same.
        if abs(table[i][i]) < 1e-9 * max(1.0, len(rows)):
            return None
        for j in range(size):
            if j != i:
                factor = table[j][i] / table[i][i]
                table[j] = [other - factor * mine for other, mine in zip(table[j], table[i], strict=True)]
    return [table[i][size] / table[i][i] for i in range(size)]
