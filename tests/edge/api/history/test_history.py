"""What was: tracks in four notations, trips, days and places; each fleet by itself."""

from __future__ import annotations

import asyncio
import base64
import csv
import http.client
import io
import os
import signal
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import chain
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec
import pytest

from hub.edge.api.history import track as track_module
from hub.stores.postgres.history.reads import PLACE_BEFORE_ALL
from hub.stores.postgres.places.names import PlaceNames
from tests.identity.test_tokens import token
from tests.support.api.calls import Answer, get
from tests.support.running import Edge

DAY = "2026-10-05"
SPAN = f"from={DAY}T00:00:00Z&to={DAY}T12:00:00Z"
RED, BLUE = token(fleet="red"), token(fleet="blue")
A, B, OTHERS = ("00000000-0000-4000-8000-00000000000" + digit for digit in "123")

FILL = f"""
INSERT INTO positions (
    recorded_at, received_at, latitude_e7, longitude_e7, speed, altitude, fleet, driver_id, attributes
)
SELECT at, at + interval '1 s', 250000000 + k * 10, 550000000 + k, k % 30, 7.5, fleet, 'd',
    CASE WHEN k = 0 THEN '{{"a": "x,\\"y"}}'::json END
FROM generate_series(0, 1200) AS k, LATERAL (SELECT timestamptz '{DAY} 00:00:00Z' + k * interval '10 s') AS t (at),
    (VALUES ('red')) AS f (fleet);
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
SELECT timestamptz '{DAY} 00:00:00Z' + k * interval '10 s', now(), 260000000 + k % 2 * 9000, 550000000 + k, 'red',
    'zigzag' FROM generate_series(0, 400) AS k;
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
SELECT timestamptz '{DAY} 01:00:00Z', now(), 250000000, 550000000 + k, 'red', 'same' FROM generate_series(1, 25) AS k;
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
VALUES ('{DAY} 02:00:00Z', now(), 251000000, 550000000, 'blue', 'd'),
    ('{DAY} 02:00:00Z', now(), 251000000, 550000000, 'blue', 'only');
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id, path)
VALUES
    ('{A}', '{DAY} 01:00Z', '{DAY} 01:10Z', '{DAY} 01:10Z', 1, 2, 3, 4, 6000, 540, 20, 60, 'red', 'd', '_p~iF~ps|U'),
    ('{B}', '{DAY} 03:00Z', NULL, '{DAY} 03:05Z', 3, 4, NULL, NULL, 3000, 300, 15, 30, 'red', 'd', NULL),
    ('{OTHERS}', '{DAY} 01:00Z', '{DAY} 01:10Z', '{DAY} 01:10Z', 1, 2, 3, 4, 600, 60, 20, 60, 'blue', 'd', '');
INSERT INTO daily (fleet, driver_id, day, trips, distance, duration, moving_time, max_speed)
VALUES ('red', 'd', '{DAY}', 2, 9000, 900, 840, 20), ('blue', 'd', '{DAY}', 1, 600, 600, 60, 20);
"""


def ask(hub: Edge, path: str, who: str = RED, **headers: str) -> Answer:
    return get(hub, f"/api/v1/{path}", who, **headers)


def pages(hub: Edge, path: str, name: str) -> Iterator[list[Any]]:
    """The pages of an answer, by its ``Link`` headers."""
    path = f"/api/v1/{path}"
    while path:
        answer = get(hub, path, RED)
        assert answer.status == 200, answer
        yield answer.json[name]
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""


def test_a_track_in_pages_is_whole(past: Edge) -> None:
    found = list(pages(past, f"drivers/d/track?{SPAN}&limit=500", "positions"))
    assert list(map(len, found)) == [500, 500, 201]
    track = list(chain.from_iterable(found))
    assert [position["latitude"] for position in track] == [round(25 + k * 1e-6, 7) for k in range(1201)]
    assert track[0] == {
        "driverId": "d", "latitude": 25.0, "longitude": 55.0, "recordedAt": f"{DAY}T00:00:00Z",
        "receivedAt": f"{DAY}T00:00:01Z", "speed": 0.0, "altitude": 7.5, "attributes": {"a": 'x,"y'},
    }  # fmt: skip
    assert "attributes" not in track[1]


