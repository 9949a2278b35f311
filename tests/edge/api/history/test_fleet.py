"""Trips and stops of a fleet, spans of days, and tracks as one line."""

from __future__ import annotations

import asyncio
import csv
import http.client
import io
from collections.abc import Iterator
from typing import Any

import pytest

from hub.edge.api.history import fleet as fleet_module
from hub.edge.api.history import track as track_module
from hub.embedded.services import Services
from tests.identity.test_tokens import token
from tests.support.api.calls import Answer, get
from tests.support.api.fleets import execute, hub_with
from tests.support.running import Edge

DAY = "2026-10-05"
SPAN = f"from={DAY}T00:00:00Z&to={DAY}T12:00:00Z"
RED, BLUE, NORTH = (token(fleet=fleet) for fleet in ("red", "blue", "north"))

FILL = f"""
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id, path)
SELECT gen_random_uuid(), at, at + interval '10 min', at + interval '10 min', 1, 2, 3, 4, 6000, 540, 20, 60, fleet,
    driver, '_p~iF~ps|U'
FROM generate_series(0, 239) AS k, LATERAL (SELECT timestamptz '{DAY} 00:00:00Z' + k * interval '3 min') AS t (at),
    (VALUES ('red', 'd'), ('red', 'e'), ('blue', 'd')) AS f (fleet, driver);
INSERT INTO stops (started_at, ended_at, latitude, longitude, fleet, driver_id)
SELECT timestamptz '{DAY} 00:00:00Z' + k * interval '1 hour',
    CASE WHEN k < 5 THEN timestamptz '{DAY} 00:30:00Z' + k * interval '1 hour' END, 25.5, 55.5, fleet, driver
FROM generate_series(0, 5) AS k, (VALUES ('red', 'd'), ('red', 'e'), ('blue', 'd')) AS f (fleet, driver);
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
SELECT timestamptz '2026-10-04 19:00:00Z' + k * interval '1 hour', now(), 250000000, 550000000 + k, fleet, 'd'
FROM generate_series(0, 47) AS k, (VALUES ('red'), ('north')) AS f (fleet);
"""


@pytest.fixture(scope="module")
def past(services: Services, template: str) -> Iterator[Edge]:
    zones = "Asia/Dubai,north=Europe/Berlin"
    with hub_with(services, template, "test_fleet_history", history_connections=2, time_zone=zones) as running:
        asyncio.run(execute(running.settings.database_url, FILL))
        yield running


def ask(hub: Edge, path: str, who: str = RED, **headers: str) -> Answer:
    return get(hub, f"/api/v1/{path}", who, **headers)


def all_pages(hub: Edge, path: str, name: str) -> list[list[Any]]:
    found = []
    path = f"/api/v1/{path}"
    while path:
        answer = get(hub, path, RED)
        assert answer.status == 200, answer
        found.append(answer.json[name])
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
    return found


def test_trips_of_all_drivers_in_pages(past: Edge) -> None:
    pages = all_pages(past, f"trips?{SPAN}&limit=75", "trips")
    assert [len(page) for page in pages] == [75] * 6 + [30]
    trips = [trip for page in pages for trip in page]
    keys = [(trip["startedAt"], trip["driverId"]) for trip in trips]
    assert keys == sorted(set(keys)) and {driver for _, driver in keys} == {"d", "e"}
    assert "path" not in trips[0] and trips[0]["distance"] == 6000.0
    of_d = [trip for trip in trips if trip["driverId"] == "d"]
    assert ask(past, f"trips?{SPAN}&driverId=d&limit=500").json == {"trips": of_d}
    assert ask(past, f"drivers/d/trips?{SPAN}&limit=500").json == {"trips": of_d}
    assert {trip["driverId"] for trip in ask(past, f"trips?{SPAN}&limit=500", BLUE).json["trips"]} == {"d"}
    assert ask(past, "trips").json == {"trips": []}
    assert ask(past, f"trips?{SPAN}&driverId=unknown").json == {"trips": []}


