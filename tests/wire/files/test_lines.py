"""A track as one line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hub.wire.files.lines import Line
from hub.wire.stored import StoredPosition

NOON = datetime(2026, 1, 1, 12, 0, 0, 500_000, tzinfo=UTC)
AT = "2026-01-01T12:00:00.500000Z"


def position(longitude: float, latitude: float = 25.2, altitude: float | None = None) -> StoredPosition:
    return StoredPosition("d", latitude, longitude, NOON, NOON, altitude=altitude)


def written(*pieces: list[StoredPosition]) -> Any:
    line = Line()
    for piece in pieces:
        line.extend(piece)
    return json.loads(b"".join(line.pieces("d")))


@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_a_line_is_the_same_in_any_number_of_pieces(cut: int) -> None:
    positions = [position(-55.3), position(-55.2, altitude=-3.25), position(-55.1)]
    assert written(positions[:cut], [], positions[cut:]) == {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[-55.3, 25.2], [-55.2, 25.2, -3.25], [-55.1, 25.2]]},
        "properties": {"driverId": "d", "coordTimes": [AT] * 3},
    }


def test_a_line_has_two_ends_or_no_geometry() -> None:
    assert written([position(1.0)])["geometry"] == {"type": "LineString", "coordinates": [[1.0, 25.2]] * 2}
    assert written([position(1.0)])["properties"]["coordTimes"] == [AT, AT]
    assert written([]) == {"type": "Feature", "geometry": None, "properties": {"driverId": "d", "coordTimes": []}}


def test_the_longitude_goes_on_across_the_antimeridian() -> None:
    places = written([position(179.9), position(-179.9)], [position(-179.8), position(179.95)])["geometry"]
    assert [longitude for longitude, _ in places["coordinates"]] == [179.9, 180.1, 180.2, 179.95]


@given(some.lists(some.integers(-1_799_999_999, 1_799_999_999), min_size=2, max_size=20))
def test_no_step_goes_around_the_world(e7: list[int]) -> None:
    places = written([position(each / 1e7) for each in e7])["geometry"]["coordinates"]
    for (before, _), (after, _) in pairwise(places):
        assert abs(after - before) <= 180.0000001
    for (longitude, _), each in zip(places, e7, strict=True):
        assert abs((longitude - each / 1e7) / 360 - round((longitude - each / 1e7) / 360)) < 1e-9