def test_a_page_may_end_between_positions_of_one_instant(past: Edge) -> None:
    found = list(pages(past, f"drivers/same/track?{SPAN}&limit=10", "positions"))
    assert [round((position["longitude"] - 55) * 1e7) for position in list(chain.from_iterable(found))] == list(
        range(1, 26)
    )


def test_without_a_span_it_is_the_last_day(past: Edge) -> None:
    assert ask(past, "drivers/d/track").json == {"positions": []}
    since = ask(past, f"drivers/d/track?from={DAY}T03:19:50Z&to={DAY}T03:20:01%2B00:00").json["positions"]
    assert [position["recordedAt"] for position in since] == [f"{DAY}T03:19:50Z", f"{DAY}T03:20:00Z"]


def test_a_track_as_geojson(past: Edge) -> None:
    answer = ask(past, f"drivers/d/track?{SPAN}", accept="application/geo+json")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json["features"]
    assert len(features) == 1201
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [55.0, 25.0, 7.5]}
    assert features[0]["properties"] == {
        "driverId": "d", "recordedAt": f"{DAY}T00:00:00Z", "receivedAt": f"{DAY}T00:00:01Z", "speed": 0.0,
        "attributes": {"a": 'x,"y'},
    }  # fmt: skip


def test_a_track_as_gpx(past: Edge) -> None:
    answer = ask(past, f"drivers/d/track?{SPAN}&format=gpx")
    assert answer.headers["content-disposition"] == 'attachment; filename="d.gpx"'
    names = {"g": "http://www.topografix.com/GPX/1/1"}
    points = ET.fromstring(answer.body).findall("g:trk/g:trkseg/g:trkpt", names)
    assert len(points) == 1201
    assert points[0].attrib == {"lat": "25.0000000", "lon": "55.0000000"}
    assert [child.text for child in points[0]][:2] == ["7.5", f"{DAY}T00:00:00Z"]
    extension = "g:extensions/{http://www.garmin.com/xmlschemas/TrackPointExtension/v2}TrackPointExtension/"
    assert [child.text for child in points[0].findall(f"{extension}*", names)] == ["0.0"]
    assert points[0].findtext("g:extensions/{urn:location-hub:gpx:1}attributes", None, names) == '{"a": "x,\\"y"}'


def test_a_track_as_csv(past: Edge) -> None:
    answer = ask(past, f"drivers/d/track?{SPAN}&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
    assert len(rows) == 1201
    assert rows[0] == {
        "driverId": "d", "latitude": "25.0", "longitude": "55.0", "recordedAt": f"{DAY}T00:00:00Z",
        "receivedAt": f"{DAY}T00:00:01Z", "speed": "0.0", "heading": "", "accuracy": "", "altitude": "7.5",
        "battery": "", "attributes": '{"a": "x,\\"y"}',
    }  # fmt: skip


def test_a_thinned_track_has_the_ends_of_a_straight_line(past: Edge) -> None:
    whole = list(chain.from_iterable(pages(past, f"drivers/d/track?{SPAN}", "positions")))
    for query in ("simplify=5", "maxPoints=2", "simplify=5&maxPoints=3"):
        assert ask(past, f"drivers/d/track?{SPAN}&{query}").json == {"positions": [whole[0], whole[-1]]}
    features = ask(past, f"drivers/d/track?{SPAN}&simplify=5&format=geojson").json["features"]
    assert [feature["properties"]["recordedAt"] for feature in features] == [
        whole[0]["recordedAt"],
        whole[-1]["recordedAt"],
    ]
    assert ask(past, f"drivers/d/track?{SPAN}&simplify=5&format=csv").body.count(b"\n") == 3
    assert len(ET.fromstring(ask(past, f"drivers/d/track?{SPAN}&maxPoints=2&format=gpx").body)[0][1]) == 2


def test_the_metres_are_doubled_until_a_track_has_few_enough_points(past: Edge) -> None:
    """``zigzag`` goes 100 m up and down again 400 times."""
    assert len(ask(past, f"drivers/zigzag/track?{SPAN}&simplify=10").json["positions"]) == 401
    few = ask(past, f"drivers/zigzag/track?{SPAN}&maxPoints=50").json["positions"]
    assert 2 <= len(few) <= 50
    times = [position["recordedAt"] for position in few]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (f"{DAY}T00:00:00Z", f"{DAY}T01:06:40Z")


def test_what_cannot_be_thinned_is_said(past: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    for query in ("simplify=0", "simplify=x", "maxPoints=1", "maxPoints=5001", "simplify=5&limit=5"):
        assert ask(past, f"drivers/d/track?{SPAN}&{query}").status == 422
    monkeypatch.setattr(track_module, "MAX_KEPT", 300)
    answer = ask(past, f"drivers/zigzag/track?{SPAN}&simplify=10")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "simplify")
    monkeypatch.setattr(track_module, "MAX_READ", 1_000)
    answer = ask(past, f"drivers/d/track?{SPAN}&maxPoints=10&format=gpx")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "from")


