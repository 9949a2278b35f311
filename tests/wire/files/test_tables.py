"""Lists as CSV, in one piece and in several."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.wire.files.tables import Table
from hub.wire.stored import PlaceName, Stop, Trip

NOON = datetime(2026, 1, 1, 12, 0, 0, 500_000, tzinfo=UTC)


def test_stops_with_unknown_fields() -> None:
    table = Table(Stop)
    stops = [
        Stop("d", NOON, 25.2, -55.3, NOON + timedelta(seconds=300), 300.0),
        Stop("e", NOON, 1e-7, 180.0, place=PlaceName("=1+1, Oman", "geocoder")),
    ]
    expected = (
        "driverId,startedAt,latitude,longitude,endedAt,duration,place\r\n"
        "d,2026-01-01T12:00:00.500000Z,25.2,-55.3,2026-01-01T12:05:00.500000Z,300.0,\r\n"
        'e,2026-01-01T12:00:00.500000Z,1e-07,180.0,,,"\'=1+1, Oman"\r\n'
    )
    assert (table.head() + table.rows(stops)).decode() == expected
    assert table.head() + table.rows(stops[:1]) + table.rows([]) + table.rows(stops[1:]) == expected.encode()


def test_a_field_is_left_out() -> None:
    names = Table(Trip, {"path"}).head().decode().strip().split(",")
    assert "tripId" in names and "averageSpeed" in names and "path" not in names
    assert len(names) == len(Trip.__struct_fields__) - 1
