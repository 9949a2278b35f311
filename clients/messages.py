"""The messages of ``/ws`` as a client sees them, typed. docs/protocol.md explains each.

Units: degrees WGS 84, metres, metres per second, degrees clockwise from true north, battery 0-1, UTC. Unknown is
``None`` here and absent on the wire.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec import Struct

from hub.wire.events import TripMessage


class Fix(Struct, rename="camel", omit_defaults=True, gc=False):
    """What a driver publishes. Attributes are passed through untouched, as JSON of at most 1 KiB."""

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


class Message(Struct, rename="camel", tag_field="type", omit_defaults=True, gc=False):
    """Base of what carries a ``type``."""


class Since(Struct, frozen=True):
    """Where to resume: everything up to ``seq`` of ``epoch`` has been received."""

    epoch: str
    seq: int


class Circle(Struct, frozen=True):
    """A place and a radius in metres."""

    latitude: float
    longitude: float
    radius: float


class Subscribe(Message, tag="subscribe"):
    """What to watch: exactly one of ``all``, ``drivers``, ``bbox`` (west, south, east, north) and ``near``."""

    id: str
    all: bool = False
    drivers: list[str] | None = None
    bbox: tuple[float, float, float, float] | None = None
    near: Circle | None = None
    max_hz: float | None = None
    since: Since | None = None


class Location(Message, tag="location"):
    """A position. ``seq`` increases within the hub's epoch; ``received_at`` is the hub's clock."""

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


class Subscribed(Message, tag="subscribed"):
    """A subscription stands; ``count`` positions of its snapshot follow. ``reset``: forget what you had."""

    id: str
    epoch: str
    seq: int
    count: int
    reset: bool


class Synced(Message, tag="synced"):
    """The snapshot is complete; live positions follow."""

    id: str
    seq: int


class Unsubscribed(Message, tag="unsubscribed"):
    """A subscription has ended; nothing that follows is for it."""

    id: str


class Left(Message, tag="left"):
    """A driver is no longer inside the area."""

    id: str
    driver_id: str


class Status(Message, tag="status"):
    """Presence of a driver: ``online``, ``stale`` or ``offline``."""

    driver_id: str
    status: str


class Heartbeat(Message, tag="heartbeat"):
    """The hub is alive, and everything up to ``seq`` has been sent."""

    seq: int
    time: datetime


class Ack(Message, tag="ack"):
    """Every fix of this connection up to ``msg_no`` is durable, or was answered with an error."""

    msg_no: int


class Error(Message, tag="error"):
    """Something that was sent is refused; the connection stays. With ``retry_ms`` it may be sent again after that."""

    code: str
    detail: str = ""
    field: str | None = None
    msg_no: int | None = None
    retry_ms: int | None = None


class Authenticated(Message, tag="authenticated"):
    """A new token was taken in place: the connection ends at ``expires_at``, or by itself never."""

    expires_at: datetime | None = None


class Bye(Message, tag="bye"):
    """The hub is shutting down and wants to see its clients after ``retry_ms``."""

    retry_ms: int


class Pong(Message, tag="pong"):
    """The answer to ``ping``."""


class _Tagged(Struct):
    type: str


Known = (
    Location
    | Subscribed
    | Synced
    | Unsubscribed
    | Left
    | Status
    | TripMessage
    | Heartbeat
    | Ack
    | Error
    | Authenticated
    | Bye
    | Pong
)
"""What the hub says and we understand."""

_known_types = {kind.__struct_config__.tag for kind in get_args(Known)}
_decoder = msgspec.json.Decoder(Known)
_tag_decoder = msgspec.json.Decoder(_Tagged)
encode = msgspec.json.Encoder().encode


def decode(data: bytes | str) -> Known | None:
    """A message of the hub; None for a type that a newer hub may have and we don't know.

    Raises ``msgspec.DecodeError`` for anything else.
    """
    try:
        message: Known = _decoder.decode(data)
        return message
    except msgspec.ValidationError:
        if _tag_decoder.decode(data).type in _known_types:
            raise
        return None