def test_an_empty_track_is_a_file_too(past: Edge) -> None:
    assert ask(past, "drivers/d/track?format=geojson").json == {"type": "FeatureCollection", "features": []}
    assert ET.fromstring(ask(past, "drivers/d/track?format=gpx").body) is not None
    assert ask(past, "drivers/d/track?format=csv").body.count(b"\n") == 1


def test_trips(past: Edge) -> None:
    found = list(pages(past, f"drivers/d/trips?{SPAN}&limit=1", "trips"))
    assert [[trip["tripId"] for trip in page] for page in found] == [[A], [B], []]
    assert found[0][0] == {
        "tripId": A, "driverId": "d", "startedAt": f"{DAY}T01:00:00Z", "endedAt": f"{DAY}T01:10:00Z",
        "countedTo": f"{DAY}T01:10:00Z", "latitude": 1.0, "longitude": 2.0, "endLatitude": 3.0, "endLongitude": 4.0,
        "distance": 6000.0, "duration": 600.0, "movingTime": 540.0, "idleTime": 60.0, "averageSpeed": 10.0,
        "maxSpeed": 20.0, "points": 60, "gapDistance": 0.0,
        "endPlace": {"text": "288 km SW of Twon-Brass, Nigeria", "source": "gazetteer", "name": "Twon-Brass",
                     "country": "NG", "distance": 288319, "direction": "SW"},
    }  # fmt: skip
    assert "endedAt" not in found[1][0]
    assert ask(past, "drivers/d/trips").json == {"trips": []}
    whole = ask(past, f"trips/{A}").json
    assert whole == {**found[0][0], "path": "_p~iF~ps|U"}


def test_days(past: Edge) -> None:
    days = f"from={DAY}&to={DAY}"
    assert ask(past, f"analytics/daily?{days}").json["days"] == [
        {"day": DAY, "driverId": "d", "trips": 2, "distance": 9000.0, "duration": 900.0, "movingTime": 840.0,
         "averageSpeed": 10.0, "maxSpeed": 20.0}
    ]  # fmt: skip
    (day,) = ask(past, f"analytics/daily?{days}&by=fleet").json["days"]
    assert (day["drivers"], day["trips"], day["distance"]) == (1, 2, 9000.0)
    assert len(ask(past, f"analytics/daily?{days}&driverId=d").json["days"]) == 1
    assert ask(past, f"analytics/daily?{days}&driverId=e").json == {"days": [], "timeZone": "UTC"}
    assert ask(past, "analytics/daily").json == {"days": [], "timeZone": "UTC"}
    for by in ("driver", "fleet"):
        assert sum(map(len, pages(past, f"analytics/daily?{days}&by={by}&limit=1", "days"))) == 1


