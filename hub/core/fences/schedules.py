"""Weekly times of a fence, for the rules of alerts. Visits do not depend on them: a visit at night is a visit."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

Day = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]

Time = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)|^24:00$(?!\n)")]
"""HH:MM; 24:00 is the end of the day."""

Weekly = tuple[Day, Time, Time]
"""Day, begin, end. An end at or before the begin is on the next day."""


class Schedule(
    Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, rename={"exceptions": "except"}, kw_only=True
):
    """``weekly``: ``[day, begin, end]`` in the time zone ``timezone``, an IANA name; ``exceptions``: days on which none
    of them begins."""

    timezone: Annotated[str, Meta(min_length=1, max_length=64)] = "UTC"
    weekly: Annotated[list[Weekly], Meta(max_length=100)] = []
    exceptions: Annotated[list[date], Meta(max_length=1_000)] = []
