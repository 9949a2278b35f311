"""Tiles may hold too much, never too little; boxes and circles across the antimeridian and around the poles."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from hub.core.geo.areas import (
    MAX_LEVEL,
    MAX_TILES,
    SLACK,
    Area,
    BBox,
    Box,
    Circle,
    best_level,
    count_tiles,
    tile,
    tile_box,
    tiles,
)
from hub.core.geo.geodesy import haversine
from tests.support.laws import examples
from tests.support.live.places import Place, areas, places, places_around

levels = st.integers(0, MAX_LEVEL)
WORLD = BBox(-180, -90, 180, 90)
DATE_LINE = BBox(170, -20, -170, 20)


@pytest.mark.parametrize(
    ("area", "place", "inside"),
    [
        (BBox(55, 25, 56, 26), (25.5, 55.5), True),
        (BBox(55, 25, 56, 26), (25, 55), True),  # edges belong to it
        (BBox(55, 25, 56, 26), (26, 56), True),
        (BBox(55, 25, 56, 26), (26.000001, 55.5), False),
        (BBox(55, 25, 56, 26), (24.999999, 55.5), False),
        (BBox(55, 25, 56, 26), (25.5, 54.999999), False),
        (BBox(55, 25, 56, 26), (25.5, 56.000001), False),
        (DATE_LINE, (0, 175), True),
        (DATE_LINE, (0, -175), True),
        (DATE_LINE, (0, 180), True),
        (DATE_LINE, (0, -180), True),
        (DATE_LINE, (0, 0), False),
        (DATE_LINE, (0, 169.999), False),
        (DATE_LINE, (21, 175), False),
        (WORLD, (90, 180), True),
        (WORLD, (-90, -180), True),
        (BBox(7, 7, 7, 7), (7, 7), True),
        # Dubai to Abu Dhabi is 122.9 km, London to Paris 343.6 km on the sphere.
        (Circle(25.2048, 55.2708, 122_000), (24.4539, 54.3773), False),
        (Circle(25.2048, 55.2708, 124_000), (24.4539, 54.3773), True),
        (Circle(51.5074, -0.1278, 343_000), (48.8566, 2.3522), False),
        (Circle(51.5074, -0.1278, 344_000), (48.8566, 2.3522), True),
        # A degree of longitude is 111,195 m at the equator, on either side of the antimeridian.
        (Circle(0, 179.5, 111_100), (0, -179.5), False),
        (Circle(0, 179.5, 111_300), (0, -179.5), True),
        (Circle(90, 0, 111_300), (89, 123), True),
        (Circle(90, 0, 111_100), (89, 123), False),
        (Circle(89.5, 0, 111_300), (89.5, 180), True),  # over the pole
    ],
)
def test_contains(area: Area, place: Place, inside: bool) -> None:
    assert area.contains(*place) is inside


@pytest.mark.parametrize(
    ("area", "level"),
    [
        (WORLD, 3),  # 8 x 4 tiles of 45 degrees
        (BBox(54.9, 24.9, 55.4, 25.4), 12),  # a city: 0.088 degrees
        (BBox(55.27, 25.20, 55.28, 25.21), 14),
        (DATE_LINE, 6),
        (Circle(25.2, 55.3, 500), 14),
        (Circle(90, 0, 100_000), 6),  # every longitude
        (Circle(0, 0, 20_037_508), 3),
    ],
)
def test_best_level(area: Area, level: int) -> None:
    assert best_level(area) == level


@pytest.mark.parametrize(
    ("circle", "boxes"),
    [
        (Circle(0, 0, 111_195), [(-1, -1, 1, 1)]),
        (Circle(60, 10, 1_000_000), [(-8.22, 51.01, 28.22, 68.99)]),  # widest north of its centre
        (Circle(0, 179.5, 111_195), [(178.5, -1, 180, 1), (-180, -1, -179.5, 1)]),
        (Circle(0, -179.5, 111_195), [(179.5, -1, 180, 1), (-180, -1, -178.5, 1)]),
        (Circle(89.5, 10, 111_195), [(-180, 88.5, 180, 90)]),
        (Circle(-89.5, 10, 111_195), [(-180, -90, 180, -88.5)]),
        (Circle(0, 0, 20_037_508), [(-180, -90, 180, 90)]),
    ],
)
def test_boxes_of_a_circle(circle: Circle, boxes: list[Box]) -> None:
    assert [pytest.approx(box, abs=0.01) for box in boxes] == circle.boxes()


@given(areas)
@examples(200)
def test_best_level_is_the_finest_that_is_not_too_fine(area: Area) -> None:
    level = best_level(area)
    assert count_tiles(level, area) <= MAX_TILES
    assert level == MAX_LEVEL or count_tiles(level + 1, area) > MAX_TILES


@given(areas, st.data())
@examples(400)
@example(WORLD, None)
def test_a_place_inside_is_in_a_tile_at_every_level(area: Area, data: st.DataObject | None) -> None:
    place = data.draw(places_around(area)) if data else (90.0, 180.0)
    assume(area.contains(*place))
    for level in range(MAX_LEVEL + 1):
        if count_tiles(level, area) > 500:
            break
        keys = list(tiles(level, area))
        assert len(keys) == len(set(keys)) <= count_tiles(level, area)
        assert tile(level, *place) in keys
    assert any(south <= place[0] <= north and west <= place[1] <= east for west, south, east, north in area.boxes())


@given(areas, levels, st.data())
@examples(400)
def test_every_place_of_a_covered_tile_is_inside(area: Area, level: int, data: st.DataObject) -> None:
    place = data.draw(places_around(area))
    west, south, east, north = box = tile_box(tile(level, *place))
    if area.covers(box):
        assert all(
            area.contains(*place) for place in [place, (south, west), (south, east), (north, west), (north, east)]
        )


@given(places, st.integers(1, 9), places, st.floats(0, 1), st.floats(0, 1))
@examples(400)
@example((1.0, -170.0), 3, (0.0, 10.0), 0.5, 0.5)  # the hole of a circle that is nearly the world
@example((75.0, -171.0), 5, (85.0, 10.0), 8 / 9, 0.0)  # over the pole, on the other side
def test_a_circle_through_the_farthest_corner_of_a_tile(
    place: Place, level: int, centre: Place, x: float, y: float
) -> None:
    """The smallest circle that could cover a tile does so, or says that it does not."""
    west, south, east, north = box = tile_box(tile(level, *place))
    corners = [(latitude, longitude) for latitude in (south, north) for longitude in (west, east)]
    circle = Circle(*centre, max(haversine(*centre, *corner) for corner in corners))
    if circle.covers(box):
        # A little away from the corners, where the distance is the radius up to rounding.
        size = 360 / 2**level
        assert circle.contains(south + SLACK + size * y * (1 - 1e-9), west + SLACK + size * x * (1 - 1e-9))


@pytest.mark.parametrize(
    ("box", "covered"),
    [
        ((171, -20, 180, 20), True),
        ((-180, -20, -171, 20), True),
        ((169, -20, 180, 20), False),
        ((-180, -20, -169, 20), False),
        ((0, -20, 10, 20), False),
        ((171, -21, 180, 20), False),
        ((171, -20, 180, 21), False),
    ],
)
def test_covered_across_the_antimeridian(box: Box, covered: bool) -> None:
    assert DATE_LINE.covers(box) is covered


def test_a_tile_that_rounding_puts_a_place_into_is_not_covered() -> None:
    area, beside = BBox(0, 0, 10, 10), (5.0, -1e-20)
    assert tile(12, *beside) == tile(12, 5.0, 0.0)
    assert not area.contains(*beside) and not area.covers(tile_box(tile(12, *beside)))


@given(places, levels)
def test_tiles_know_their_box(place: Place, level: int) -> None:
    latitude, longitude = place
    west, south, east, north = tile_box(tile(level, latitude, longitude))
    assert west <= longitude <= east and south <= latitude <= north
    assert east - west <= 360 / 2**level + 3 * SLACK >= north - south


@pytest.mark.parametrize("longitude", [-180.0, 0.0, 179.999, 180.0])
@pytest.mark.parametrize("latitude", [-90.0, 0.0, 90.0])
def test_tiles_of_the_whole_world(latitude: float, longitude: float) -> None:
    keys = [tile(level, latitude, longitude) for level in range(MAX_LEVEL + 1)]
    assert len(set(keys)) == len(keys)
    for level in (1, 2, 5):
        world = set(tiles(level, WORLD))
        assert len(world) == count_tiles(level, WORLD) == 2**level * 2 ** (level - 1)
        assert keys[level] in world


def test_a_viewport_is_mostly_covered() -> None:
    """Members of a tile cost no test: most tiles of a viewport must be whole."""
    viewport = BBox(54.9, 24.9, 55.6, 25.4)
    keys = list(tiles(best_level(viewport), viewport))
    assert sum(viewport.covers(tile_box(key)) for key in keys) >= len(keys) / 3
    circle = Circle(25.2, 55.3, 30_000)
    keys = list(tiles(best_level(circle), circle))
    assert sum(circle.covers(tile_box(key)) for key in keys) >= len(keys) / 3
    assert all(WORLD.covers(tile_box(key)) for key in tiles(best_level(WORLD), WORLD))
    assert all(DATE_LINE.covers(tile_box(tile(8, 1, longitude))) for longitude in (172, 179.9, -179.9, -172))


def test_across_the_antimeridian_a_tile_is_named_once() -> None:
    """West of east by a little: both ends of the box are in the same column."""
    around = BBox(55.3, 20, 55.2, 30)
    keys = list(tiles(4, around))
    assert len(keys) == len(set(keys)) == 32 < count_tiles(4, around)