@pytest.mark.parametrize("by", ["driver", "fleet"])
def test_days_of_another_time_zone(past: Edge, by: str) -> None:
    """Trips at 1 and at 3 o'clock UTC are those of one day in Tokyo, and of two days two hours west of Greenwich."""
    before = str(date.fromisoformat(DAY) - timedelta(days=1))
    days = f"analytics/daily?from={before}&to={DAY}&by={by}&limit=1"
    for zone, expected in (("Asia/Tokyo", [(DAY, 2)]), ("Etc/GMT%2B2", [(before, 1), (DAY, 1)]), ("UTC", [(DAY, 2)])):
        found = [day for page in pages(past, f"{days}&tz={zone}", "days") for day in page]
        assert [(day["day"], day["trips"]) for day in found] == expected
        assert sum(day["distance"] for day in found) == 9000.0
    assert ask(past, f"{days}&tz=Asia/Tokyo").json["timeZone"] == "Asia/Tokyo"


def test_the_drivers_inside_a_box(past: Edge) -> None:
    box = "bbox=54.9,25,55.1,25.0001"
    found = list(pages(past, f"positions?{box}&{SPAN}&limit=50", "positions"))
    assert list(map(len, found)) == [50, 50, 26]
    inside = list(chain.from_iterable(found))
    assert {position["driverId"] for position in inside} == {"d", "same"}
    assert inside == sorted(inside, key=lambda p: (p["recordedAt"], p["driverId"], p["latitude"], p["longitude"]))
    assert ask(past, f"positions/drivers?{box}&{SPAN}").json == {
        "drivers": [
            {"driverId": "d", "firstAt": f"{DAY}T00:00:00Z", "lastAt": f"{DAY}T00:16:40Z", "positions": 101},
            {"driverId": "same", "firstAt": f"{DAY}T01:00:00Z", "lastAt": f"{DAY}T01:00:00Z", "positions": 25},
        ]
    }


def test_fleets_do_not_see_each_other(past: Edge) -> None:
    (own,) = ask(past, f"drivers/d/track?{SPAN}", BLUE).json["positions"]
    assert own["latitude"] == 25.1
    assert len(ask(past, f"drivers/only/track?{SPAN}", BLUE).json["positions"]) == 1
    for path in ("drivers/only/track", "drivers/only/trips", f"trips/{OTHERS}", "drivers/only/track?format=gpx"):
        assert ask(past, path).status == 404
    assert [trip["tripId"] for trip in ask(past, f"drivers/d/trips?{SPAN}", BLUE).json["trips"]] == [OTHERS]
    assert ask(past, f"trips/{A}", BLUE).status == 404
    assert ask(past, f"analytics/daily?from={DAY}&to={DAY}", BLUE).json["days"][0]["distance"] == 600.0
    (there,) = ask(past, f"positions/drivers?bbox=54.9,25.05,55.1,25.1&{SPAN}&", BLUE).json["drivers"][:1]
    assert there["positions"] == 1
    assert ask(past, f"positions/drivers?bbox=54.9,25.05,55.1,25.1&{SPAN}").json == {"drivers": []}
    cursor = ask(past, f"drivers/d/track?{SPAN}&limit=1").json["next"]
    (own,) = ask(past, f"drivers/d/track?{SPAN}&limit=5&cursor={cursor}", BLUE).json["positions"]
    assert own["latitude"] == 25.1


