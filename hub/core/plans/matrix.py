"""Durations and distances between points: in a straight line by what the fleet's trips teach, and completed where a
provider of roads knows no way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from hub.core.eta.model import DEFAULT, Model, travel
from hub.core.geo.geodesy import metres, scale
from hub.core.plans.problem import Table

DETOUR = 1.35
"""Length of roads for a metre of straight line, as in the default of ``core.eta``."""

UNROUTABLE = 2.0
"""How much longer than usual a way is taken for that a provider does not find: a ferry, a gap in its map."""

Point = tuple[float, float]

Partial = Sequence[Sequence[float | None]]
"""None where there is no way."""


class Matrix(NamedTuple):
    """``basis``: where the figures are from. ``unroutable``: pairs of points for which a provider found no way."""

    seconds: Table
    metres: Table
    basis: Literal["roads", "learned", "default"]
    unroutable: int = 0


def straight(points: Sequence[Point], model: Model = DEFAULT) -> Matrix:
    """By the distance in a straight line; one place to itself takes no time."""
    size = len(points)
    seconds = [[0.0] * size for _ in points]
    lengths = [[0.0] * size for _ in points]
    for a, (latitude, longitude) in enumerate(points):
        kx, ky = scale(latitude)
        for b in range(a):
            distance = metres(latitude, longitude, *points[b], kx, ky)
            if distance > 0:
                seconds[a][b] = seconds[b][a] = travel(model, distance).seconds
                lengths[a][b] = lengths[b][a] = distance * DETOUR
    return Matrix(frozen(seconds), frozen(lengths), "default" if model.samples == 0 else "learned")


def completed(seconds: Partial, lengths: Partial, line: Matrix) -> Matrix:
    """The tables of a provider, with longer straight lines where it knows no way."""
    unroutable = 0
    made: tuple[list[list[float]], list[list[float]]] = ([], [])
    for a, (durations, distances) in enumerate(zip(seconds, lengths, strict=True)):
        rows: tuple[list[float], list[float]] = ([], [])
        for b, (duration, distance) in enumerate(zip(durations, distances, strict=True)):
            if duration is None or distance is None:
                unroutable += 1
                duration, distance = UNROUTABLE * line.seconds[a][b], UNROUTABLE * line.metres[a][b]
            rows[0].append(duration)
            rows[1].append(distance)
        made[0].append(rows[0])
        made[1].append(rows[1])
    return Matrix(frozen(made[0]), frozen(made[1]), "roads", unroutable)


def frozen(rows: Sequence[Sequence[float]]) -> Table:
    return tuple([tuple(row) for row in rows])
