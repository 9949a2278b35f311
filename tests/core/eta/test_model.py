from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.eta.model import DEFAULT, FASTEST, LEAST_SAMPLES, LEAST_TRIPS, SLOWEST, Model, learn, travel
from hub.core.eta.samples import Driven, Sample
from tests.core.eta.fleets import fleet


def by_default(distance: float, speed: float) -> float:
    return distance * 1.35 / 8


@given(a=st.floats(0, 1.5), b=st.floats(0.6, 0.95), seed=st.integers(0, 100))
def test_the_law_of_a_fleet_is_found(a: float, b: float, seed: int) -> None:
    model = learn(fleet(20, lambda distance, speed: 2.718281828**a * distance**b, seed=seed))
    for distance in (300.0, 3_000.0, 15_000.0):
        true: float = min(max(2.718281828**a * distance**b, distance / FASTEST), distance / SLOWEST)
        assert isclose(travel(model, distance).seconds, true, rel_tol=1e-6)


def test_the_speed_counts_where_it_tells_something() -> None:
    model = learn(fleet(20, lambda distance, speed: distance / (2 + speed / 2), noise=0.1))
    assert travel(model, 5_000, 2).seconds > 1.5 * travel(model, 5_000, 15).seconds
    assert travel(model, 5_000, 15).seconds < travel(model, 5_000).seconds < travel(model, 5_000, 2).seconds


def test_the_interval_holds_eight_of_ten() -> None:
    def true(distance: float, speed: float) -> float:
        return float(3 * distance**0.75)

    model = learn(fleet(40, true, noise=0.3))
    later = [one for trip in fleet(40, true, noise=0.3, seed=2) for one in trip.samples]
    ways = [travel(model, one.distance) for one in later]
    inside = sum(way.earliest <= one.seconds <= way.latest for one, way in zip(later, ways, strict=True))
    assert 0.75 <= inside / len(later) <= 0.85


@pytest.mark.parametrize("trips", [0, LEAST_TRIPS - 1])
def test_too_few_trips_teach_nothing(trips: int) -> None:
    assert learn(fleet(trips, lambda distance, speed: distance / 3, samples=LEAST_SAMPLES)) is DEFAULT


def test_too_few_samples_teach_nothing() -> None:
    assert learn(fleet(LEAST_TRIPS * 2, lambda distance, speed: distance / 3, samples=2)) is DEFAULT


def test_what_the_newest_trips_contradict_is_not_used() -> None:
    old = fleet(40, lambda distance, speed: distance / 2)
    new = fleet(15, by_default, seed=3)
    assert learn(old) is not DEFAULT
    assert learn([*old, *new]) is DEFAULT


def test_trips_of_one_distance_teach_nothing() -> None:
    trips = [Driven(n, [Sample(1_000.0, 5.0, 300.0)] * 30) for n in range(20)]
    assert learn(trips) is DEFAULT


@given(
    distance=st.floats(0, 2e7),
    speed=st.none() | st.floats(0, 100),
    seed=st.integers(0, 3),
    noise=st.floats(0, 1),
)
def test_an_estimate_is_positive_and_between_the_bounds(
    distance: float, speed: float | None, seed: int, noise: float
) -> None:
    for model in (DEFAULT, _learned(seed)):
        way = travel(model, distance, speed)
        assert 0 < way.earliest <= way.seconds <= way.latest
        assert max(distance, 1) / FASTEST <= way.seconds * (1 + 1e-9)
        assert way.seconds <= max(distance, 1) / SLOWEST * (1 + 1e-9)


@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=2), st.integers(0, 3))
def test_a_longer_way_never_takes_less(distances: list[float], seed: int) -> None:
    near, far = sorted(distances)
    assert travel(_learned(seed), near).seconds <= travel(_learned(seed), far).seconds * (1 + 1e-9)


_models: dict[int, Model] = {}


def _learned(seed: int) -> Model:
    if seed not in _models:
        _models[seed] = learn(fleet(20, lambda distance, speed: 2 * distance**0.8, seed=seed, noise=0.3))
    return _models[seed]