def test_a_driver_reads_itself_only(past: Edge) -> None:
    driver = token(role="driver", driver="d", fleet="red")
    for path in ("drivers/d/track", "drivers/d/trips", f"trips/{A}", "analytics/daily?driverId=d"):
        assert ask(past, path, driver).status == 200
    for path in ("drivers/same/track", "drivers/same/trips", "analytics/daily", "positions?bbox=1,1,2,2"):
        assert ask(past, path, driver).status == 403
    with pytest.MonkeyPatch.context() as patch:
        # Nor is a geocoder asked for its places.
        patch.setattr(PlaceNames, "naming", None)
        assert ask(past, f"trips/{A}", token(role="driver", driver="e", fleet="red")).status == 404
    assert ask(past, f"trips/{A}", token(role="gateway", fleet="red")).status == 403


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("drivers/none/track", 404, None),
        ("drivers/no%20id/track", 404, None),
        ("drivers/%00/track", 404, None),
        ("drivers/none/trips", 404, None),
        ("trips/none", 404, None),
        ("trips/00000000-0000-4000-8000-0000000000ff", 404, None),
        ("drivers/d/track?from=yesterday", 422, "from"),
        ("drivers/d/track?from=2026-01-01T00:00:00", 422, "from"),
        ("drivers/d/track?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", 422, "from"),
        ("drivers/d/track?from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z", 422, "from"),
        ("drivers/d/track?to=0001-01-01T00:00:00Z", 422, "to"),
        ("drivers/d/track?limit=5001", 422, "limit"),
        ("drivers/d/track?format=kml", 422, "format"),
        ("drivers/d/track?format=gpx&limit=5", 422, "format"),
        ("drivers/d/track?cursor=x", 422, "cursor"),
        ("drivers/d/trips?cursor=" + "A" * 400, 422, "cursor"),
        ("positions", 422, "bbox"),
        ("positions?bbox=1,2,3", 422, "bbox"),
        ("positions?bbox=1,2,3,x", 422, "bbox"),
        ("positions?bbox=1,3,2,2", 422, "bbox"),
        ("positions?bbox=-180,-90,180,90", 422, "bbox"),
        ("analytics/daily?from=2026-01-01&to=2025-01-01", 422, "from"),
        ("analytics/daily?from=2020-01-01&to=2026-01-01", 422, "from"),
        ("analytics/daily?to=9999-12-31", 422, "to"),
        ("analytics/daily?to=0001-01-01", 200, None),
        ("analytics/daily?by=month", 422, "by"),
        ("analytics/daily?tz=Mars/Base", 422, "tz"),
        ("analytics/daily?tz=../etc", 422, "tz"),
        ("analytics/daily?by=fleet&driverId=d", 422, "by"),
        ("analytics/daily?driverId=%00", 422, "driverId"),
        ("analytics/daily?cursor=kqoxOTcwLTAxLTAxoA", 422, "cursor"),
    ],
)
def test_what_is_asked_wrongly(past: Edge, path: str, status: int, field: str | None) -> None:
    answer = ask(past, path)
    assert answer.status == status, answer
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert [error["field"] for error in answer.json.get("errors", [])] == ([field] if field else [])


def test_cursors_that_others_made_change_nothing(past: Edge) -> None:
    """A cursor holds a place in an order and nothing that a question would trust."""
    for values in (["2026-10-05T00:00:00Z", 2**40, 0], ["2026-10-05T00:00:00Z", 1], [1, 2, 3], {}, ["x", "\x00", 0, 0]):
        cursor = base64.urlsafe_b64encode(msgspec.msgpack.encode(values)).decode()
        for path in ("drivers/d/track?", "drivers/d/trips?", "positions?bbox=1,1,2,2&", "analytics/daily?"):
            assert ask(past, f"{path}cursor={quote(cursor)}").status in (200, 422)


def test_an_export_that_postgresql_leaves_is_cut_off(past: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file must not look like a whole one."""
    real = track_module.track

    async def once(connection: Any, *args: Any) -> Any:
        if args[-1] != PLACE_BEFORE_ALL:
            await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return await real(connection, *args)

    monkeypatch.setattr(track_module, "track", once)
    with pytest.raises(http.client.IncompleteRead):
        ask(past, f"drivers/d/track?{SPAN}&format=csv")
    monkeypatch.undo()
    assert ask(past, f"drivers/d/track?{SPAN}&format=csv").body.count(b"\n") == 1202


@contextmanager
def frozen(hub: Edge) -> Iterator[None]:
    """The processes of PostgreSQL that serve the hub answer nothing."""

    async def pids() -> list[int]:
        connection = await asyncpg.connect(hub.settings.database_url)
        try:
            ask = "SELECT pid FROM pg_stat_activity WHERE application_name = 'hub history'"
            ask += " AND datname = current_database()"
            return [row["pid"] for row in await connection.fetch(ask)]
        finally:
            await connection.close()

    found = asyncio.run(pids())
    assert found
    for pid in found:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in found:
            os.kill(pid, signal.SIGCONT)


def test_a_postgresql_that_is_stuck_is_503_and_then_answers_again(past: Edge) -> None:
    path = f"drivers/d/track?{SPAN}&limit=1"
    assert ask(past, path).status == 200
    with frozen(past):
        answer = ask(past, path)
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert get(past, "/livez").status == 200
    assert ask(past, path).status == 200
