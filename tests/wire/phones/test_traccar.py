"""Positions that a Traccar server forwards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.wire.codec import BadMessage
from hub.wire.phones.traccar import decode_forwarded
from tests.wire.payloads import said

FORWARDED: dict[str, Any] = {
    "position": {
        "id": 12, "deviceId": 3, "protocol": "teltonika", "serverTime": "2026-01-01T12:00:02.000+00:00",
        "deviceTime": "2026-01-01T12:00:01.000+00:00", "fixTime": "2026-01-01T12:00:00.000+00:00", "outdated": False,
        "valid": True, "latitude": 25.2, "longitude": 55.3, "altitude": 12.0, "speed": 19.438444924, "course": 90.0,
        "address": None, "accuracy": 0.0, "network": None,
        "attributes": {"batteryLevel": 80, "ignition": True, "distance": 10.5},
    },
    "device": {"id": 3, "uniqueId": "352093080000001", "name": "Truck 3", "status": "online"},
}  # fmt: skip


def test_a_position_of_a_tracker() -> None:
    assert [said(fix) for fix in decode_forwarded(FORWARDED)] == [
        {"latitude": 25.2, "longitude": 55.3, "driver_id": "352093080000001", "altitude": 12.0, "heading": 90.0,
         "speed": 10.0, "battery": 0.8, "recorded_at": datetime(2026, 1, 1, 12, tzinfo=UTC),
         "attributes": {"ignition": True, "distance": 10.5, "protocol": "teltonika", "valid": True}}
    ]  # fmt: skip


def test_a_tracker_that_never_had_a_place_is_no_point() -> None:
    nowhere: dict[str, Any] = {
        "position": {"protocol": "gps103", "fixTime": "1980-01-06T00:00:00.000+00:00", "valid": False, "latitude": 0.0,
                     "longitude": 0.0, "altitude": 0.0, "speed": 0.0, "course": 0.0, "accuracy": 0.0,
                     "attributes": {"status": "L"}},
        "device": {"uniqueId": "352093080000001"},
    }  # fmt: skip
    assert decode_forwarded(nowhere) == []
    valid = {**nowhere, "position": {**nowhere["position"], "valid": True}}
    with pytest.raises(BadMessage):
        decode_forwarded(valid)


def test_a_place_that_the_tracker_is_not_sure_of_is_one_and_says_so() -> None:
    unsure = {**FORWARDED, "position": {**FORWARDED["position"], "valid": False, "accuracy": 35.0}}
    (fix,) = decode_forwarded(unsure)
    assert (fix.latitude, fix.accuracy) == (25.2, 35.0)
    assert b'"valid":false' in bytes(fix.attributes)


@pytest.mark.parametrize(
    ("position", "field"),
    [(None, "position"), ({"longitude": 1}, "position.latitude"),
     ({"latitude": 1, "longitude": 2, "fixTime": "x"}, "position.fixTime")],
)  # fmt: skip
def test_what_cannot_be_read_names_its_field(position: object, field: str) -> None:
    with pytest.raises(BadMessage) as caught:
        decode_forwarded({"position": position, "device": None})
    assert caught.value.field == field
