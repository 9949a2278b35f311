"""What a NATS channel publishes."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from hub.wire.notices.kinds import Nats
from hub.wire.notices.notice import Notice, cloud_event, position_id
from hub.wire.stored import StoredPosition

_encode = msgspec.json.Encoder().encode


class Published(NamedTuple):
    """``id``: the same for the same message, so that a stream of JetStream stores it once."""

    subject: str
    payload: bytes
    id: str


def event(config: Nats, notice: Notice) -> Published:
    """A notice as a CloudEvent."""
    parts = [notice.fleet] if notice.driver_id is None else [notice.fleet, notice.driver_id]
    return Published(_subject(config, *parts, "events"), cloud_event(notice), notice.id)


def location(config: Nats, fleet: str, position: StoredPosition) -> Published:
    """A position as in the API."""
    subject = _subject(config, fleet, position.driver_id, "location")
    return Published(subject, _encode(position), position_id(fleet, position))


def _subject(config: Nats, *parts: str) -> str:
    """Ids may have dots, which separate the parts of a subject; no id has a tilde."""
    return ".".join([config.subject, *(part.replace(".", "~") for part in parts)])
