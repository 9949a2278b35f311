"""The messages of ``/ws`` as a client sees them, typed. docs/protocol.md explains each.

Units: degrees WGS 84, metres, metres per second, degrees clockwise from true north, battery 0-1, UTC. Unknown is
``None`` here and absent on the wire. Defined here: the messages that a client sends, and positions, because the hub
has its own structs for both (validated). The hub's other messages are its own structs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec import Struct

from hub.core.messages import (
    Ack,
    Authenticated,
    Bye,
    Error,
    FencesMessage,
    Heartbeat,
    Left,
    Pong,
    StateMessage,
    Status,
    Subscribed,
    Synced,
    Unsubscribed,
)
from hub.wire.events import FenceMessage, JobMessage, RouteMessage, TripMessage
from hub.wire.notices.alerts import AlertMessage

__all__ = [
    "Ack",
    "AlertMessage",
    "Authenticated",
    "Bye",
    "Circle",
    "Error",
    "FenceMessage",
    "FencesMessage",
    "Fix",
    "Heartbeat",
    "JobMessage",
    "Known",
    "Left",
    "Location",
    "Message",
    "Pong",
    "RouteMessage",
    "SetState",
    "Since",
    "StateMessage",
    "Status",
    "Subscribe",
    "Subscribed",
    "Synced",
    "TripMessage",
    "Unsubscribed",
    "decode",
    "encode",
]


class Fix(Struct, rename="camel", omit_defaults=True, gc=False):
    """A fix to publish. ``vehicle_id`` names the driver where nothing else does. Attributes are passed on unchanged, as
    JSON of at most 1 KiB."""

    latitude: float
    longitude: float
    driver_id: str | None = None
    recorded_at: datetime | None = None
    speed: float | None = None
    heading: float | None = None
    accuracy: float | None = None
    altitude: float | None = None
    battery: float | None = None
    attributes: dict[str, Any] | None = None
    vehicle_id: str | None = None


class Message(Struct, rename="camel", tag_field="type", omit_defaults=True, gc=False):
    """Base of the messages that are defined by clients."""


class Since(Struct, frozen=True, omit_defaults=True):
    """Where to resume: the client has everything up to ``seq`` of ``epoch``, and at any hub up to the token ``resume``,
    if one was received."""

    epoch: str
    seq: int
    resume: str | None = None


class Circle(Struct, frozen=True):
    """A centre and a radius in metres."""

    latitude: float
    longitude: float
    radius: float


class Subscribe(Message, tag="subscribe"):
    """A subscription to exactly one of ``all``, ``drivers``, ``bbox`` (west, south, east, north) and ``near``; with
    ``state`` (free, busy or off_duty) only to drivers of that state, with ``groups`` only to drivers in one of them.
    ``fences``: with the events of all fences (True) or of those listed. ``alerts``: with the alerts about its drivers.
    ``positions``: with their positions, presence and trips."""

    id: str
    all: bool = False
    drivers: list[str] | None = None
    bbox: tuple[float, float, float, float] | None = None
    near: Circle | None = None
    state: str | None = None
    max_hz: float | None = None
    groups: list[str] | None = None
    fences: bool | list[str] | None = None
    since: Since | None = None
    alerts: bool = False
    positions: bool = True


class SetState(Message, tag="state"):
    """A new state of a driver: free, busy or off_duty. ``driver_id`` where the token names none."""

    state: str
    driver_id: str | None = None


class Location(Message, tag="location"):
    """A position. ``seq`` increases within the hub's epoch; ``received_at`` is the hub's clock. ``clock_offset``:
    seconds by which the device's clock, and so ``recorded_at``, is ahead, where it is wrong. ``state``: free, busy or
    off_duty, if the driver has set one."""

    driver_id: str
    latitude: float
    longitude: float
    recorded_at: datetime
    received_at: datetime
    seq: int
    speed: float | None = None
    heading: float | None = None
    accuracy: float | None = None
    altitude: float | None = None
    battery: float | None = None
    attributes: dict[str, Any] | None = None
    clock_offset: float | None = None
    state: str | None = None


class _Tagged(Struct):
    type: str


Known = (
    Location
    | Subscribed
    | Synced
    | Unsubscribed
    | Left
    | StateMessage
    | Status
    | TripMessage
    | FenceMessage
    | FencesMessage
    | JobMessage
    | RouteMessage
    | AlertMessage
    | Heartbeat
    | Ack
    | Error
    | Authenticated
    | Bye
    | Pong
)
"""The known messages of the hub."""

_known_types = {kind.__struct_config__.tag for kind in get_args(Known)}
_decoder = msgspec.json.Decoder(Known)
_tag_decoder = msgspec.json.Decoder(_Tagged)
encode = msgspec.json.Encoder().encode


def decode(data: bytes | str) -> Known | None:
    """A message of the hub; None for an unknown type, which a newer hub may send.

    Raises ``msgspec.DecodeError`` for any other text.
    """
    try:
        message: Known = _decoder.decode(data)
        return message
    except msgspec.ValidationError:
        if _tag_decoder.decode(data).type in _known_types:
            raise
        return None
