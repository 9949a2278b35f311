"""Tracks in files: the points that are read, and the rows that are reported."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from clients.messages import Fix
from clients.replay.records import BadRow, Point, TrackError
from clients.replay.tracks import estimate, read


def read_all(*paths: Path) -> tuple[list[Point], list[str]]:
    bad: list[BadRow] = []
    points = list(read(list(paths), bad.append))
    return points, [f"{row.path.name}:{row.line}: {row.reason}" for row in bad]


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def at(second: int) -> datetime:
    return datetime(2008, 10, 23, 2, 53, second, tzinfo=UTC)


def test_csv(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "000.csv",
        "\ufeffrecorded_at,latitude,longitude,altitude_m,speed,heading,accuracy,colour\r\n"
        "2008-10-23T02:53:04Z,39.984702,116.318417,150.0,1.5,359.9,8,red\r\n"
        "\r\n"
        "2008-10-23T04:53:10+02:00,39.984683,116.31845,,,,,\r\n",
    )
    points, bad = read_all(path)
    assert bad == []
    assert [point.fix for point in points] == [
        Fix(39.984702, 116.318417, "000", at(4), 1.5, 359.9, 8.0, 150.0),
        Fix(39.984683, 116.31845, "000", at(10)),
    ]
    assert [point.line for point in points] == [2, 4]


def test_csv_with_drivers(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a whole fleet.csv",
        "driver_id,recorded_at,latitude,longitude\na,2008-10-23T02:53:04Z,1,2\nb,2008-10-23T02:53:05Z,3,4\n",
    )
    points, _ = read_all(path)
    assert [point.fix.driver_id for point in points] == ["a", "b"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2008-10-23T02:53:04Z,39.98", "no longitude"),
        ("2008-10-23T02:53:04Z,39.98,116,1", "more cells than the header has"),
        ("2008-10-23T02:53:04Z,,116", "no latitude"),
        ("2008-10-23T02:53:04Z,39.98,east", "the longitude is not a number"),
        ("2008-10-23T02:53:04Z,nan,116", "the latitude is not a number"),
        ("2008-10-23T02:53:04Z,39.98,180.1", "the longitude is not between -180 and 180 degrees"),
        ("yesterday,39.98,116", "the time is not valid"),
        ("1970-01-01T00:00:00Z,39.98,116", "the time is not valid"),
        (",39.98,116", "no time"),
        ('"2008-10-23T02:53:04Z"x,39.98,116', "the row is not valid CSV"),
        ("2008-10-23T02:53:04Z,39\x00,116", "the latitude is not a number"),
    ],
)
def test_a_bad_row_is_reported_and_its_neighbours_are_read(tmp_path: Path, row: str, reason: str) -> None:
    good = "2008-10-23T02:53:04Z,39.98,116"
    path = write(tmp_path, "d.csv", f"recorded_at,latitude,longitude\n{good}\n{row}\n{good}\n")
    points, bad = read_all(path)
    assert bad == [f"d.csv:3: {reason}"]
    assert [point.line for point in points] == [2, 4]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = write(tmp_path, "d.csv", b"recorded_at,latitude,longitude\n\xff\xfe,1,2\n2008-10-23T02:53:04Z,1,2\n")
    points, bad = read_all(path)
    assert len(points) == 1
    assert bad == ["d.csv:2: the time is not valid"]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("d.csv", "", "no column for: time, latitude, longitude"),
        ("d.csv", "recorded_at,lat,breadth\n", "no column for: longitude"),
        ("d.kml", "<html></html>", "the element 'html' is not the beginning of GPX or KML"),
    ],
)
def test_a_file_that_is_not_a_track(tmp_path: Path, name: str, text: str, reason: str) -> None:
    with pytest.raises(TrackError, match=f"{name}: {reason}"):
        read_all(write(tmp_path, name, text))


GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="phone" xmlns="http://www.topografix.com/GPX/1/1"
     xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
  <metadata><time>2000-01-01T00:00:00Z</time></metadata>
  <wpt lat="1" lon="2"><time>2008-10-23T02:53:00Z</time></wpt>
  <trk><name>to work</name><trkseg>
    <trkpt lat="39.984702" lon="116.318417"><ele>150.0</ele><time>2008-10-23T02:53:04Z</time>
      <extensions><gpxtpx:TrackPointExtension>
        <gpxtpx:speed>1.5</gpxtpx:speed><gpxtpx:course>42</gpxtpx:course><gpxtpx:hr>99</gpxtpx:hr>
      </gpxtpx:TrackPointExtension></extensions>
    </trkpt>
    <trkpt lat="39.984683" lon="116.31845"><time> 2008-10-23T02:53:10.500Z </time></trkpt>
    <trkpt lat="39.984683" lon="116.31845"></trkpt>
    <trkpt lon="116.31845"><time>2008-10-23T02:53:10Z</time></trkpt>
  </trkseg></trk>
</gpx>
"""


def test_gpx(tmp_path: Path) -> None:
    points, bad = read_all(write(tmp_path, "phone-1.gpx", GPX))
    assert [point.fix for point in points] == [
        Fix(39.984702, 116.318417, "phone-1", at(4), speed=1.5, heading=42.0, altitude=150.0),
        Fix(39.984683, 116.31845, "phone-1", at(10).replace(microsecond=500_000)),
    ]
    assert [point.line for point in points] == [7, 12]
    assert bad == [
        "phone-1.gpx:13: no time",
        "phone-1.gpx:14: no latitude",
    ]


def test_gpx_that_ends_early_gives_what_it_has(tmp_path: Path) -> None:
    cut = GPX[: GPX.index('<trkpt lat="39.984683"') + 30]
    points, bad = read_all(write(tmp_path, "p.gpx", cut))
    assert len(points) == 1
    assert len(bad) == 1 and "the rest of the file cannot be read" in bad[0]


def test_gpx_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><gpx>&b;</gpx>'
    points, bad = read_all(write(tmp_path, "p.gpx", bomb))
    assert points == []
    assert bad == ["p.gpx:1: the rest of the file cannot be read"]


def test_files_are_merged_by_time(tmp_path: Path) -> None:
    header = "recorded_at,latitude,longitude\n"
    a = write(tmp_path, "a.csv", header + "".join(f"2008-10-23T02:53:{s:02}Z,1,1\n" for s in (0, 20, 40)))
    b = write(tmp_path, "b.csv", header + "".join(f"2008-10-23T02:53:{s:02}Z,2,2\n" for s in (10, 30, 35)))
    points, _ = read_all(a, b)
    assert [(point.fix.driver_id, point.recorded_at.second) for point in points] == [
        ("a", 0),
        ("b", 10),
        ("a", 20),
        ("b", 30),
        ("b", 35),
        ("a", 40),
    ]


def test_estimate(tmp_path: Path) -> None:
    csv = write(tmp_path, "a.csv", "recorded_at,latitude,longitude\n" + "x\n" * 100)
    assert estimate([csv, write(tmp_path, "b.gpx", GPX)]) == 101 + 4
