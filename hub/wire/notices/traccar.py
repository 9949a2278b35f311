"""Positions and notices in the JSON of Traccar's forwarding (``forward.type`` and ``event.forward.type`` ``json``):
PositionData and EventData of org.traccar.forward, with Position, Device and Event of org.traccar.model.

Traccar's ids are numbers. Those of the hub are texts, so a number is made of each: the same text is always the same
number. Speeds are in knots, instants in UTC with milliseconds. What the hub does not know has Traccar's default.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import UNSET

from hub.wire.notices.notice import Notice, position_id
from hub.wire.stored import StoredPosition

KNOT = 1852 / 3600
"""Metres per second."""

EVENTS = {
    "hub.trip.started": "deviceMoving",
    "hub.trip.ended": "deviceStopped",
    "hub.fence.entered": "geofenceEnter",
    "hub.fence.exited": "geofenceExit",
    "hub.test": "test",
}
ALERTS = {
    "overspeed": "deviceOverspeed",
    "offline": "deviceOffline",
    "maintenance": "maintenance",
    "stopped": "deviceIdle",
    "alarm": "alarm",
    "battery": "alarm",
    "trip.started": "deviceMoving",
    "trip.ended": "deviceStopped",
    "fence.entered": "geofenceEnter",
    "fence.exited": "geofenceExit",
}
"""Type of a notice, or kind of the rule of an opened alert -> type of Traccar's event. Others keep the hub's type."""

_encode = msgspec.json.Encoder().encode


def number(text: str) -> int:
    """The id of a text: below 2^53, so that JavaScript reads it exactly."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 11


def position_data(fleet: str, position: StoredPosition, name: str = "") -> dict[str, Any]:
    """PositionData. ``name``: of the driver; its id without one."""
    return {"position": _position(fleet, position), "device": _device(fleet, position.driver_id, name, position)}


def batch(fleet: str, positions: Iterable[tuple[StoredPosition, str]]) -> bytes:
    """A JSON array of PositionData."""
    return _encode([position_data(fleet, position, name) for position, name in positions])


def event_data(notice: Notice) -> bytes:
    """EventData of a notice. Its text, id and data are in ``attributes`` of the event."""
    data = msgspec.json.decode(notice.data)
    kind = EVENTS.get(notice.type, notice.type)
    attributes: dict[str, Any] = {"id": notice.id, "message": notice.text, "data": data}
    if notice.type == "hub.alert.opened":
        kind = ALERTS.get(str(data.get("kind")), notice.type)
        if kind == "alarm":
            alarm = (data.get("details") or {}).get("alarm")
            attributes["alarm"] = alarm if alarm else "lowBattery" if data.get("kind") == "battery" else "general"
    driver_id = notice.driver_id
    fence = data.get("fenceId") or (data.get("details") or {}).get("fenceId")
    found: dict[str, Any] = {
        "event": {
            "id": number(notice.id),
            "attributes": attributes,
            "deviceId": 0 if driver_id is None else number(f"{notice.fleet}/{driver_id}"),
            "type": kind,
            "eventTime": _instant(notice.at),
            "positionId": 0,
            "geofenceId": number(str(fence)) if fence else 0,
            "maintenanceId": 0,
        }
    }
    if driver_id is not None:
        found["device"] = _device(notice.fleet, driver_id, "", None)
    if fence:
        fence_name = data.get("fenceName") or (data.get("details") or {}).get("fenceName") or ""
        found["geofence"] = {"id": number(str(fence)), "attributes": {}, "calendarId": 0, "name": fence_name}
    return _encode(found)


def _position(fleet: str, position: StoredPosition) -> dict[str, Any]:
    attributes = {} if position.attributes is UNSET else msgspec.json.decode(position.attributes)
    if not isinstance(attributes, dict):
        attributes = {"value": attributes}
    if position.battery is not None:
        attributes["batteryLevel"] = round(position.battery * 100, 1)
    at = _instant(position.recorded_at)
    return {
        "id": number(position_id(fleet, position)),
        "attributes": attributes,
        "deviceId": number(f"{fleet}/{position.driver_id}"),
        "protocol": "hub",
        "serverTime": _instant(position.received_at),
        "deviceTime": at,
        "fixTime": at,
        "outdated": False,
        "valid": True,
        "latitude": position.latitude,
        "longitude": position.longitude,
        "altitude": position.altitude or 0.0,
        "speed": (position.speed or 0.0) / KNOT,
        "course": position.heading or 0.0,
        "address": None,
        "accuracy": position.accuracy or 0.0,
        "network": None,
        "geofenceIds": None,
    }


def _device(fleet: str, driver_id: str, name: str, position: StoredPosition | None) -> dict[str, Any]:
    return {
        "id": number(f"{fleet}/{driver_id}"),
        "attributes": {},
        "groupId": 0,
        "calendarId": 0,
        "name": name or driver_id,
        "uniqueId": driver_id,
        "status": "unknown" if position is None else "online",
        "lastUpdate": None if position is None else _instant(position.received_at),
        "positionId": 0 if position is None else number(position_id(fleet, position)),
        "phone": None,
        "model": None,
        "contact": None,
        "category": None,
        "disabled": False,
        "expirationTime": None,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
