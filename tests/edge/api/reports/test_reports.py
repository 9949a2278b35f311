"""Reports: the rows of trips, stops, days and visits as the API lists them, speeding, mileage and events; and which of
them a user sees."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import openpyxl
import pytest

from hub.core.reports.tables import REPORTS
from hub.embedded.services import Services
from hub.stores.postgres.reports import reads
from hub.wire.files import workbook
from tests.identity.test_tokens import token
from tests.support.api.calls import Answer, get
from tests.support.api.fleets import execute, fetch, fields, hub_with
from tests.support.running import Edge, edge, until

# In Berlin the clocks go back in the night before the second of these days, which has 25 hours.
SPAN = "from=2026-10-24&to=2026-10-26"
MINE, OTHERS = token(fleet="f"), token(fleet="g")

FILL = """
INSERT INTO drivers (fleet, driver_id, name, groups) VALUES
    ('f', 'd', '=1+1', '{north}'), ('f', 'e', 'Erna', '{south}'), ('g', 'd', 'Strange', '{}');
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id)
SELECT gen_random_uuid(), at, at + interval '10 min', at + interval '10 min', 1, 2, 3, 4, 6000 + k, 540, 20, 60, fleet,
    driver
FROM generate_series(0, 95) AS k,
    LATERAL (SELECT timestamptz '2026-10-23 21:30:00Z' + k * interval '1 hour') AS t (at),
    (VALUES ('f', 'd'), ('f', 'e'), ('g', 'd')) AS f (fleet, driver);
UPDATE trips SET started_at = '2026-10-24 05:59:50Z', ended_at = '2026-10-24 06:09:50Z',
    counted_to = '2026-10-24 06:09:50Z', max_speed = 16
WHERE fleet = 'f' AND started_at = '2026-10-24 05:30:00Z';
INSERT INTO stops (started_at, ended_at, latitude, longitude, fleet, driver_id)
SELECT timestamptz '2026-10-24 00:15:00Z' + k * interval '1 hour',
    CASE WHEN k < 5 THEN timestamptz '2026-10-24 00:30:00Z' + k * interval '1 hour' END, 25.5, 55.5, fleet, driver
FROM generate_series(0, 5) AS k, (VALUES ('f', 'd'), ('f', 'e'), ('g', 'd')) AS f (fleet, driver);
INSERT INTO day_zones (fleet, time_zone) VALUES ('f', 'Europe/Berlin');
INSERT INTO daily (day, trips, distance, duration, moving_time, max_speed, fleet, driver_id)
SELECT (started_at AT TIME ZONE 'Europe/Berlin')::date, count(*), sum(distance), sum(duration), sum(moving_time),
    max(max_speed), fleet, driver_id FROM trips GROUP BY 1, fleet, driver_id;
INSERT INTO fence_versions (fence_id, version, fleet, valid_from, definition) VALUES
    ('00000000-0000-0000-0000-00000000000a', 1, 'f', '2026-01-01Z',
    '{"name": "@Depot", "rules": {"speedLimit": 10}}'),
    ('00000000-0000-0000-0000-00000000000b', 1, 'f', '2026-01-01Z', '{"name": "Yard"}');
INSERT INTO visits (id, entered_at, exited_at, last_inside_at, distance, max_speed, points, fence_version, fence_id,
    fleet, driver_id, cause, exit_cause)
SELECT gen_random_uuid(), timestamptz '2026-10-24 06:00:00Z', '2026-10-24 06:05:00Z', '2026-10-24 06:05:00Z', 900, 20,
    300, 1, fence::uuid, 'f', 'd', 'crossed', 'crossed'
FROM (VALUES ('00000000-0000-0000-0000-00000000000a'), ('00000000-0000-0000-0000-00000000000b')) AS f (fence);
INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data)
SELECT gen_random_uuid(), fleet, gen_random_uuid(), driver, k::text, 'resolved',
    timestamptz '2026-10-25 00:30:00Z' + k * interval '1 hour', now(),
    '{"kind": "offline", "title": "Silent", "text": "+4912345", "severity": "warning", "details": {}}'
FROM generate_series(0, 2) AS k, (VALUES ('f', 'd'), ('f', 'e'), ('g', 'd')) AS f (fleet, driver);
-- From 06:00 on a position each second: 30 s at 15, 10 s at 5, 30 s at 16, 30 s at 5, 20 s at 12 m/s; one is a fault.
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, speed, fleet, driver_id)
SELECT timestamptz '2026-10-24 06:00:00Z' + k * interval '1 s', now(), 520000000 + k, 130000000,
    CASE WHEN k < 30 THEN 15 WHEN k < 40 THEN 5 WHEN k < 70 THEN 16 WHEN k = 85 THEN 90 WHEN k < 100 THEN 5 ELSE 12 END,
    'f', driver
