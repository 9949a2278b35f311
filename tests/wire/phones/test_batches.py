"""Batches: what is good in a body is kept, whatever the rest of it is, and what is lost is counted by points."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.phones.report import BACKGROUND, GEOJSON, OWNTRACKS, UNKNOWN, decode_report

TIME = 1_795_000_000


def flat(n: int, **more: Any) -> dict[str, Any]:
    return {"latitude": 47.5 + n / 1000, "longitude": 19.05, "time": TIME + n, **more}


def nested(n: int, **more: Any) -> dict[str, Any]:
    return {"coords": {"latitude": 47.5 + n / 1000, "longitude": 19.05}, "timestamp": TIME + n, **more}


def feature(n: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [19.05, 47.5 + n / 1000]},
        "properties": {"timestamp": f"2026-11-18T10:26:4{n}+0000", "horizontal_accuracy": 8, "speed": -1, **more},
    }


def good(fixes: list[Fix | BadMessage]) -> list[float]:
    return [round(fix.latitude, 3) for fix in fixes if isinstance(fix, Fix)]


def lost(fixes: list[Fix | BadMessage]) -> int:
    return sum(fix.points for fix in fixes if isinstance(fix, BadMessage))


def drivers(fixes: list[Fix | BadMessage]) -> set[str | None]:
    return {fix.driver_id for fix in fixes if isinstance(fix, Fix)}


OWN_TRACKS = [{"_type": "location", "lat": 47.5, "lon": 19.05, "tst": TIME}, {"_type": "lwt"}]


@pytest.mark.parametrize(
    ("message", "dialect"),
    [
        ({"location": [nested(0), nested(1)], "device_id": "bus"}, BACKGROUND),
        ({"locations": [flat(0), {"location": nested(1)}], "deviceId": "bus"}, BACKGROUND),
        ({"data": [flat(0), nested(1)], "device_id": "bus"}, BACKGROUND),
        ({"data": {"locations": [flat(0), flat(1)]}, "device_id": "bus"}, BACKGROUND),
        ({"points": [flat(0, driverId="bus"), flat(1, driverId="bus")]}, BACKGROUND),
        ([{"location": nested(0), "device_id": "bus"}, {"location": flat(1), "device_id": "bus"}], BACKGROUND),
        ([{"Lat": 47.5, "Lng": 19.05, "Time": TIME, "id": "bus"}, {"lat": 47.501, "long": 19.05, "id": "bus"}],
         BACKGROUND),
        ({"locations": [feature(0, device_id="bus"), feature(1, device_id="bus")], "trip": {}}, GEOJSON),
        ({"type": "FeatureCollection", "features": [feature(0), feature(1)], "device_id": "bus"}, GEOJSON),
        ([feature(0, deviceId="bus"), feature(1, deviceId="bus")], GEOJSON),
    ],
)  # fmt: skip
def test_batches_have_many_names(message: object, dialect: str) -> None:
    report = decode_report("", json.dumps(message).encode())
    assert (report.dialect, good(report.fixes), drivers(report.fixes)) == (dialect, [47.5, 47.501], {"bus"})
    assert lost(report.fixes) == 0


def test_a_point_in_an_envelope_takes_what_stands_beside_it() -> None:
    message = {
        "location": {"lat": 1.5, "lng": 2.5},
        "timestamp": TIME,
        "speed": 3,
        "device_id": "cab",
        "token": "secret",
    }
    (fix,) = decode_report("", json.dumps(message).encode()).fixes
    assert isinstance(fix, Fix)
    assert (fix.recorded_at, fix.speed, fix.driver_id, bytes(fix.attributes)) == (TIME, 3.0, "cab", b"")


def test_what_stands_beside_an_array_is_of_none_of_its_points() -> None:
    message = {"locations": [{"lat": 1.5, "lng": 2.5}], "timestamp": TIME, "speed": 3}
    (fix,) = decode_report("", json.dumps(message).encode()).fixes
    assert isinstance(fix, Fix)
    assert (fix.recorded_at, fix.speed) == (None, None)


@pytest.mark.parametrize(
    "word", ["NaN", "Infinity", "-Infinity", "nan", "-nan", "inf", "+Inf", "", "+7.5", ".5", "007"]
)
@pytest.mark.parametrize("field", ["altitude", "speed", "heading", "accuracy", "battery"])
def test_a_reading_that_json_does_not_allow_costs_itself(word: str, field: str) -> None:
    body = json.dumps([flat(0), flat(1, **{field: "@"}), flat(2)]).replace('"@"', word)
    fixes = decode_report("", body.encode()).fixes
    assert (good(fixes), lost(fixes)) == ([47.5, 47.501, 47.502], 0)


@pytest.mark.parametrize("word", ["NaN", "-Infinity", "nan", ""])
@pytest.mark.parametrize("field", ["latitude", "longitude"])
def test_a_place_that_json_does_not_allow_costs_its_point(word: str, field: str) -> None:
    body = json.dumps({"locations": [flat(0), flat(1, **{field: "@"}), flat(2)]}).replace('"@"', word)
    fixes = decode_report("", body.encode()).fixes
    assert (good(fixes), lost(fixes)) == ([47.5, 47.502], 1)


def test_a_time_that_is_not_a_number_costs_its_point_and_is_never_now() -> None:
    body = json.dumps([flat(0), flat(1, time="@")]).replace('"@"', "NaN")
    fixes = decode_report("", body.encode()).fixes
    assert (good(fixes), lost(fixes)) == ([47.5], 1)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\n\n", "", "\n\x1e", ",\n", "\n\ufeff"])
def test_values_one_after_the_other(separator: str) -> None:
    text = separator.join(json.dumps({"location": nested(n), "device_id": "bus"}) for n in range(3))
    fixes = decode_report("", text.encode()).fixes
    assert (good(fixes), lost(fixes), drivers(fixes)) == ([47.5, 47.501, 47.502], 0, {"bus"})


def test_a_bad_line_costs_itself() -> None:
    lines = [json.dumps(flat(0)), '{"latitude": 47.501, "longitude": @@', json.dumps(flat(2)), "what is this?"]
    fixes = decode_report("", "\n".join(lines).encode()).fixes
    assert (good(fixes), lost(fixes)) == ([47.5, 47.502], 1)


def test_of_a_body_that_was_cut_off_the_whole_points_are_kept() -> None:
    body = json.dumps({"device_id": "bus", "locations": [flat(n) for n in range(10)]}).encode()
    fixes = decode_report("", body[:-40]).fixes
    assert (len(good(fixes)), lost(fixes)) == (9, 1)


def test_a_part_of_a_broken_point_is_not_a_point() -> None:
    # Without its time it would be a position of now.
    body = b'[{"coords": {"latitude": 47.5, "longitude": 19.05}, "timestamp": "2026-11-18T1'
    fixes = decode_report("", body).fixes
    assert (good(fixes), lost(fixes)) == ([], 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [json.dumps([flat(0), flat(1)]), f"id=bus&lat=47.5&lon=19.05&timestamp={TIME}"])
def test_byte_order_marks_and_encodings(encoding: str, text: str) -> None:
    if "=" in text and encoding in ("utf-16-le", "utf-16-be"):
        pytest.skip("a form in UTF-16 without a mark has no sign of it")
    fixes = decode_report("", text.encode(encoding)).fixes
    assert (good(fixes)[0], lost(fixes)) == (47.5, 0)


@pytest.mark.parametrize("value", ['"\\ud83d"', "9" * 400, "9" * 5_000, "[" * 900 + "]" * 900])
def test_a_value_that_cannot_be_kept_costs_itself(value: str) -> None:
    body = json.dumps([flat(0, altitude="@", note="@note")]).replace('"@"', "NaN").replace('"@note"', value)
    assert good(decode_report("", body.encode()).fixes) == [47.5]


def test_text_that_is_not_utf_8_costs_its_reading() -> None:
    body = json.dumps([flat(0, note="M@nchen"), flat(1)]).encode().replace(b"@", b"\xfc")
    fixes = decode_report("", body).fixes
    assert (good(fixes), lost(fixes)) == ([47.5, 47.501], 0)


@pytest.mark.parametrize(
    ("query", "body", "points"),
    [
        ("id=a", "$GPRMC,1,A\r\n$GPGGA,1,2\r\n$GPRMC,2,A\r\n$GPGGA,2,3\r\n", 2),
        ("id=a", "2026-11-18T10:00:00Z,47.5,19.05\n2026-11-18T10:00:01Z,47.5,19.06\n", 2),
        ("", '<gpx><trkpt lat="47.5" lon="19.0"/><trkpt lat="47.6" lon="19.0"/><trkpt lat="4" lon="1"/></gpx>', 3),
        ("", '{"fleet": [{"y": 1, "x": 2}]}', 1),
        ("id=a&y=47.5&x=19.05", "", 1),
        ("", json.dumps({"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}), 2),
        ("", json.dumps([{"_type": "encrypted", "data": "x"}] * 700), 700),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_counted_by_points(query: str, body: str, points: int) -> None:
    fixes = decode_report(query, body.encode()).fixes
    assert (good(fixes), lost(fixes)) == ([], points)


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("id=a&timestamp=1795000000&batt=50&charge=true", ""),
        ("", json.dumps({"location": {"timestamp": TIME, "event": "heartbeat"}, "device_id": "a"})),
        ("", json.dumps({"device_id": "a", "notificationToken": "x"})),
        ("u=van&d=phone", ""),
    ],
)
def test_a_known_message_without_a_place_is_not_a_loss(query: str, body: str) -> None:
    assert decode_report(query, body.encode()).fixes == []


@pytest.mark.parametrize("body", ["{}", "null", "[]", '""', '{"note": "at the gate"}'])
def test_a_point_in_the_query_is_kept_whatever_the_body_is(body: str) -> None:
    assert good(decode_report("id=bus&lat=47.5&lon=19.05", body.encode()).fixes) == [47.5]


def test_the_query_names_the_driver_of_a_body_that_names_none() -> None:
    body = json.dumps([flat(0), flat(1, device_id="tram")]).encode()
    assert drivers(decode_report("device_id=bus", body).fixes) == {"bus", "tram"}


def test_overland() -> None:
    (fix,) = decode_report(
        "", json.dumps({"locations": [feature(3, device_id="bus", battery_level=0.25)]}).encode()
    ).fixes
    assert isinstance(fix, Fix)
    assert fix.recorded_at == datetime(2026, 11, 18, 10, 26, 43, tzinfo=UTC)
    assert (fix.latitude, fix.longitude, fix.speed, fix.accuracy, fix.battery) == (47.503, 19.05, None, 8.0, 0.25)
    assert decode_report("", b'{"locations":[],"current":{}}') == (GEOJSON, [])


def test_dialects_of_broken_bodies() -> None:
    assert decode_report("", json.dumps(OWN_TRACKS).encode() + b"}").dialect == OWNTRACKS
    assert decode_report("", b"{").dialect == UNKNOWN


ENDLESS = {
    "arrays": b"[" * 100_000,
    "objects": b"{" * 100_000,
    "nested objects": b'{"a":' * 20_000,
    "texts": b'["' * 50_000,
    "a text": b'["' + b'\\"' * 50_000,
    "a backslash": b'["' + b'\\"' * 50_000 + b"\\",
    "points": b'{"lat":1 ' * 12_500,
    "commas": b"[" + b"," * 100_000,
    "rows": b"1,2\n" * 25_000,
}


LIKE_OTHERS = ("objects", "nested objects", "texts", "a backslash")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(body, id=name, marks=[pytest.mark.thorough] if name in LIKE_OTHERS else [])
        for name, body in ENDLESS.items()
    ],
)
def test_no_body_takes_long(body: bytes) -> None:
    assert lost(decode_report("", body).fixes) >= 1


@pytest.mark.parametrize(
    "message",
    [
        {"trackpoints": [flat(0), flat(1)], "device_id": "bus"},
        {"payload": {"samples": [nested(0), nested(1)]}, "device_id": "bus"},
        {"upload": [{"location": flat(0)}, {"location": nested(1)}], "device_id": "bus"},
        {"route": {"type": "FeatureCollection", "features": [feature(0), feature(1)]}, "device_id": "bus"},
        {"gps_log": [feature(0, device_id="bus"), feature(1, device_id="bus")]},
        {"chunk": [{**feature(0), "device_id": "bus", "id": "7"}, {**feature(1), "device_id": "bus", "id": "8"}]},
    ],
)
def test_an_envelope_may_have_any_name_if_its_locations_have_times(message: object) -> None:
    fixes = decode_report("", json.dumps(message).encode()).fixes
    assert good(fixes) == [47.5, 47.501]
    assert drivers(fixes) == {"bus"} and not lost(fixes)


@pytest.mark.parametrize(
    ("message", "points"),
    [
        ({"stops": [{"lat": 47.5, "lon": 19.05}, {"lat": 47.6, "lon": 19.05}]}, 2),
        ({"a": {"b": {"c": {"d": {"e": {"f": [flat(0), flat(1), flat(2)]}}}}}}, 3),
        ({"what": "is this"}, 1),
    ],
)
def test_what_is_not_known_is_counted_by_its_points(message: object, points: int) -> None:
    fixes = decode_report("", json.dumps(message).encode()).fixes
    assert not good(fixes) and lost(fixes) == points


def test_a_json_text_sequence_is_a_batch() -> None:
    text = "".join(f"\x1e{json.dumps(flat(n))}\n" for n in range(3))  # RFC 7464
    assert good(decode_report("", text.encode()).fixes) == [47.5, 47.501, 47.502]


@pytest.mark.parametrize("field", ["data", "json", "locations"])
def test_json_in_a_field_of_a_form_is_counted_by_its_points(field: str) -> None:
    batch = json.dumps([flat(n) for n in range(5)])
    for body in (urlencode({field: batch}), f"{field}={batch}", urlencode({"id": "van7", field: batch})):
        fixes = decode_report("", body.encode()).fixes
        assert (good(fixes), lost(fixes)) == ([], 5)
    assert lost(decode_report("", b"lat=91&lon=2&latitude=x").fixes) == 1
