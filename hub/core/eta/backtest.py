"""How good the estimates of a fleet would have been: each trip by what had been learned from earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from hub.core.eta.model import DEFAULT, learn, travel
from hub.core.eta.samples import Driven, Sample

REFIT = 5
"""Trips after which the model is learned again."""


class Score(NamedTuple):
    """Errors of one estimator. ``mean`` and ``median`` of the absolute errors and ``bias`` in seconds, positive for
    estimates that are too long. Shares: ``share`` is the median error in the time, ``near`` the estimates within a
    quarter of it, ``covered`` the true times inside the interval, None without an interval."""

    estimator: str
    samples: int
    mean: float
    median: float
    bias: float
    share: float
    near: float
    covered: float | None


class _Errors:
    def __init__(self, estimator: str) -> None:
        self.estimator = estimator
        self.errors: list[float] = []
        self.shares: list[float] = []
        self.inside: list[bool] = []

    def add(self, seconds: float, sample: Sample, inside: bool | None = None) -> None:
        self.errors.append(seconds - sample.seconds)
        self.shares.append(abs(seconds - sample.seconds) / sample.seconds)
        if inside is not None:
            self.inside.append(inside)

    def score(self) -> Score:
        count = len(self.errors)
        return Score(
            self.estimator,
            count,
            sum(map(abs, self.errors)) / count,
            median([abs(error) for error in self.errors]),
            sum(self.errors) / count,
            median(self.shares),
            sum(share <= 0.25 for share in self.shares) / count,
            sum(self.inside) / len(self.inside) if self.inside else None,
        )


def backtest(trips: Sequence[Driven]) -> list[Score]:
    """Scores of what is learned from the distance, from distance and speed, of the default and of straight lines at
    fixed speeds. Empty without samples.

    ``trips`` are in the order of their ends. Each is estimated by the model learned from the earlier ones. Those before
    there is one are not scored; where there never is one, all are, by the default.
    """
    straight, longer = _Errors("straight line at 35 km/h"), _Errors("straight line x 1.3 at 30 km/h")
    default, way, going = _Errors("default"), _Errors("learned: distance"), _Errors("learned: distance and speed")
    estimators = [straight, longer, default, way, going]
    models = [learn(trips[:number]) for number in range(0, len(trips), REFIT)]
    begun = next((n * REFIT for n, model in enumerate(models) if model is not DEFAULT), 0)
    for number, trip in enumerate(trips[begun:], begun):
        model = models[number // REFIT]
        for sample in trip.samples:
            straight.add(sample.distance / (35 / 3.6), sample)
            longer.add(sample.distance * 1.3 / (30 / 3.6), sample)
            for errors, model_used, speed in (
                (default, DEFAULT, None),
                (way, model, None),
                (going, model, sample.speed),
            ):
                said = travel(model_used, sample.distance, speed)
                errors.add(said.seconds, sample, said.earliest <= sample.seconds <= said.latest)
    return [one.score() for one in estimators] if straight.errors else []
