"""The rules by which a fix becomes a position: the instant it gets, and whether it is live, late or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Raw

from hub.core.geo.geodesy import UNKNOWN_ACCURACY
from hub.core.nouns import ATTRIBUTES_MAX_BYTES, Fix, instant

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""GPS week rollovers set a clock back by 19.6 years; an instant before 1970 is a bug of the device."""

TICK = timedelta(microseconds=1)
"""The resolution of PostgreSQL's timestamptz and of Python's datetime."""


class Rejected(ValueError):
    """A fix that cannot become a position: ``field`` (wire name) is wrong, ``detail`` is the reason."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field, self.detail = field, detail


def recorded_instant(fix: Fix, now: datetime, latest: datetime | None) -> datetime:
    """The instant of a fix, in UTC. A fix without one gets ``now``, or an instant after the driver's latest position.

    Raises ``Rejected`` when it is out of range.
    """
    value = fix.recorded_at
    if value is None:
        return now if latest is None or now > latest else latest + TICK
    try:
        recorded_at = instant(value)
    except ValueError as error:
        raise Rejected("recordedAt", "out of range") from error
    if recorded_at < EARLIEST:
        raise Rejected("recordedAt", "before 1970")
    return recorded_at


def is_live(recorded_at: datetime, latest: datetime | None, horizon: datetime) -> bool:
    """Whether a position becomes the driver's latest and is broadcast.

    Late ones (not newer than the latest) and future ones (after ``horizon``: now plus the tolerance for clocks) are
    stored only: a wrong clock must never hide the real positions that follow.
    """
    return (latest is None or recorded_at > latest) and recorded_at <= horizon


def is_more_exact(accuracy: float | None, latest: float | None) -> bool:
    """Whether a fix of the latest instant is more exact than the latest position, and replaces it."""
    return (accuracy or UNKNOWN_ACCURACY) < (latest or UNKNOWN_ACCURACY)


def checked_attributes(raw: Raw) -> Raw | None:
    """The attributes to pass through, None when absent or null. Raises ``Rejected``."""
    if not raw:
        return None
    data = bytes(raw)
    if data[:1] != b"{":
        if data == b"null":
            return None
        raise Rejected("attributes", "must be an object")
    if len(data) > ATTRIBUTES_MAX_BYTES:
        raise Rejected("attributes", f"must have at most {ATTRIBUTES_MAX_BYTES} bytes")
    return raw
