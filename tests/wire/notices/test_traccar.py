"""PositionData and EventData, field for field as Traccar's forwarders write them (N9)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from hub.wire.notices.notice import Notice
from hub.wire.notices.traccar import batch, event_data, number, position_data
from hub.wire.stored import StoredPosition

AT = datetime(2026, 11, 27, 8, 0, 0, 250_000, tzinfo=UTC)

POSITION = {
    "id": int, "attributes": dict, "deviceId": int, "protocol": str, "serverTime": str, "deviceTime": str,
    "fixTime": str, "outdated": bool, "valid": bool, "latitude": float, "longitude": float, "altitude": float,
    "speed": float, "course": float, "address": type(None), "accuracy": float, "network": type(None),
    "geofenceIds": type(None),
}  # fmt: skip
DEVICE = {
    "id": int, "attributes": dict, "groupId": int, "calendarId": int, "name": str, "uniqueId": str, "status": str,
    "lastUpdate": (str, type(None)), "positionId": int, "phone": type(None), "model": type(None),
    "contact": type(None), "category": type(None), "disabled": bool, "expirationTime": type(None),
}  # fmt: skip
EVENT = {
    "id": int, "attributes": dict, "deviceId": int, "type": str, "eventTime": str, "positionId": int,
    "geofenceId": int, "maintenanceId": int,
}  # fmt: skip
"""Fields of org.traccar.model as Jackson writes them -> types."""


def has(found: dict[str, Any], shape: dict[str, Any]) -> None:
    assert list(found) == list(shape)
    assert {name: type(value) for name, value in found.items() if not isinstance(value, shape[name])} == {}


def stored(**more: Any) -> StoredPosition:
    return StoredPosition("truck-1", 25.2048, 55.2708, AT, AT, **more)


def test_a_position_has_the_fields_and_units_of_traccar() -> None:
    attributes = msgspec.Raw(b'{"ignition":true}')
    fields = {"speed": 10.0, "heading": 90.0, "accuracy": 5.0, "altitude": 12.0, "battery": 0.5}
    found = json.loads(batch("default", [(stored(**fields, attributes=attributes), "Anna")]))[0]
    has(found["position"], POSITION)
    has(found["device"], DEVICE)
    position, device = found["position"], found["device"]
    assert position["speed"] == pytest.approx(19.4384449)
    assert position["fixTime"] == position["deviceTime"] == "2026-11-27T08:00:00.250+00:00"
    assert position["attributes"] == {"ignition": True, "batteryLevel": 50.0}
    assert (position["course"], position["accuracy"], position["altitude"]) == (90.0, 5.0, 12.0)
    assert (device["name"], device["uniqueId"], device["id"]) == ("Anna", "truck-1", position["deviceId"])
    assert device["positionId"] == position["id"]


def test_ids_are_exact_in_javascript_and_the_same_every_time() -> None:
    assert 0 < number("default/truck-1") < 2**53
    first, second = (position_data("default", stored())["position"]["id"] for _ in range(2))
    assert first == second
    other = position_data("other", stored())
    assert first != other["position"]["id"]
    assert other["position"]["deviceId"] != number("default/truck-1")


@pytest.mark.parametrize(
    ("type", "data", "expected"),
    [
        ("hub.trip.started", {}, "deviceMoving"),
        ("hub.trip.ended", {}, "deviceStopped"),
        ("hub.fence.entered", {"fenceId": "f1", "fenceName": "Depot"}, "geofenceEnter"),
        ("hub.alert.opened", {"kind": "overspeed"}, "deviceOverspeed"),
        ("hub.alert.opened", {"kind": "alarm", "details": {"alarm": "sos"}}, "alarm"),
        ("hub.alert.opened", {"kind": "battery"}, "alarm"),
        ("hub.alert.resolved", {"kind": "overspeed"}, "hub.alert.resolved"),
    ],
)
def test_an_event_has_the_fields_and_types_of_traccar(type: str, data: dict[str, Any], expected: str) -> None:
    raw = msgspec.Raw(json.dumps({"text": "what happened", **data}).encode())
    found = json.loads(event_data(Notice("m1", type, "default", AT, "truck-1", raw, "truck-1", 1)))
    has(found["event"], EVENT)
    has(found["device"], DEVICE)
    event = found["event"]
    assert (event["type"], event["attributes"]["message"]) == (expected, "what happened")
    assert event["deviceId"] == found["device"]["id"] == number("default/truck-1")
    alarm = {"alarm": "sos", "battery": "lowBattery"}.get(data.get("kind", ""))
    assert event["attributes"].get("alarm") == alarm
    assert ("geofence" in found) == ("fenceId" in data)
    if "geofence" in found:
        assert (found["geofence"]["name"], found["geofence"]["id"]) == ("Depot", event["geofenceId"])
