"""Positions, trips, stops and days of the history, as the API returns them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, Raw, Struct, UnsetType


class StoredPosition(Struct, rename="camel", omit_defaults=True, gc=False):
    """A position as it was stored: the ``location`` of the socket without the hub's number."""

    driver_id: str
    latitude: float
    longitude: float
    recorded_at: datetime
    received_at: datetime
    speed: float | None = None
    heading: float | None = None
    accuracy: float | None = None
    altitude: float | None = None
    battery: float | None = None
    attributes: Raw | UnsetType = UNSET


class Inside(Struct, rename="camel", gc=False):
    """A driver that was inside a box: the number of its positions there, and the instants of the first and the last."""

    driver_id: str
    first_at: datetime
    last_at: datetime
    positions: int


class PlaceName(Struct, rename="camel", omit_defaults=True, frozen=True, gc=False):
    """Where a coordinate is, for people. ``text`` is an address of the geocoder (``source``), or made of the other
    fields: ``name`` of the nearest place of the gazetteer, code of its ``country``, and, outside of it, the
    ``distance`` from it in metres and the ``direction`` from it (``N``, ``NE`` and so on)."""

    text: str
    source: Literal["gazetteer", "geocoder"]
    name: str | None = None
    country: str | None = None
    distance: float | None = None
    direction: str | None = None


class Trip(Struct, rename="camel", omit_defaults=True, gc=False):
    """A trip; while it is open (no ``ended_at``) its figures are those at ``counted_to``. Metres, seconds, metres per
    second. ``path`` is an encoded polyline of five digits."""

    trip_id: str
    driver_id: str
    started_at: datetime
    counted_to: datetime
    latitude: float
    longitude: float
    distance: float
    duration: float
    moving_time: float
    idle_time: float
    average_speed: float
    max_speed: float
    points: int
    gap_distance: float
    ended_at: datetime | None = None
    end_latitude: float | None = None
    end_longitude: float | None = None
    path: str | None = None
    start_place: PlaceName | None = None
    end_place: PlaceName | None = None


class Stop(Struct, rename="camel", omit_defaults=True, gc=False):
    """Standing in one place; while it lasts it has neither ``ended_at`` nor ``duration``. Seconds."""

    driver_id: str
    started_at: datetime
    latitude: float
    longitude: float
    ended_at: datetime | None = None
    duration: float | None = None
    place: PlaceName | None = None


class Day(Struct, rename="camel", omit_defaults=True, gc=False):
    """Sums of one driver, or with ``drivers`` of the fleet, for a day in a time zone: of the trips that began on it.
    Metres, seconds, metres per second."""

    day: date
    trips: int
    distance: float
    duration: float
    moving_time: float
    average_speed: float
    max_speed: float
    driver_id: str | None = None
    drivers: int | None = None


class Visit(Struct, rename="camel", omit_defaults=True, gc=False):
    """A driver's time inside a fence; open without ``exited_at``, and then its figures are those at ``last_inside_at``.

    ``entered_slack``: seconds of silence before ``entered_at`` in which it entered; ``exited_slack``: those after
    ``exited_at`` in which it left. ``cause``, ``exit_cause``: ``crossed``, ``first_seen`` or ``fence_changed``.
    Seconds, metres, metres per second.
    """

    visit_id: UUID
    fence_id: UUID
    driver_id: str
    entered_at: datetime
    last_inside_at: datetime
    duration: float
    cause: str
    points: int
    distance: float
    fence_version: int
    exited_at: datetime | None = None
    dwelled_at: datetime | None = None
    entered_slack: float = 0.0
    exited_slack: float = 0.0
    exit_cause: str | None = None
    max_speed: float | None = None


class Crossing(Struct, rename="camel", gc=False):
    """A pass through a fence without a visit."""

    fence_id: UUID
    driver_id: str
    entered_at: datetime
    exited_at: datetime
    fence_version: int