def test_stops_of_all_drivers_in_pages(past: Edge) -> None:
    pages = all_pages(past, f"stops?{SPAN}&limit=5", "stops")
    assert [len(page) for page in pages] == [5, 5, 2]
    assert pages[0][0] == {
        "driverId": "d", "startedAt": f"{DAY}T00:00:00Z", "endedAt": f"{DAY}T00:30:00Z", "duration": 1800.0,
        "latitude": 25.5, "longitude": 55.5,
        "place": {"text": "4.2 km NW of Al Hamriyah, United Arab Emirates", "source": "gazetteer",
                  "name": "Al Hamriyah", "country": "AE", "distance": 4168, "direction": "NW"},
    }  # fmt: skip
    last = pages[-1][-1]
    assert (last["driverId"], last["startedAt"]) == ("e", f"{DAY}T05:00:00Z")
    assert "endedAt" not in last and "duration" not in last
    assert len(ask(past, f"stops?{SPAN}&driverId=e").json["stops"]) == 6


@pytest.mark.parametrize("asked", ["&format=csv", "accept"])
@pytest.mark.parametrize(("name", "count"), [("trips", 480), ("stops", 12)])
def test_the_whole_span_as_csv(past: Edge, name: str, count: int, asked: str) -> None:
    path, headers = (f"{name}?{SPAN}", {"accept": "text/csv"}) if asked == "accept" else (f"{name}?{SPAN}{asked}", {})
    answer = ask(past, path, **headers)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
    assert len(rows) == count
    listed = [thing for page in all_pages(past, f"{name}?{SPAN}&limit=500", name) for thing in page]
    for row, thing in zip(rows, listed, strict=True):
        shown = {name: str(value["text"] if "lace" in name else value) for name, value in thing.items()}
        assert {field: text for field, text in row.items() if text} == shown
    assert ask(past, f"{name}?format=csv").body.count(b"\n") == 1


def test_a_file_that_postgresql_leaves_is_cut_off(past: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    real = fleet_module.Past.read
    asked = []

    async def once(self: Any, *arguments: Any) -> Any:
        asked.append(1)
        if len(asked) > 1:
            raise fleet_module.Problem(503, "away")
        return await real(self, *arguments)

    monkeypatch.setattr(fleet_module.Past, "read", once)
    with pytest.raises(http.client.IncompleteRead):
        ask(past, f"trips?{SPAN}&format=csv")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("trips?format=gpx", "format"),
        ("trips?format=csv&limit=5", "format"),
        ("stops?limit=501", "limit"),
        ("stops?cursor=x", "cursor"),
        ("stops?driverId=a%20b", "driverId"),
        ("stops?driver=d", "driver"),
        ("trips?tz=Mars/Base", "tz"),
        ("trips?from=2026-02-30", "from"),
        ("trips?from=2026-1-1", "from"),
        ("trips?from=20260101", "from"),
        ("trips?from=1767225600", "from"),
        ("trips?from=", "from"),
        ("trips?from=2026-01-01T00:00:00", "from"),
        ("trips?from=2026-01-02&to=2026-01-01", "from"),
        ("trips?from=2026-01-01&to=2026-02-02", "from"),
        ("trips?to=9999-12-31", "to"),
        ("trips?from=0001-01-01", "from"),
        ("trips?to=0001-01-01T00:00:00Z", "to"),
        ("drivers/d/track?format=line", "format"),
        ("drivers/d/track?format=linestring&cursor=x", "format"),
    ],
)
def test_a_wrong_parameter_is_named(past: Edge, path: str, field: str) -> None:
    answer = ask(past, path)
    assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (422, [field])
    if field == "format" and "&" not in path:
        assert answer.json["errors"][0]["allowed"]


