"""The nouns of the hub: what a device reports (fix) and what we accepted (position).

Units, everywhere, on the wire and in SQL: degrees WGS 84, metres, metres per second, degrees clockwise from true
north, battery 0-1, instants in UTC. Unknown is absent (``None``), never -1 or 0.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

ID_PATTERN = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._:-]{1,64}\Z")
"""Driver and fleet ids: short enough for keys and labels, without characters that a URL, a log or SQL would escape. One
or two dots are not allowed: clients resolve them in a path (RFC 3986, section 5.2.4), so they cannot be requested."""

ATTRIBUTES_MAX_BYTES = 1024

MAX_MSG_NO = 2**53
"""The largest integer up to which a double, JavaScript's number, is exact."""

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


class Fix(Struct, rename="camel", gc=False):
    """One measurement as a device reported it, not yet accepted.

    ``recorded_at`` is the device's clock: RFC 3339 with an offset, epoch seconds (below 2**31) or epoch milliseconds;
    absent means "now". ``vehicle_id`` names the driver by its vehicle, where nothing else names it. ``msg_no`` is the
    driver's own message number, which an ack names. ``attributes`` is a JSON object passed through untouched.
    ``traceparent`` names its trace (W3C Trace Context). Unknown keys are ignored.
    """

    latitude: Latitude
    longitude: Longitude
    driver_id: str | None = None
    vehicle_id: str | None = None
    recorded_at: Annotated[datetime, Meta(tz=True)] | float | None = None
    speed: Annotated[float, Meta(ge=0, le=400)] | None = None
    heading: Annotated[float, Meta(ge=0, le=360)] | None = None
    accuracy: Annotated[float, Meta(ge=0, le=1e7)] | None = None
    altitude: Annotated[float, Meta(ge=-12_000, le=100_000)] | None = None
    battery: Annotated[float, Meta(ge=0, le=1)] | None = None
    msg_no: Annotated[int, Meta(ge=0, le=MAX_MSG_NO)] | None = None
    attributes: Raw = field(default_factory=Raw)  # no schema could write an empty one down as its default
    traceparent: str | None = None


class Position(Struct, rename="camel", tag_field="type", tag="location", omit_defaults=True, gc=False):
    """A fix that the hub accepted and numbered; encoded, it is both the ``location`` message and the log's record.

    ``seq`` increases within the hub's epoch. ``recorded_at`` and ``received_at`` are UTC. ``clock_offset``: seconds by
    which the device's clock is ahead (negative: behind), where it is wrong; ``recorded_at`` is what it sent. ``state``:
    that of the driver, if it has one. ``traceparent``: that of the fix, if its sender records the trace.
    """

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
    attributes: Raw | UnsetType = UNSET
    clock_offset: float | None = None
    state: str | None = None
    traceparent: str | None = None


def instant(value: datetime | float) -> datetime:
    """UTC datetime of an instant as devices send it: an aware datetime, epoch seconds (< 2**31) or epoch milliseconds.

    Raises ``ValueError`` (also for infinities and years outside 1-9999), so that the caller can name the field.
    """
    try:
        if isinstance(value, datetime):
            return value if value.tzinfo is UTC else value.astimezone(UTC)
        return datetime.fromtimestamp(value if abs(value) < 2**31 else value / 1000, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("instant out of range") from error
