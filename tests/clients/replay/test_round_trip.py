"""What goes out comes in: the hub's exports, read again, have every reading."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec import UNSET, Raw

from clients.messages import Fix
from clients.replay.tracks import read
from hub.wire.files.exports import FILES, TrackFile
from hub.wire.files.lines import Line
from hub.wire.stored import StoredPosition

JSON = some.dictionaries(some.text(max_size=10), some.none() | some.booleans() | some.integers(-99, 99) | some.text(max_size=20), max_size=3)  # fmt: skip # noqa: E501


def maybe(low: float, high: float) -> some.SearchStrategy[float | None]:
    return some.none() | some.floats(low, high)


POSITIONS = some.lists(
    some.builds(
        StoredPosition,
        driver_id=some.just("van.1"),
        # Places are stored with seven digits.
        latitude=some.integers(-900_000_000, 900_000_000).map(lambda e7: e7 / 1e7),
        longitude=some.integers(-1_800_000_000, 1_800_000_000).map(lambda e7: e7 / 1e7),
        recorded_at=some.datetimes(datetime(1981, 1, 1), datetime(2037, 1, 1), timezones=some.just(UTC)),
        received_at=some.just(datetime(2026, 1, 1, tzinfo=UTC)),
        speed=maybe(0, 400),
        heading=maybe(0, 360),
        accuracy=maybe(0, 1e7).filter(lambda accuracy: accuracy != 0),
        altitude=maybe(-12_000, 100_000),
        battery=maybe(0, 1),
        attributes=some.just(UNSET) | JSON.filter(bool).map(lambda value: Raw(msgspec.json.encode(value))),
    ),
    min_size=1,
    max_size=5,
)


def fix(position: StoredPosition) -> Fix:
    attributes = None if position.attributes is UNSET else msgspec.json.decode(position.attributes)
    names = (
        "latitude",
        "longitude",
        "driver_id",
        "recorded_at",
        *(["speed", "heading", "accuracy", "altitude", "battery"]),
    )
    return Fix(*(getattr(position, name) for name in names), attributes=attributes)


def again(name: str, content: bytes) -> list[Fix]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        bad: list[object] = []
        fixes = [point.fix for point in read([path], bad.append)]
        assert bad == []
        return fixes


@pytest.mark.parametrize("file", FILES, ids=[file.extension for file in FILES])
@settings(max_examples=40, deadline=None)
@given(positions=POSITIONS)
def test_an_export_is_read_with_all_readings(file: TrackFile, positions: list[StoredPosition]) -> None:
    content = file.head("van.1") + file.positions(positions, first=True) + file.tail()
    assert again(f"van.1.{file.extension}", content) == [fix(position) for position in positions]


def test_a_line_across_the_antimeridian_is_read_with_its_times() -> None:
    """The other readings are not in it."""
    places = [(0.0, 179.9), (0.1, -179.9), (0.2, -179.8), (0.3, 179.95)]
    positions = [
        StoredPosition("van.1", *place, datetime(2026, 1, 1, 0, k, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
        for k, place in enumerate(places)
    ]
    line = Line()
    line.extend(positions)
    assert again("van.1.geojson", b"".join(line.pieces("van.1"))) == [fix(position) for position in positions]


@settings(max_examples=20, deadline=None)
@given(positions=POSITIONS)
def test_pages_of_the_api_and_lines_of_the_socket_are_read(positions: list[StoredPosition]) -> None:
    expected = [fix(position) for position in positions]
    assert again("page.json", msgspec.json.encode({"positions": positions, "next": "x"})) == expected
    assert again("live.json", msgspec.json.encode({"drivers": [{"position": each} for each in positions]})) == expected
    assert again("lines.jsonl", b"\n".join(map(msgspec.json.encode, positions))) == expected
