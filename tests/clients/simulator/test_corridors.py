"""The corridors are a stage that hangs together."""

from __future__ import annotations

from itertools import pairwise

import pytest

from clients.simulator.corridors import DEPOTS, ROADS, Road
from clients.simulator.trucks import NETWORK, bearing, distance, route


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.name)
def test_a_road_is_plausible(road: Road) -> None:
    lengths = [distance(a, b) for a, b in pairwise(road.points)]
    assert all(900 < length < 5_000 for length in lengths)
    headings = [bearing(a, b) for a, b in pairwise(road.points)]
    turns = [abs((b - a + 180) % 360 - 180) for a, b in pairwise(headings)]
    assert all(turn < 60 for turn in turns), "a main road has no hairpins"
    assert 60 <= road.limit <= 120
    assert all(24.7 < latitude < 25.5 and 54.8 < longitude < 55.8 for latitude, longitude in road.points)


def test_every_depot_can_be_reached_from_every_other() -> None:
    for depot in DEPOTS:
        assert depot in NETWORK
        way = route(DEPOTS[0], depot)
        assert (way[0], way[-1]) == (DEPOTS[0], depot)
        assert all(b in NETWORK[a] for a, b in pairwise(way))


def test_the_quickest_way_is_no_longer_than_any_road() -> None:
    for road in ROADS:
        driven = sum(NETWORK[a][b][0] / NETWORK[a][b][1] for a, b in pairwise(road.points))
        way = route(road.points[0], road.points[-1])
        assert sum(NETWORK[a][b][0] / NETWORK[a][b][1] for a, b in pairwise(way)) <= driven + 1e-6
