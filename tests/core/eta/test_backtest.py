from __future__ import annotations

from hub.core.eta.backtest import backtest
from hub.core.eta.samples import Driven
from tests.core.eta.fleets import fleet


def test_without_trips_there_are_no_scores() -> None:
    assert backtest([]) == []
    assert backtest([Driven(0, [])]) == []


def test_what_is_learned_of_a_fleet_beats_fixed_speeds() -> None:
    scores = {one.estimator: one for one in backtest(fleet(40, lambda d, s: 4 * d**0.75, noise=0.2))}
    learned, straight = scores["learned: distance"], scores["straight line at 35 km/h"]
    assert learned.median < 0.5 * straight.median
    assert learned.mean < 0.5 * straight.mean
    assert learned.covered is not None
    assert 0.75 <= learned.covered <= 0.9
    assert straight.covered is None
    # Only trips after the first model are scored, all estimators by the same ones.
    assert {one.samples for one in scores.values()} == {learned.samples}
    assert learned.samples < 40 * 25


def test_a_trip_is_not_estimated_by_what_it_teaches() -> None:
    """A fleet that slows down with each trip is always estimated too fast."""
    trips = fleet(1, lambda d, s: d / 8)
    for number in range(2, 60):
        trips += fleet(1, lambda d, s, n=number: d * n / 40, seed=number)  # type: ignore[misc]
    trips = [Driven(n, trip.samples) for n, trip in enumerate(trips)]
    learned = next(one for one in backtest(trips) if one.estimator == "learned: distance")
    assert learned.bias < 0


def test_a_fleet_that_teaches_nothing_is_scored_by_the_default() -> None:
    scores = {one.estimator: one for one in backtest(fleet(3, lambda d, s: d / 5))}
    assert scores["default"][1:] == scores["learned: distance"][1:] == scores["learned: distance and speed"][1:]
    assert scores["default"].samples == 75
