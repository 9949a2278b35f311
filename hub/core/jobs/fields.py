"""Fields of places and jobs that are more than a number or a text."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct

from hub.core.names import Id, Name, Short

Address = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["12 Palm Street, Dubai"])]
"""An address on one line."""

Reference = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["ORDER-1042"])]
"""Id in another system of the fleet, such as an order number."""

Email = Annotated[str, Meta(max_length=254, pattern=r"^[^\x00-\x20\x7f]*$")]

ServiceTime = Annotated[float, Meta(ge=0, le=86_400, examples=[240])]
"""Seconds."""

Radius = Annotated[float, Meta(ge=5, le=5_000, examples=[100])]
"""Metres: no fix is more exact than 5, and a circle of more than 5 km is an area and not a place to stop at."""

Load = Annotated[list[Annotated[int, Meta(ge=0, le=1_000_000_000)]], Meta(max_length=8, examples=[[120, 2]])]
"""Amounts in the units of the fleet, in its order."""

Skills = Annotated[list[Id], Meta(max_length=20, examples=[["fridge"]])]

Priority = Annotated[int, Meta(ge=0, le=100)]


class JobKind(StrEnum):
    """What is done at the place."""

    DELIVERY = "delivery"
    PICKUP = "pickup"
    SERVICE = "service"


class ProofKind(StrEnum):
    """What the driver has to show for a job."""

    PHOTO = "photo"
    SIGNATURE = "signature"
    NOTE = "note"
    BARCODE = "barcode"
    CASH = "cash"


Proofs = Annotated[list[ProofKind], Meta(max_length=5)]


class Contact(Struct, omit_defaults=True, forbid_unknown_fields=True, frozen=True):
    """A person at a place: personal data, which is not kept longer than it is needed."""

    name: Name = ""
    phone: Short = ""
    email: Email = ""


class Window(Struct, rename={"since": "from", "until": "to"}, forbid_unknown_fields=True, frozen=True, order=True):
    """A span of time, ``from`` included and ``to`` not included."""

    since: Annotated[datetime, Meta(tz=True)]
    until: Annotated[datetime, Meta(tz=True)]


Windows = Annotated[list[Window], Meta(max_length=10)]


def in_order(windows: list[Window]) -> list[Window]:
    """Windows by time. Raises ``ValueError`` for one that is empty, and for two that overlap."""
    ordered = sorted(windows)
    for window in ordered:
        if window.since >= window.until:
            raise ValueError("from must be before to")
    for one, other in pairwise(ordered):
        if other.since < one.until:
            raise ValueError("windows must not overlap")
    return ordered


def written(window: Window) -> str:
    """A window as a text without spaces: two instants with a slash between them (ISO 8601)."""
    return f"{_instant(window.since)}/{_instant(window.until)}"


def read(text: str) -> Window:
    """The inverse. Raises ``ValueError``."""
    since, slash, until = text.partition("/")
    try:
        found = Window(datetime.fromisoformat(since), datetime.fromisoformat(until))
    except ValueError as error:
        raise ValueError("must be two instants with a slash between them") from error
    if not slash or found.since.tzinfo is None or found.until.tzinfo is None:
        raise ValueError("both instants need a time zone: Z or an offset, as +02:00")
    return found


def _instant(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
