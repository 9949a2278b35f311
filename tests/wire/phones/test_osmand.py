"""Queries and forms as apps send them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.codec import BadMessage
from hub.wire.phones.osmand import decode_fields, fields_of
from tests.wire.payloads import said

PAYLOADS: list[tuple[str, dict[str, Any]]] = [
    # Traccar Client 8: everything it knows.
    (
        "id=123456&timestamp=1377177267&lat=60.0&lon=30.0&speed=9.71922246&bearing=73.5&altitude=10.5&accuracy=4.2&batt=87.0"
        "&charge=true&mock=true",
        {"latitude": 60.0, "longitude": 30.0, "driver_id": "123456", "recorded_at": 1377177267.0, "speed": 5.0,
         "heading": 73.5, "altitude": 10.5, "accuracy": 4.2, "battery": 0.87,
         "attributes": {"charge": "true", "mock": "true"}},
    ),
    # OsmAnd: milliseconds, hdop.
    (
        "id=902064&lat=42.06288&lon=-88.23412&timestamp=1442068686579&hdop=6.0&altitude=224.0&speed=0.0",
        {"latitude": 42.06288, "longitude": -88.23412, "driver_id": "902064", "recorded_at": 1442068686579.0,
         "speed": 0.0, "altitude": 224.0, "attributes": {"hdop": "6.0"}},
    ),
    # Written by hand and by scripts.
    (
        "deviceid=a-b&location=60.5,-30.25&timestamp=2014-06-04+09%3A10%3A11&heading=0.0",
        {"latitude": 60.5, "longitude": -30.25, "driver_id": "a-b", "heading": 0.0,
         "recorded_at": datetime(2014, 6, 4, 9, 10, 11, tzinfo=UTC)},
    ),
    ("lat=1&lon=2", {"latitude": 1.0, "longitude": 2.0}),
    # Unknown is absent, also where it is -1.
    ("id=x&lat=1&lon=2&speed=-1&bearing=-1&accuracy=-1&batt=-1", {"latitude": 1.0, "longitude": 2.0, "driver_id": "x"}),
    # A tracker behind a gateway: whether the place is valid, whole knots, readings of the vehicle.
    (
        "id=355000000000007&timestamp=1764000000&lat=25.2&lon=55.3&valid=1&bearing=7.5&speed=36&ignition=true"
        "&rpm=933&hacc=0&vacc=0",
        {"latitude": 25.2, "longitude": 55.3, "driver_id": "355000000000007", "recorded_at": 1764000000.0,
         "speed": 18.52, "heading": 7.5,
         "attributes": {"valid": "1", "ignition": "true", "rpm": "933", "vacc": "0"}},
    ),
    # A second's time as RFC 3339, percent-encoded; an alarm of several words; accuracy that was not asked for.
    (
        "id=van7&lat=25.2&lon=55.3&timestamp=2026-01-27T18%3A55%3A47Z&accuracy=0.0&alarm=at%20the%20gate",
        {"latitude": 25.2, "longitude": 55.3, "driver_id": "van7",
         "recorded_at": datetime(2026, 1, 27, 18, 55, 47, tzinfo=UTC), "attributes": {"alarm": "at the gate"}},
    ),
    # A time with an offset whose sign is not escaped, as GPSLogger writes it.
    (
        "id=van7&lat=25.2&lon=55.3&timestamp=2026-01-27T20:55:47.250+02:00",
        {"latitude": 25.2, "longitude": 55.3, "driver_id": "van7",
         "recorded_at": datetime(2026, 1, 27, 20, 55, 47, 250_000, tzinfo=timezone(timedelta(hours=2)))},
    ),
    # Traccar Client 10: a form with an alarm.
    (
        "id=123456&timestamp=1764000000&lat=25.2&lon=55.3&speed=19.43844492&bearing=180&accuracy=5&batt=50&alarm=sos",
        {"latitude": 25.2, "longitude": 55.3, "driver_id": "123456", "recorded_at": 1764000000.0, "speed": 10.0,
         "heading": 180.0, "accuracy": 5.0, "battery": 0.5, "attributes": {"alarm": "sos"}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PAYLOADS)
def test_payloads(text: str, expected: dict[str, Any]) -> None:
    (fix,) = decode_fields(text)
    actual = said(fix)
    assert isinstance(actual, dict)
    assert actual.pop("speed", None) == pytest.approx(expected.get("speed"), abs=1e-7)
    assert actual == {name: value for name, value in expected.items() if name != "speed"}


@pytest.mark.parametrize(
    "text",
    [
        "id=1&timestamp=1764000000&cell=424,02,16,2224&cell=424,02,16,2223,-90&wifi=00-14-22-01-23-45,-80",
        "id=1&timestamp=315964800000&lat=0.0&lon=0.0&speed=0.0&bearing=0.0&altitude=0.0&accuracy=0.0&valid=false",
        "id=123456&timestamp=1764000000&batt=50",
        "id=123456&notificationToken=secret",
        "id=1",
        "",
    ],
)
def test_what_has_no_place_is_no_point(text: str) -> None:
    assert decode_fields(text) == []


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("id=1&lat=91&lon=2", "lat"),
        ("id=1&lat=1", "lon"),
        ("id=1&lat=&lon=", "lat"),
        ("id=1&location=1", "lon"),
        ("id=1&lat=1&lon=2&timestamp=noon", "timestamp"),
        ("&".join(f"a{n}=1" for n in range(101)), None),
    ],
)
def test_what_cannot_be_read_names_its_field(text: str, field: str | None) -> None:
    with pytest.raises(BadMessage) as caught:
        decode_fields(text)
    assert caught.value.field == field


def test_a_token_for_notifications_goes_nowhere() -> None:
    (fix,) = decode_fields("id=1&lat=1&lon=2&notificationToken=secret")
    assert b"secret" not in bytes(fix.attributes)


@given(st.text(st.sampled_from("ab1.=&%2+ é"), max_size=40))
def test_fields_are_those_of_a_form(text: str) -> None:
    assert fields_of(text) == dict(parse_qsl(text, keep_blank_values=True))
