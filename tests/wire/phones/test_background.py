"""Locations of background-geolocation libraries."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.phones.background import decode_location
from hub.wire.phones.report import decode_report
from tests.wire.payloads import said

MOVING: dict[str, Any] = {
    "timestamp": "2025-06-15T13:45:12.862Z",
    "coords": {"latitude": 37.4, "longitude": -122.1, "accuracy": 5, "speed": 18.67, "speed_accuracy": 0.26,
               "heading": 63, "heading_accuracy": 0.28, "altitude": 35.7, "altitude_accuracy": 3.8},
    "is_moving": True,
    "odometer": 1200.5,
    "event": "motionchange",
    "battery": {"level": 0.79, "is_charging": False},
    "activity": {"type": "in_vehicle", "confidence": 100},
    "uuid": "8f6c1a52-0000-4000-8000-2b7f5f3c9a10",
    "extras": {"alarm": "sos"},
    "_": "&id=48241179&lat=37.4&lon=-122.1&",
}  # fmt: skip
MOVED = {
    "latitude": 37.4, "longitude": -122.1, "driver_id": "48241179", "accuracy": 5.0, "speed": 18.67, "heading": 63.0,
    "altitude": 35.7, "battery": 0.79, "recorded_at": datetime(2025, 6, 15, 13, 45, 12, 862_000, tzinfo=UTC),
    "attributes": {"is_moving": True, "odometer": 1200.5, "event": "motionchange", "is_charging": False,
                   "activity": {"type": "in_vehicle", "confidence": 100}, "extras": {"alarm": "sos"}},
}  # fmt: skip


def decode_envelope(message: object) -> list[Fix | BadMessage]:
    return decode_report("", json.dumps(message).encode()).fixes


def envelope(location: object) -> dict[str, Any]:
    return {"location": location, "device_id": "48241179"}


def test_traccar_client_9() -> None:
    assert [said(fix) for fix in decode_envelope(envelope(MOVING))] == [MOVED]


def test_what_the_phone_does_not_know_is_absent() -> None:
    location = {
        "timestamp": "2025-05-09T04:11:30.579Z",
        "coords": {"latitude": 1.5, "longitude": 2.5, "accuracy": 5, "speed": -1, "heading": -1, "altitude": 0},
        "battery": {"level": -1, "is_charging": True},
        "extras": {},
    }
    (fix,) = decode_envelope(envelope(location))
    assert said(fix) == {
        "latitude": 1.5, "longitude": 2.5, "driver_id": "48241179", "accuracy": 5.0, "altitude": 0.0,
        "recorded_at": datetime(2025, 5, 9, 4, 11, 30, 579_000, tzinfo=UTC), "attributes": {"is_charging": True},
    }  # fmt: skip


def test_an_array_of_which_one_is_bad() -> None:
    locations = [MOVING, {"coords": {"latitude": 1}}, 7, {"event": "heartbeat"}, MOVING]
    assert [said(fix) for fix in decode_envelope(envelope(locations))] == [
        MOVED,
        "coords.longitude",
        "malformed",
        MOVED,
    ]


def test_extras_of_an_app_are_passed_on_and_time_may_be_milliseconds() -> None:
    extras = {"route": "north", "sealed": False, "stops": 12, "load": 1.345}
    location = {"timestamp": 1764000000123, "coords": {"latitude": 1, "longitude": 2}, "mock": True, "extras": extras}
    # In the root of the body, where the app that uses the library has put it.
    (fix,) = decode_location({**location, "device_id": 77})
    assert said(fix) == {
        "latitude": 1.0, "longitude": 2.0, "driver_id": "77", "recorded_at": 1764000000123.0,
        "attributes": {"mock": True, "extras": extras},
    }  # fmt: skip


def test_a_location_without_a_place_is_no_point() -> None:
    assert decode_envelope(envelope({"timestamp": "2025-05-09T04:11:30.579Z", "event": "heartbeat"})) == []
    assert decode_envelope(envelope([])) == []


def test_a_flat_location() -> None:
    (fix,) = decode_location(
        {"provider": "gps", "time": 1750000000123, "latitude": 25.2, "longitude": 55.3, "accuracy": 4.5, "speed": 10.25,
         "altitude": 7, "bearing": 180.5, "isFromMockProvider": None, "device_id": 77}
    )  # fmt: skip
    assert said(fix) == {
        "latitude": 25.2, "longitude": 55.3, "driver_id": "77", "recorded_at": 1750000000123.0, "accuracy": 4.5,
        "speed": 10.25, "altitude": 7.0, "heading": 180.5, "attributes": {"provider": "gps"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"coords": []}, "coords"),
        ({"coords": {"latitude": 95, "longitude": 0}}, "coords.latitude"),
        ({"coords": {"latitude": 1, "longitude": 0}, "timestamp": "now"}, "timestamp"),
        ({"latitude": 1}, "longitude"),
        ({"latitude": 1, "longitude": 2, "time": "x"}, "time"),
    ],
)
def test_what_cannot_be_read_names_its_field(item: object, field: str) -> None:
    with pytest.raises(BadMessage) as caught:
        decode_location(item)
    assert caught.value.field == field
