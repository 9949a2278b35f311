"""A notice as channels send it, and its CloudEvents form (CloudEvents 1.0, structured JSON)."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Raw, Struct

from hub.wire.stored import StoredPosition

CONTENT_TYPE = "application/cloudevents+json"


class Notice(Struct, frozen=True):
    """One message of a lane. ``id`` is the same at every try and replay. ``type`` is ``hub.alert.opened`` and the like,
    ``at`` when it happened, ``driver_id`` the driver that it is about, ``data`` a JSON object with at least ``text``.
    ``sequence`` numbers the notices of a lane without gaps; ``missed`` of them, right before this one, were not
    delivered."""

    id: str
    type: str
    fleet: str
    at: datetime
    driver_id: str | None
    data: Raw
    lane: str
    sequence: int
    missed: int = 0

    @property
    def title(self) -> str:
        """The short text for people: the name of the rule, or the type."""
        return _words.decode(self.data).title or self.type

    @property
    def text(self) -> str:
        """The sentence for people."""
        return _words.decode(self.data).text or self.type

    @property
    def severity(self) -> str:
        return _words.decode(self.data).severity


class _Words(Struct):
    title: str = ""
    text: str = ""
    severity: str = "info"


class CloudEvent(Struct, omit_defaults=True):
    """The body of a webhook. ``sequence``, ``lane`` and ``missed`` are extension attributes; ``sequence`` is text of
    equal length, so that it sorts (the extension Sequence of CloudEvents)."""

    specversion: str
    id: str
    source: str
    type: str
    time: datetime
    datacontenttype: str
    data: Raw
    sequence: str
    lane: str
    subject: str | None = None
    missed: int = 0


_words = msgspec.json.Decoder(_Words)
_encode = msgspec.json.Encoder().encode


def position_id(fleet: str, position: StoredPosition) -> str:
    """What identifies a forwarded position: the same for the same row."""
    place = f"{position.latitude:.7f} {position.longitude:.7f}"
    return f"{fleet}/{position.driver_id}/{position.recorded_at.isoformat()}/{place}"


def cloud_event(notice: Notice) -> bytes:
    """The JSON of a notice."""
    return _encode(
        CloudEvent(
            specversion="1.0",
            id=notice.id,
            source=f"/fleets/{notice.fleet}",
            type=notice.type,
            time=notice.at,
            datacontenttype="application/json",
            data=notice.data,
            sequence=f"{notice.sequence:012d}",
            lane=notice.lane,
            subject=None if notice.driver_id is None else f"drivers/{notice.driver_id}",
            missed=notice.missed,
        )
    )
