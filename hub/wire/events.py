"""Events that the recorder derives, as subscribers get them, and the stream that carries them to the hubs.

    XADD <events> MAXLEN ~ 10000 * id <number> fleet <fleet id> driver <driver id> payload <message>

``payload`` is the finished message. Events of one driver are in order, and ids rise along the stream; after a crash the
recorder may append its last events again, with the same ids: a hub drops repeated ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct

from hub.core.messages import Message
from hub.wire.log import BadEntry

EVENTS_KEY = "hub:events"
"""The Redis Stream of events of a log with one partition; ``hub/wire/layout.py`` names those of others."""

EVENTS_KEPT = 10_000

LATE = 300.0
"""Seconds after which an event of a fence is late: the default ``exitAfter`` and a few commits are a minute or two."""


class TripMessage(Message, tag="trip", kw_only=True):
    """``event``: a trip has ``started``, has ``ended``, or was ``revised`` after it ended, because points arrived late.

    A revision replaces all earlier events of the trip; ``removed``: it was not a trip. Seconds, metres, metres per
    second. The figures of an open trip (no ``ended_at``) are those at ``counted_to``.
    """

    event: str
    trip_id: str
    driver_id: str
    started_at: datetime
    removed: bool = False
    ended_at: datetime | None = None
    counted_to: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    end_latitude: float | None = None
    end_longitude: float | None = None
    distance: float | None = None
    duration: float | None = None
    moving_time: float | None = None
    idle_time: float | None = None
    average_speed: float | None = None
    max_speed: float | None = None
    points: int | None = None
    gap_distance: float | None = None


class FenceMessage(Message, tag="fence", kw_only=True):
    """``event``: a driver has ``entered`` or ``exited`` a fence, has ``dwelled`` in it for as long as the fence says,
    has
    ``crossed`` it without a visit, or a visit that had ended was ``revised``, because points arrived late.

    ``id`` identifies the event, also when it is repeated; ``visit_id`` the visit or crossing. ``at`` is when it
    happened, by the device's clock; ``noticed_at`` when it was certain, by the hub's. ``late``: the seconds between the
    two, where they are more than ``LATE``. ``slack``: seconds of silence in which it happened. ``cause``: ``crossed``,
    ``first_seen`` or ``fence_changed``. ``replaces``: visits that this one stands for now; ``removed``: it was not one.
    Seconds, metres, metres per second.
    """

    event: str
    id: str
    visit_id: str
    fence_id: str
    fence_name: str
    fence_version: int
    driver_id: str
    at: datetime
    noticed_at: datetime
    entered_at: datetime
    exited_at: datetime | None = None
    dwelled_at: datetime | None = None
    duration: float | None = None
    distance: float | None = None
    max_speed: float | None = None
    points: int | None = None
    slack: float | None = None
    cause: str | None = None
    late: float | None = None
    replaces: list[str] | None = None
    removed: bool = False


class JobMessage(Message, tag="job", kw_only=True):
    """``event``: a job has another ``status``, its driver is ``approaching``, has ``arrived`` or ``departed``.

    ``source``: ``person`` of a command, ``position`` of a fact, which positions that come late revise: then it has
    ``revised``, or ``removed`` if it did not happen. ``number`` tells several arrivals at one job apart. ``at`` is when
    it happened, by the device's clock; ``noticed_at`` when the hub stored it, and ``late`` the seconds between the two,
    where they are more than ``LATE``. ``status`` and ``version`` are those of the job after it. ``command``: what made
    the status.
    """

    event: str
    job_id: str
    driver_id: str
    status: str
    version: int
    source: str
    at: datetime
    noticed_at: datetime
    route_id: str | None = None
    reference: str | None = None
    command: str | None = None
    number: int | None = None
    outcome: str | None = None
    reason: str | None = None
    late: float | None = None
    revised: bool = False
    removed: bool = False


class RouteMessage(Message, tag="route", kw_only=True):
    """``event`` is ``changed``: a route that its driver sees has changed, or is not the driver's any longer (``state``
    cancelled): read it again. Sent to the driver and to subscribers that watch the driver."""

    event: str
    route_id: str
    driver_id: str
    day: date
    state: str
    version: int


class Removal(Struct, rename="camel", tag_field="type", tag="removed", kw_only=True):
    """For the hubs, not for subscribers: a driver is to be removed from the live fleet unless it was heard after
    ``until``. ``history``: its positions up to then are erased."""

    driver_id: str
    until: datetime
    history: bool = False


REMOVAL = b'{"type":"removed"'
"""Beginning of the payload of a ``Removal``."""


class Event(NamedTuple):
    """One entry of the stream."""

    id: int
    fleet: str
    driver_id: str
    payload: bytes


def encode_event(event: Event) -> dict[str, str | bytes]:
    """Fields of an entry."""
    return {"id": str(event.id), "fleet": event.fleet, "driver": event.driver_id, "payload": event.payload}


def decode_event(fields: Mapping[bytes, bytes]) -> Event:
    """The event of an entry as Redis returns it. Raises ``BadEntry``."""
    try:
        return Event(int(fields[b"id"]), fields[b"fleet"].decode(), fields[b"driver"].decode(), fields[b"payload"])
    except (KeyError, ValueError) as error:
        raise BadEntry(f"event: {error!r}") from error
