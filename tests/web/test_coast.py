"""The offline base map: land that lies where it does, also beyond the date line and around a pole."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from clients.web.coast import Polygon, Topology, cells


def topology(*rings: list[tuple[int, int]]) -> Topology:
    """A document with one polygon, whose first ring is the outer one."""
    arcs = [[[x2 - x1, y2 - y1] for (x1, y1), (x2, y2) in pairwise([(0, 0), *ring])] for ring in rings]
    geometry: dict[str, Any] = {"type": "Polygon", "arcs": [[index] for index in range(len(rings))]}
    transform = {"scale": [1, 1], "translate": [0, 0]}
    return Topology({"objects": {"land": {"geometries": [geometry]}}, "transform": transform, "arcs": arcs})


def area(polygon: Polygon) -> float:
    """Square degrees, without the holes."""
    first, *holes = (abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2 for ring in polygon)
    return first - sum(holes)


ISLAND = [(20, 10), (24, 10), (24, 14), (20, 14), (20, 10)]
LAKE = [(21, 11), (22, 11), (22, 12), (21, 12), (21, 11)]
ACROSS = [(175, 60), (-170, 60), (-170, 70), (175, 70), (175, 60)]
ACROSS_LAKE = [(-178, 61), (-177, 61), (-177, 62), (-178, 62), (-178, 61)]
SOUTH = [(-180, -80), (-90, -70), (0, -80), (90, -70), (180, -80), (-180, -80)]


@pytest.mark.parametrize(
    ("rings", "parts", "square_degrees"),
    [
        ([ISLAND], 1, 16),
        ([ISLAND, LAKE], 1, 15),
        ([ACROSS], 2, 150),
        ([ACROSS, ACROSS_LAKE], 2, 149),
        ([SOUTH], 1, 5400),
    ],
)
def test_land_lies_where_it_does(rings: list[list[tuple[int, int]]], parts: int, square_degrees: float) -> None:
    polygons = [polygon for _, polygon in topology(*rings).polygons("land")]
    assert len(polygons) == parts
    assert sum(map(area, polygons)) == pytest.approx(square_degrees)
    assert all(-180 <= x <= 180 for polygon in polygons for ring in polygon for x, _ in ring)
    cut = list(cells(polygons))
    assert sum(area(polygon) for _, _, some in cut for polygon in some) == pytest.approx(square_degrees)


def test_cells_beside_the_date_line_are_those_of_the_land() -> None:
    polygons = [polygon for _, polygon in topology(ACROSS).polygons("land")]
    assert sorted((column, row) for column, row, _ in cells(polygons)) == [(0, 15), (35, 15)]
