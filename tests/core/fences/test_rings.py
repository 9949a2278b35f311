"""Shapes that can be fences, and those that cannot: the same verdict as shapely's, with words."""

from __future__ import annotations

import math
import random
import time
from typing import Any

import msgspec
import pytest
import shapely

from hub.core.fences import rings
from hub.core.fences.rings import BadShape, check
from hub.core.fences.shapes import Shape

_shape = msgspec.json.Decoder(Shape)


def shape(kind: str, coordinates: Any) -> Any:
    return _shape.decode(msgspec.json.encode({"type": kind, "coordinates": coordinates}))


def star(count: int, chance: random.Random, jitter: float) -> list[list[float]]:
    ring = []
    for n in range(count):
        angle, r = 2 * math.pi * n / count, 1 + chance.uniform(-jitter, jitter)
        ring.append([round(55 + r * math.cos(angle), 6), round(25 + r * math.sin(angle), 6)])
    return [*ring, ring[0]]


def test_random_rings_have_the_verdict_of_shapely() -> None:
    chance = random.Random(2)
    valid = 0
    for _ in range(100):
        ring = star(chance.randint(4, 40), chance, 0.4)
        if chance.random() < 0.6:  # two vertices change places
            i, j = chance.sample(range(1, len(ring) - 1), 2)
            ring[i], ring[j] = ring[j], ring[i]
        expected = shapely.Polygon(ring).is_valid
        try:
            check(shape("Polygon", [ring]), None)
            found = True
        except BadShape:
            found = False
        assert found == expected, ring
        valid += expected
    assert 15 < valid < 95


def test_holes_have_the_verdict_of_shapely() -> None:
    chance = random.Random(3)
    valid = 0
    for _ in range(100):
        outer = star(12, chance, 0.2)
        x, y, r = 55 + chance.uniform(-1.2, 1.2), 25 + chance.uniform(-1.2, 1.2), chance.uniform(0.1, 0.6)
        hole = [[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r], [x - r, y - r]]
        expected = shapely.Polygon(outer, [hole]).is_valid
        try:
            check(shape("Polygon", [outer, hole]), None)
            found = True
        except BadShape:
            found = False
        assert found == expected, (outer, hole)
        valid += expected
    assert 5 < valid < 95


def test_the_words_name_the_lines_that_meet() -> None:
    with pytest.raises(BadShape, match="the line from position 0 meets the line from position 2") as refused:
        check(shape("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]), None)
    assert refused.value.field == "shape.coordinates[0]"


def circle(x: float, y: float, r: float, count: int = 12) -> list[list[float]]:
    ring = [
        [x + r * math.cos(2 * math.pi * n / count), y + r * math.sin(2 * math.pi * n / count)] for n in range(count)
    ]
    return [*ring, ring[0]]


def test_repeated_positions_are_harmless() -> None:
    check(shape("Polygon", [[[0, 0], [0, 0], [1, 0], [1, 0], [1, 0], [1, 1], [0, 0], [0, 0]]]), None)
    crossed = [[0, 0], [0, 0], [1, 1], [1, 0], [1, 0], [0, 1], [0, 0]]
    with pytest.raises(BadShape, match="the line from position 1 meets the line from position 4"):
        check(shape("Polygon", [crossed]), None)


@pytest.mark.parametrize(
    "holes",
    [
        [circle(0, 0, 10)],
        [circle(0, 0, 3), circle(0, 0, 1)],
        [circle(0, 0, 1), circle(0, 0, 3)],
        [circle(0, 0, 1), circle(5, 0, 1), circle(0, 0, 1)],
        [[*circle(0, 0, 10)[:12:4], circle(0, 0, 10)[0]]],
    ],
    ids=["outer ring again", "hole in a hole", "hole around a hole", "hole twice", "corners on the outer ring"],
)
def test_a_hole_is_inside_the_outer_ring_and_in_no_other_hole(holes: list[list[list[float]]]) -> None:
    assert not shapely.Polygon(circle(0, 0, 10), holes).is_valid
    with pytest.raises(BadShape, match="hole"):
        check(shape("Polygon", [circle(0, 0, 10), *holes]), None)


def test_many_holes_are_fine() -> None:
    holes = [circle(x, y, 0.3, 4) for x in range(-30, 31, 2) for y in range(-30, 31, 2)]
    check(shape("Polygon", [[[-40, -40], [40, -40], [40, 40], [-40, 40], [-40, -40]], *holes]), None)


@pytest.mark.thorough
def test_many_holes_in_a_long_ring_are_fine() -> None:
    """They are compared with the lines at their latitudes only."""
    outer = circle(0, 0, 40, 2_500)
    polygon = shape("Polygon", [outer, *[circle(0, y / 12.5 - 24, 0.01, 3) for y in range(600)]])
    began = time.process_time()
    check(polygon, None)
    many = time.process_time() - began
    began = time.process_time()
    check(shape("Polygon", [outer]), None)
    check(shape("Polygon", [circle(0, 0, 40, 2_400)]), None)
    assert many < 3 * (time.process_time() - began)


@pytest.fixture
def hundredth_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shapes that need too much have a tenth of the positions with it, and tests of them take a hundredth of the
    time."""
    monkeypatch.setattr(rings, "WORK", rings.WORK // 100)


def test_the_work_for_pairs_of_holes_is_bounded(hundredth_of_work: None) -> None:
    """Holes that are one above the other have no order of longitudes."""
    holes = [circle(0, y / 5 - 24, 0.005, 3) for y in range(245)]
    with pytest.raises(BadShape, match="fewer positions"):
        check(shape("Polygon", [[[-30, -30], [30, -30], [30, 30], [-30, 30], [-30, -30]], *holes]), None)


def comb(width: float, height: float, angle: float) -> list[list[float]]:
    """A thousand thin teeth: each of its lines is near to hundreds of others."""
    teeth = [[width * n / 1_000, height if n % 2 else height / 100] for n in range(1_000)]
    ring = [*teeth, [width, 0.0], [0.0, 0.0]]
    sin, cos = math.sin(angle), math.cos(angle)
    turned = [[x * cos - y * sin, x * sin + y * cos] for x, y in ring]
    return [*turned, turned[0]]


@pytest.mark.parametrize(
    ("width", "height", "angle"),
    [
        (0.001, 40, 0.8),
        *(pytest.param(*comb, marks=pytest.mark.thorough) for comb in [(1, 1, 0), (1, 80, 0), (1e-6, 80, 0)]),
    ],
)
def test_the_work_for_a_shape_is_bounded(width: float, height: float, angle: float, hundredth_of_work: None) -> None:
    """Without a bound a comb took seconds, and one of 80 by 1 degrees all memory."""
    polygon = shape("Polygon", [comb(width, height, angle)])
    with pytest.raises(BadShape, match="fewer positions"):
        check(polygon, None)


def test_a_ring_may_cross_the_antimeridian() -> None:
    check(shape("Polygon", [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]]), None)
    halves = [
        [[[179, 0], [180, 0], [180, 1], [179, 1], [179, 0]]],
        [[[-180, 0], [-179, 0], [-179, 1], [-180, 1], [-180, 0]]],
    ]
    check(shape("MultiPolygon", halves), None)


@pytest.mark.thorough
def test_many_vertices_take_no_square_of_the_time() -> None:
    chance = random.Random(4)
    took = []
    for count in (500, 4_500):
        polygon = shape("Polygon", [star(count, chance, 0.0001)])
        began = time.process_time()
        check(polygon, None)
        took.append(time.process_time() - began)
    assert took[1] < 40 * took[0]
