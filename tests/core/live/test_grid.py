from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.core.geo.areas import Area, BBox, Circle
from hub.core.live.grid import Grid
from tests.support.laws import examples
from tests.support.live.places import Place, areas, places, places_around

DRIVERS = st.sampled_from([f"d{number}" for number in range(8)])


@given(areas, st.data())
@examples(120)
def test_near_finds_what_a_scan_finds(area: Area, data: st.DataObject) -> None:
    moves = st.lists(st.tuples(DRIVERS, st.one_of(places, places_around(area))), max_size=10)
    grid, where = Grid(), dict[str, Place]()
    for _ in range(3):
        for driver_id, place in data.draw(moves):
            grid.move(driver_id, *place)
            where[driver_id] = place
        near = grid.near(area)
        assert len(near) == len(set(near)) and set(near) <= where.keys()
        assert {driver_id for driver_id, place in where.items() if area.contains(*place)} <= set(near)
        # Each driver is in one cell, and cells that emptied are gone.
        assert sorted(driver for cell in grid.cells.values() for driver in cell) == sorted(where)
        assert all(grid.cells.values())


def test_a_small_area_of_a_large_fleet_has_few_candidates() -> None:
    grid = Grid()
    for number in range(10_000):
        grid.move(f"d{number}", 24 + number % 100 / 50, 54 + number // 100 / 50)
    assert len(grid.near(Circle(25.0, 55.0, 1_000))) < 200
    assert len(grid.near(BBox(-180, -90, 180, 90))) == 10_000


def test_a_large_area_of_a_small_fleet_is_not_walked_cell_by_cell() -> None:
    """The world has 8 million cells."""
    grid = Grid()
    grid.move("d1", 25.2, 55.3)
    assert grid.near(BBox(-180, -90, 180, 90)) == ("d1",)


def test_an_area_with_more_cells_than_the_fleet_has_no_far_candidates() -> None:
    grid = Grid()
    grid.move("d1", 25.2, 55.3)
    grid.move("d2", 52.5, 13.4)
    assert grid.near(Circle(25.0, 55.0, 50_000)) == ("d1",)
