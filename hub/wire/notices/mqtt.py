"""What an MQTT channel publishes: positions, events, and the discovery of Home Assistant ("Device tracker", MQTT)."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

import msgspec

from hub.wire.notices.kinds import Mqtt
from hub.wire.notices.notice import Notice, cloud_event
from hub.wire.stored import StoredPosition

_encode = msgspec.json.Encoder().encode


class Publication(NamedTuple):
    """``retain``: the broker keeps it for later subscribers."""

    topic: str
    payload: bytes
    retain: bool = False


def event(config: Mqtt, notice: Notice) -> Publication:
    """A notice as a CloudEvent."""
    of_driver = f"/{notice.driver_id}" if notice.driver_id is not None else ""
    return Publication(f"{config.topic}/{notice.fleet}{of_driver}/events", cloud_event(notice))


def location(config: Mqtt, fleet: str, position: StoredPosition, retain: bool) -> Publication:
    """A position as in the API, with names that Home Assistant reads: ``gps_accuracy`` and ``battery_level`` (%)."""
    fields = msgspec.to_builtins(position, builtin_types=(msgspec.Raw,))
    if position.accuracy is not None:
        fields["gps_accuracy"] = position.accuracy
    if position.battery is not None:
        fields["battery_level"] = round(position.battery * 100)
    return Publication(_topic(config, fleet, position.driver_id), _encode(fields), retain)


def discovery(config: Mqtt, fleet: str, driver_id: str, name: str) -> Publication:
    """The config of a device tracker. Its topic has fewer characters than ids, so a digest keeps ids apart."""
    unique = f"hub_{fleet}_{driver_id}"
    digest = hashlib.sha256(f"{fleet}/{driver_id}".encode()).hexdigest()[:8]
    object_id = re.sub("[^A-Za-z0-9_-]", "_", unique) + f"_{digest}"
    payload = {
        "unique_id": unique,
        "name": None,
        "source_type": "gps",
        "json_attributes_topic": _topic(config, fleet, driver_id),
        "device": {"identifiers": [unique], "name": name or driver_id, "manufacturer": "Location hub"},
        "origin": {"name": "Location hub"},
    }
    return Publication(f"{config.discovery}/device_tracker/{object_id}/config", _encode(payload), retain=True)


def _topic(config: Mqtt, fleet: str, driver_id: str) -> str:
    return f"{config.topic}/{fleet}/{driver_id}/location"