FROM generate_series(0, 119) AS k, (VALUES ('d'), ('e')) AS f (driver);
"""


@pytest.fixture(scope="module")
def past(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "test_reports", time_zone="UTC,f=Europe/Berlin") as running:
        asyncio.run(execute(running.settings.database_url, FILL))
        # The hub is notified of groups.
        until(lambda: running.call(lambda: running.node.hub.fleet("f").groups.keys() >= {"d", "e"}))
        yield running


@pytest.fixture
def small(past: Edge) -> Iterator[Edge]:
    """The same hub, where reports have few days and workbooks few rows."""
    settings = past.settings
    few = msgspec.structs.replace(settings, port=0, max_report_rows=3, max_report_days=4)
    with edge(few) as running:
        yield running


def ask(hub: Edge, path: str, who: str = MINE, **headers: str) -> Answer:
    return get(hub, f"/api/v1/{path}", who, **headers)


def all_rows(hub: Edge, path: str, name: str = "rows", who: str = MINE) -> list[dict[str, Any]]:
    """The rows of all pages."""
    found: list[dict[str, Any]] = []
    path = f"/api/v1/{path}"
    while path:
        answer = get(hub, path, who)
        assert answer.status == 200, answer
        found += answer.json[name]
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
    return found


OF_API = {
    "trips": ("trips?tz=Europe/Berlin&limit=500", "trips"),
    "stops": ("stops?tz=Europe/Berlin&limit=500", "stops"),
    "daily": ("analytics/daily?tz=Europe/Berlin", "days"),
    "visits": ("visits?tz=Europe/Berlin", "visits"),
}


@pytest.mark.parametrize("kind", OF_API)
@pytest.mark.parametrize("who", ["", "&driverId=e", "&driverId=d&driverId=e"])
def test_the_rows_are_those_of_the_lists_of_the_api(past: Edge, kind: str, who: str) -> None:
    path, name = OF_API[kind]
    listed = all_rows(past, f"{path}&{SPAN}{who if who.count('&') < 2 else ''}", name)
    rows = all_rows(past, f"reports/{kind}?{SPAN}{who}&limit=7")
    names = [column.name for column in REPORTS[kind].columns]
    assert listed or (kind, who) == ("visits", "&driverId=e")
    assert [{key: row[key] for key in row if key in listed[0]} for row in rows] == [
        {key: thing[key]["text"] if "lace" in key else thing[key] for key in thing if key in names} for thing in listed
    ]
    assert {row["driverName"] for row in rows} <= {"=1+1", "Erna"}


def test_days_are_those_of_the_fleet_also_when_the_clocks_change(past: Edge) -> None:
    trips = all_rows(past, f"reports/trips?{SPAN}&driverId=d&limit=500")
    assert (trips[0]["startedAt"], trips[0]["day"]) == ("2026-10-23T22:30:00Z", "2026-10-24")
    count = {day: sum(row["day"] == day for row in trips) for day in ("2026-10-24", "2026-10-25", "2026-10-26")}
    assert count == {"2026-10-24": 24, "2026-10-25": 25, "2026-10-26": 24}
    daily = all_rows(past, f"reports/daily?{SPAN}&driverId=d")
    assert {row["day"]: row["trips"] for row in daily} == count
    (mileage,) = all_rows(past, f"reports/mileage?{SPAN}&driverId=d")
    assert (mileage["days"], mileage["trips"]) == (3, 73)
    assert mileage["distance"] == pytest.approx(sum(row["distance"] for row in daily))
    assert ask(past, f"reports/trips?{SPAN}").json["timeZone"] == "Europe/Berlin"


def test_the_sums_of_many_drivers_come_in_several_pages(past: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = all_rows(past, f"reports/mileage?{SPAN}")
    monkeypatch.setattr(reads, "SUMMED", 1)
    assert ask(past, f"reports/mileage?{SPAN}").json["rows"] == whole[:1]
    assert all_rows(past, f"reports/mileage?{SPAN}") == whole and len(whole) == 2


def test_stretches_above_a_given_limit(past: Edge) -> None:
    found = all_rows(past, f"reports/speeding?{SPAN}&speedLimit=10&limit=1&driverId=d&driverId=e")
    seen = [
        (row["driverId"], row["startedAt"][11:19], row["duration"], row["maxSpeed"], row["points"]) for row in found
    ]
    each = [("06:00:00", 69.0, 16.0, 60), ("06:01:40", 19.0, 12.0, 20)]
    assert seen == [("d", *one) for one in each] + [("e", *one) for one in each]
    assert found[0]["place"].endswith(", Germany")
    assert found[0]["speedLimit"] == 10.0 and "fenceName" not in found[0]
    assert len(all_rows(past, f"reports/speeding?{SPAN}&speedLimit=10&speedFor=60")) == 2
    assert all_rows(past, f"reports/speeding?{SPAN}&speedLimit=16") == []


def test_stretches_above_the_limits_of_fences(past: Edge) -> None:
    found = all_rows(past, f"reports/speeding?{SPAN}")
    # The fault of 90 m/s is above the top speed of the visit.
    assert [(row["driverId"], row["fenceName"], row["speedLimit"], row["maxSpeed"]) for row in found] == [
        ("d", "@Depot", 10.0, 16.0),
        ("d", "@Depot", 10.0, 12.0),
    ]


@pytest.mark.parametrize(("limit", "value"), [("SEARCHED", 1), ("LONGEST", -1.0)])
def test_a_page_of_speeding_may_end_inside_a_trip_or_early(
    past: Edge, monkeypatch: pytest.MonkeyPatch, limit: str, value: float
) -> None:
    whole = all_rows(past, f"reports/speeding?{SPAN}&speedLimit=5&speedFor=0")
    monkeypatch.setattr(reads, limit, value)
    assert all_rows(past, f"reports/speeding?{SPAN}&speedLimit=5&speedFor=0&limit=1") == whole
    assert len(whole) == 4


def test_events_are_the_alerts_in_order_of_time(past: Edge) -> None:
    rows = all_rows(past, f"reports/events?{SPAN}&limit=2")
    assert [(row["at"][11:16], row["driverId"]) for row in rows] == [
        (f"0{hour}:30", driver) for hour in range(3) for driver in "de"
    ]
    listed = {one["alertId"]: one for one in ask(past, "alerts").json["alerts"]}
    assert all(listed[row["alertId"]]["text"] == row["text"] for row in rows)


@pytest.mark.parametrize("kind", REPORTS)
def test_a_file_has_the_rows_of_the_pages(past: Edge, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.edge.api.reports import reports

    monkeypatch.setattr(reports, "PIECE", 5)
    more = "&speedLimit=10" if kind == "speeding" else ""
    answer = ask(past, f"reports/{kind}?{SPAN}{more}", accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    name = f'attachment; filename="{kind}-2026-10-24-2026-10-26.csv"'
    assert answer.headers["content-disposition"] == name
    rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
    listed = all_rows(past, f"reports/{kind}?{SPAN}{more}&limit=1000")
    assert [column.name for column in REPORTS[kind].columns] == list(rows[0])
    for row, thing in zip(rows, listed, strict=True):
        # A file has the texts of places only.
        for column, place in thing.pop("places", {}).items():
            assert place["text"] == thing[column] and place["name"] in thing[column]
        shown = {key: f"'{value}" if str(value)[0] in "=+@" else str(value) for key, value in thing.items()}
        assert {key: text for key, text in row.items() if text} == shown
    assert answer.body.count(b"\n") == len(listed) + 1


def cells(answer: Answer) -> list[list[Any]]:
    """The lines of a workbook, its headings first."""
    assert answer.status == 200, answer
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    return [[cell.value for cell in line] for line in book.active.iter_rows()]


@pytest.mark.parametrize("kind", REPORTS)
def test_a_workbook_has_the_rows_of_the_pages(past: Edge, kind: str) -> None:
    more = "&speedLimit=10" if kind == "speeding" else ""
    answer = ask(past, f"reports/{kind}?{SPAN}{more}&format=xlsx")
    assert answer.headers["content-type"] == workbook.MEDIA_TYPE
    assert answer.headers["content-disposition"].endswith(f'{kind}-2026-10-24-2026-10-26.xlsx"')
    headings, *lines = cells(answer)
    columns = REPORTS[kind].columns
    starts = "Start (Europe/Berlin)"
    assert headings == [
        f"{one.title} (Europe/Berlin)" if one.kind == "instant" else one.heading for one in columns
    ] and (kind != "trips" or starts in headings)
    listed = all_rows(past, f"reports/{kind}?{SPAN}{more}&limit=1000")
    for line, thing in zip(lines, listed, strict=True):
        for column, value in zip(columns, line, strict=True):
            wanted = thing.get(column.name)
            if column.kind == "day":
                assert value.date().isoformat() == wanted
            elif column.kind == "instant" and wanted is not None:
                here = datetime.fromisoformat(wanted).astimezone(ZoneInfo("Europe/Berlin"))
                assert abs(value - here.replace(tzinfo=None)) < timedelta(milliseconds=1)
            else:
                assert value == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


def test_texts_of_a_workbook_are_not_calculated(past: Edge) -> None:
    answer = ask(past, f"reports/daily?{SPAN}&driverId=d", accept=workbook.MEDIA_TYPE)
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    assert [(one.value, one.data_type) for one in list(book.active.columns)[1][1:]] == [("=1+1", "s")] * 3


def test_a_workbook_that_would_be_too_long_is_refused_and_csv_is_not(small: Edge) -> None:
    assert len(cells(ask(small, f"reports/daily?{SPAN}&format=xlsx&driverId=d"))) == 4
    answer = ask(small, f"reports/daily?{SPAN}&format=xlsx")
    assert (answer.status, fields(answer)) == (422, ["format"]) and "3 rows" in answer.json["detail"]
    assert ask(small, f"reports/daily?{SPAN}&format=csv").status == 200
    answer = ask(small, "reports/daily?from=2026-10-24&to=2026-10-28")
    assert (answer.status, fields(answer)) == (422, ["from"])


def test_a_file_is_in_the_audit_log(past: Edge) -> None:
    assert ask(past, f"reports/stops?{SPAN}&format=csv").status == 200
    details = fetch(past, "SELECT subject_id, details FROM audit WHERE action = 'report.exported' ORDER BY id DESC")
    assert details[0][0] == "stops" and '"2026-10-24"' in details[0][1]


@pytest.mark.parametrize("kind", REPORTS)
def test_a_fleet_and_the_groups_of_a_user_limit_what_is_seen(past: Edge, kind: str) -> None:
    more = "&speedLimit=10" if kind == "speeding" else ""
    names = {row["driverName"] for row in all_rows(past, f"reports/{kind}?{SPAN}{more}&limit=500", who=OTHERS)}
    assert names == (set() if kind in ("visits", "speeding") else {"Strange"})
    northern = token(fleet="f", groups=["north"])
    drivers = {row["driverId"] for row in all_rows(past, f"reports/{kind}?{SPAN}{more}&limit=500", who=northern)}
    assert drivers == {"d"}
    assert ask(past, f"reports/{kind}?{SPAN}{more}&driverId=d&driverId=e", northern).status == 404
    assert ask(past, f"reports/{kind}?{SPAN}{more}&driverId=e&driverId=d", northern).status == 404
    assert all_rows(past, f"reports/{kind}?{SPAN}{more}&group=south", who=northern) == []
    both = all_rows(past, f"reports/{kind}?{SPAN}{more}&group=north,east&driverId=d&driverId=e&limit=500")
    assert {row["driverId"] for row in both} == {"d"}
    of_south = all_rows(past, f"reports/{kind}?{SPAN}{more}&group=south&limit=500")
    assert {row["driverId"] for row in of_south} == (set() if kind == "visits" else {"e"})


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-10-26&to=2026-10-24", "from"),
        ("from=2025-01-01&to=2026-10-24", "from"),
        ("from=2026-02-30", "from"),
        ("from=2026-10-24T00:00:00Z", "from"),
        ("from=0001-01-01&to=0001-01-02", "from"),
        ("to=9999-12-31", "to"),
        ("to=9999-12-31&from=9999-12-31", "to"),
        ("driverId=a%00b", "driverId"),
        ("driverId=d&driverId=", "driverId"),
        ("driverId=d&driverId='--", "driverId"),
        ("group=%27", "group"),
        ("group=", "group"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("format=xls", "format"),
        ("format=csv&limit=5", "format"),
        ("speedLimit=10", "speedLimit"),
        ("speedFor=10", "speedFor"),
        ("cursor=x", "cursor"),
        ("cursor=kqEwoDE", "cursor"),
        ("driver=d", "driver"),
        ("from=2026-10-24&from=2026-10-25", "from"),
    ],
)
def test_a_wrong_parameter_is_named(past: Edge, query: str, field: str) -> None:
    answer = ask(past, f"reports/trips?{query}")
    assert (answer.status, fields(answer)[0].partition("[")[0]) == (422, field), answer


@pytest.mark.parametrize("limit", ["0", "401", "nan", "-1", "x", "1e999"])
def test_a_wrong_limit_of_speed_is_named(past: Edge, limit: str) -> None:
    answer = ask(past, f"reports/speeding?speedLimit={limit}")
    assert (answer.status, fields(answer)) == (422, ["speedLimit"])


def test_unknown_reports_and_drivers_without_the_right(past: Edge) -> None:
    answer = ask(past, "reports/money")
    assert answer.status == 404 and "trips, stops" in answer.json["detail"]
    driver = token(role="driver", driver="d", fleet="f")
    assert ask(past, "reports/trips?driverId=d", driver).status == 403
    assert ask(past, "reports", driver).status == 403


def test_the_list_of_reports_names_columns_and_units(past: Edge) -> None:
    reports = {one["kind"]: one for one in ask(past, "reports").json["reports"]}
    assert list(reports) == ["trips", "stops", "daily", "visits", "events", "speeding", "mileage"]
    assert {"name": "distance", "title": "Distance", "kind": "distance", "unit": "m"} in reports["trips"]["columns"]
