"""Files of tracks, in one piece and in several."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from msgspec import Raw

from hub.wire.files.exports import FILES, TrackFile
from hub.wire.stored import StoredPosition

NOON = datetime(2026, 1, 1, 12, 0, 0, 500_000, tzinfo=UTC)
FULL = StoredPosition("d", 25.2, -55.3, NOON, NOON, 1.5, 359.0, 4.0, -3.25, 0.5, Raw(b'{"a":"\\"x\\",\\n"}'))
BARE = StoredPosition("d", 0.0000001, 180.0, NOON, NOON)

EXPECTED = {
    "geojson": (
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point",'
        '"coordinates":[-55.3,25.2,-3.25]},"properties":{"driverId":"d","recordedAt":"2026-01-01T12:00:00.500000Z",'
        '"receivedAt":"2026-01-01T12:00:00.500000Z","speed":1.5,"heading":359.0,"accuracy":4.0,"battery":0.5,'
        '"attributes":{"a":"\\"x\\",\\n"}}},\n'
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[180.0,1e-7]},"properties":{"driverId":"d",'
        '"recordedAt":"2026-01-01T12:00:00.500000Z","receivedAt":"2026-01-01T12:00:00.500000Z"}}]}\n'
    ),
    "gpx": (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="location-hub" xmlns="http://www.topografix.com/GPX/1/1"'
        ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2" xmlns:hub="urn:location-hub:gpx:1">\n'
        "<trk><name>d</name><trkseg>\n"
        '<trkpt lat="25.2000000" lon="-55.3000000"><ele>-3.25</ele><time>2026-01-01T12:00:00.500000Z</time>'
        "<extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>1.5</gpxtpx:speed><gpxtpx:course>359.0</gpxtpx:course>"
        "</gpxtpx:TrackPointExtension><hub:accuracy>4.0</hub:accuracy><hub:battery>0.5</hub:battery>"
        '<hub:attributes>{"a":"\\"x\\",\\n"}</hub:attributes></extensions></trkpt>\n'
        '<trkpt lat="0.0000001" lon="180.0000000"><time>2026-01-01T12:00:00.500000Z</time></trkpt>\n'
        "</trkseg></trk>\n</gpx>\n"
    ),
    "csv": (
        "driverId,latitude,longitude,recordedAt,receivedAt,speed,heading,accuracy,altitude,battery,attributes\r\n"
        "d,25.2,-55.3,2026-01-01T12:00:00.500000Z,2026-01-01T12:00:00.500000Z,1.5,359.0,4.0,-3.25,0.5,"
        '"{""a"":""\\""x\\"",\\n""}"\r\n'
        "d,1e-07,180.0,2026-01-01T12:00:00.500000Z,2026-01-01T12:00:00.500000Z,,,,,,\r\n"
    ),
}


@pytest.mark.parametrize("file", FILES, ids=[file.extension for file in FILES])
@pytest.mark.parametrize("pieces", [[[FULL, BARE]], [[FULL], [BARE]], [[FULL, BARE], []]])
def test_a_file_is_the_same_in_any_number_of_pieces(file: TrackFile, pieces: list[list[StoredPosition]]) -> None:
    parts = [file.positions(piece, first=number == 0) for number, piece in enumerate(pieces)]
    assert (file.head("d") + b"".join(parts) + file.tail()).decode() == EXPECTED[file.extension]


def test_a_geojson_file_without_positions_is_one() -> None:
    file = FILES[0]
    assert json.loads(file.head("d") + file.positions([], first=True) + file.tail())["features"] == []
