"""The map: where it puts drivers, and when it moves."""

from __future__ import annotations

from datetime import UTC, datetime

from clients.messages import Location
from clients.terminal.minimap import MiniMap, Projection, arrow, bounds

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def driver(latitude: float, longitude: float, heading: float | None = 0.0, presence: str = "online") -> tuple:
    return Location("d", latitude, longitude, NOW, NOW, 1, speed=20.0, heading=heading), presence


def text(rows: list) -> list[str]:
    return ["".join(segment.text for segment in row) for row in rows]


def test_arrows() -> None:
    assert "".join(arrow(heading) for heading in (0, 44, 90, 180, 270, 337.4, 338, 359.9)) == "↑↗→↓←↖↑↑"
    assert arrow(None) == " "


def test_north_is_up_and_east_is_right() -> None:
    map_ = MiniMap()
    rows = text(map_.draw([driver(25.0, 55.0), driver(25.2, 55.4, 90), driver(25.1, 55.2, None)], 40, 12))
    assert [len(row) for row in rows] == [40] * 12
    marks = {glyph: (x, y) for y, row in enumerate(rows) for x, glyph in enumerate(row) if glyph != " "}
    (up_x, up_y), (right_x, right_y), (dot_x, dot_y) = marks["↑"], marks["→"], marks["•"]
    assert up_x < dot_x < right_x
    assert right_y < dot_y < up_y


def test_distances_are_true_in_both_directions() -> None:
    # At 60 degrees north a degree of longitude is half as long as one of latitude.
    projection = Projection(60.0, 10.0, 61.0, 11.0, 1000, 1000)
    west, east = projection.dot(60.5, 10.25), projection.dot(60.5, 10.75)
    south, north = projection.dot(60.25, 10.5), projection.dot(60.75, 10.5)
    assert west and east and south and north
    assert abs((east[0] - west[0]) - (south[1] - north[1]) * 0.5) < 10


def test_several_in_a_cell_are_dots() -> None:
    rows = text(MiniMap().draw([driver(25.0, 55.0), driver(25.0, 55.0), driver(26.0, 56.0)], 20, 8))
    joined = "".join(rows)
    assert joined.count("↑") == 1
    assert any(0x2801 <= ord(glyph) <= 0x28FF for glyph in joined)


def test_presence_colours() -> None:
    drivers = [driver(25.0, 55.0), driver(25.5, 55.5, 90, "stale"), driver(25.0, 55.5, 180, "offline")]
    rows = MiniMap().draw(drivers, 30, 10)
    colours = {
        segment.text.strip(): segment.style.color.name for row in rows for segment in row if segment.text.strip()
    }
    assert colours == {"↑": "bright_green", "→": "yellow", "↓": "red"}


def test_strays_do_not_shrink_the_map() -> None:
    city = [(25.0 + n * 0.005, 55.0 + n * 0.005) for n in range(50)]
    south, west, north, east = bounds([*city, (12.345, 67.89)])
    assert 24.9 < south < north < 25.3 and 54.9 < west < east < 55.3
    map_ = MiniMap()
    map_.draw([driver(*place) for place in [*city, (12.345, 67.89)]], 40, 12)
    assert map_.off_map == 1


def test_a_few_drivers_are_all_shown() -> None:
    map_ = MiniMap()
    map_.draw([driver(25.0, 55.0), driver(12.345, 67.89)], 40, 12)
    assert map_.off_map == 0


def test_across_the_antimeridian() -> None:
    rows = text(MiniMap().draw([driver(-17.0, 179.5, 90), driver(-17.2, -179.6, 270)], 40, 12))
    row = next(row for row in rows if "→" in row)
    assert row.index("→") < max(row.find("←") for row in rows)


def test_the_map_stands_still_until_it_must_move() -> None:
    map_ = MiniMap()
    first = text(map_.draw([driver(25.0, 55.0), driver(25.2, 55.4, 90)], 40, 12))
    again = text(map_.draw([driver(25.0, 55.0), driver(25.2, 55.398, 90)], 40, 12))
    assert [row.index("↑") for row in first if "↑" in row] == [row.index("↑") for row in again if "↑" in row]
    moved = text(map_.draw([driver(25.0, 55.0), driver(25.2, 56.0, 90)], 40, 12))
    assert sum("→" in row for row in moved) == 1


def test_tracks_stay_behind() -> None:
    map_ = MiniMap()
    map_.draw([driver(25.0, 55.0), driver(25.2, 55.4, 90)], 40, 12)
    rows = map_.draw([driver(25.0, 55.0), driver(25.1, 55.4, 90)], 40, 12)
    dim = [segment for row in rows for segment in row if segment.style and segment.style.color.name == "bright_black"]
    assert len(dim) == 1


def test_scale_bar() -> None:
    map_ = MiniMap()
    assert map_.scale_bar(40) == ""
    map_.draw([driver(25.0, 55.0), driver(25.0, 56.0)], 100, 10)
    # One degree of longitude at 25 north is 100.8 km, and the margin makes it 112.9 km for 100 cells.
    assert map_.scale_bar(100) == "├" + "─" * 16 + "┤ 20 km"


def test_an_empty_fleet() -> None:
    rows = text(MiniMap().draw([], 40, 5))
    assert [len(row) for row in rows] == [40] * 5
    assert "waiting for a driver" in rows[2]
