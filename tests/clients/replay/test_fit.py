"""FIT files: what a watch or a vehicle logger writes."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clients.messages import Fix
from clients.replay import fit as reader
from clients.replay.records import TrackError
from clients.replay.tracks import estimate
from tests.clients.replay.test_tracks import read_all, write
from tests.support.fit import EPOCH, fit, semicircles

AT = datetime(2026, 11, 27, 8, 0, 5, tzinfo=UTC)
SECOND = int(AT.timestamp()) - EPOCH
PLACE = {"position_lat": semicircles(25.2048), "position_long": semicircles(-55.2708)}


def test_a_record_has_its_readings_in_our_units(tmp_path: Path) -> None:
    record = {**PLACE, "timestamp": SECOND, "speed": 12_500, "altitude": (37 + 500) * 5, "gps_accuracy": 4}
    points, bad = read_all(write(tmp_path, "van-7.fit", fit([record])))
    expected = Fix(25.2048, -55.2708, "van-7", AT, speed=12.5, altitude=37.0, accuracy=4.0)
    assert [point.fix for point in points] == [expected]
    assert (points[0].line, points[0].zoned, bad) == (1, True, [])


def test_the_enhanced_readings_are_used_where_there_are_no_others(tmp_path: Path) -> None:
    """A speed above 65 m/s does not fit into the older field."""
    record = {**PLACE, "timestamp": SECOND, "enhanced_speed": 70_250, "enhanced_altitude": (9_000 + 500) * 5}
    (point,), _ = read_all(write(tmp_path, "a.fit", fit([record])))
    assert (point.fix.speed, point.fix.altitude) == (70.25, 9_000.0)


def test_records_without_a_place_are_no_points(tmp_path: Path) -> None:
    records = [
        {"timestamp": SECOND, "heart_rate": 80},
        {**PLACE, "timestamp": SECOND + 1},
        {"position_lat": PLACE["position_lat"], "timestamp": SECOND + 2},
    ]
    points, bad = read_all(write(tmp_path, "a.fit", fit(records)))
    assert [point.line for point in points] == [2]
    assert bad == ["a.fit:3: no longitude"]


def test_a_clock_that_was_never_set(tmp_path: Path) -> None:
    """Below 2**28 the time counts from when the device was switched on."""
    points, bad = read_all(write(tmp_path, "a.fit", fit([{**PLACE, "timestamp": 1_000}, PLACE])))
    assert (points, bad) == ([], ["a.fit:1: the time is not valid", "a.fit:2: no time"])


def test_an_error_costs_the_rest_of_the_file(tmp_path: Path) -> None:
    records = [{**PLACE, "timestamp": SECOND + n} for n in range(100)]
    whole = fit(records)
    points, bad = read_all(write(tmp_path, "cut.fit", whole[: len(whole) // 2]))
    assert 40 < len(points) < 60
    assert bad == [f"cut.fit:{len(points)}: the rest of the file cannot be read"]
    points, bad = read_all(write(tmp_path, "sum.fit", whole[:-1] + bytes([whole[-1] ^ 1])))
    assert (len(points), bad) == (100, ["sum.fit:100: the rest of the file cannot be read"])
    for size in range(14, len(whole), 101):
        read_all(write(tmp_path, "any.fit", whole[:size] + b"\xff\x00" * 20))


def test_other_messages_are_passed_over(tmp_path: Path) -> None:
    """A lap (19) has a time and places, too."""
    points, bad = read_all(write(tmp_path, "a.fit", fit([{**PLACE, "timestamp": SECOND}], message=19)))
    assert (points, bad) == ([], [])


def test_files_are_merged_with_others_and_estimated(tmp_path: Path) -> None:
    track = write(tmp_path, "a.fit", fit([{**PLACE, "timestamp": SECOND + n} for n in range(0, 1_000, 2)]))
    table = write(tmp_path, "b.csv", "time,lat,lon\n2026-11-27T08:00:06Z,1,2\n")
    points, _ = read_all(track, table)
    assert [point.path.name for point in points[:3]] == ["a.fit", "b.csv", "a.fit"]
    assert 250 < estimate([track]) < 1_000


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "a.fit", fit([{**PLACE, "timestamp": SECOND}]))
    known = importlib.util.find_spec
    monkeypatch.setattr(reader, "find_spec", lambda name: None if name == "fitdecode" else known(name))
    with pytest.raises(TrackError, match=r"a\.fit: FIT needs the extra fit: pip install"):
        read_all(path)