def test_what_is_wrong_with_an_instant(past: Edge) -> None:
    for text in ("yesterday", "2026-02-30", "1767225600"):
        assert ask(past, f"trips?from={text}").json["detail"] == (
            "from: must be an RFC 3339 date and time, as 2026-07-14T09:30:00Z, or a date as YYYY-MM-DD"
        )
    assert "must have a time zone" in ask(past, "trips?to=2026-01-01T00:00:00").json["detail"]


@pytest.mark.parametrize(
    ("who", "query", "first", "last", "count"),
    [
        # Dubai is 4 hours ahead of UTC all year, Berlin 2 on this day.
        (RED, "from=2026-10-05&to=2026-10-05", "2026-10-04T20:00:00Z", "2026-10-05T19:00:00Z", 24),
        (NORTH, "from=2026-10-05&to=2026-10-05", "2026-10-04T22:00:00Z", "2026-10-05T21:00:00Z", 24),
        (RED, "from=2026-10-05&to=2026-10-05&tz=UTC", "2026-10-05T00:00:00Z", "2026-10-05T23:00:00Z", 24),
        (RED, "to=2026-10-05", "2026-10-04T20:00:00Z", "2026-10-05T19:00:00Z", 24),
        (RED, "from=2026-10-05&to=2026-10-05T00:00:00Z", "2026-10-04T20:00:00Z", "2026-10-04T23:00:00Z", 4),
        (RED, "from=2026-10-05T10:00:00%2B04:00&to=2026-10-05", "2026-10-05T06:00:00Z", "2026-10-05T19:00:00Z", 14),
    ],
)
def test_a_day_is_that_of_the_fleet(past: Edge, who: str, query: str, first: str, last: str, count: int) -> None:
    track = ask(past, f"drivers/d/track?{query}", who).json["positions"]
    assert (track[0]["recordedAt"], track[-1]["recordedAt"], len(track)) == (first, last, count)
    inside = ask(past, f"positions/drivers?bbox=54,24,56,26&{query}", who).json["drivers"]
    assert [(one["firstAt"], one["lastAt"], one["positions"]) for one in inside] == [(first, last, count)]


def test_pages_of_a_day_stay_in_it(past: Edge) -> None:
    """The link names instants, so that a page does not depend on the zone any more."""
    pages = all_pages(past, "drivers/d/track?from=2026-10-05&to=2026-10-05&limit=10", "positions")
    assert [len(page) for page in pages] == [10, 10, 4]


def test_a_track_as_one_line(past: Edge) -> None:
    path = "drivers/d/track?from=2026-10-05&to=2026-10-05&format=linestring"
    answer = ask(past, path)
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-disposition"] == 'attachment; filename="d.geojson"'
    line = answer.json
    assert (line["type"], line["geometry"]["type"]) == ("Feature", "LineString")
    assert line["geometry"]["coordinates"][0] == [55.0000001, 25.0]
    assert len(line["geometry"]["coordinates"]) == len(line["properties"]["coordTimes"]) == 24
    assert (line["properties"]["driverId"], line["properties"]["coordTimes"][0]) == ("d", "2026-10-04T20:00:00Z")
    assert len(ask(past, f"{path}&maxPoints=2").json["geometry"]["coordinates"]) == 2
    assert ask(past, "drivers/d/track?format=linestring").json["geometry"] is None
    assert ask(past, "drivers/unknown/track?format=linestring").status == 404


def test_a_line_that_is_too_long_is_refused(past: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track_module, "MAX_READ", 20)
    answer = ask(past, "drivers/d/track?from=2026-10-05&to=2026-10-05&format=linestring")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "from")


def test_a_driver_reads_its_own(past: Edge) -> None:
    driver = token(role="driver", driver="e", fleet="red")
    for name, count in (("trips", 240), ("stops", 6)):
        assert len(ask(past, f"{name}?{SPAN}&driverId=e&limit=500", driver).json[name]) == count
        for path in (f"{name}?{SPAN}", f"{name}?{SPAN}&driverId=d"):
            assert ask(past, path, driver).status == 403
    assert ask(past, "trips", token(role="gateway", fleet="red")).status == 403
