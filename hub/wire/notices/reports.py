"""The notice of a report that is sent by schedule. The report itself is made when the notice is sent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from msgspec import Struct

from hub.core.reports.tables import REPORTS

TYPE = "hub.report.due"
"""Type of the notice."""

KIND = "email"
"""Kind of the channels that send it."""


class ReportDue(
    Struct, rename={"schedule_id": "scheduleId", "since": "from", "until": "to", "speed_limit": "speedLimit"}
):
    """The data of the notice: for people ``title`` and ``text``, and what the report is of. ``drivers``, ``groups``:
    all of the fleet where both are empty."""

    title: str
    text: str
    schedule_id: UUID
    kind: str
    since: date
    until: date
    drivers: list[str]
    groups: list[str]
    speed_limit: float | None


def text_of(kind: str, since: date, until: date) -> str:
    """The sentence of the notice."""
    days = f"on {since}" if since == until else f"from {since} to {until}"
    return f"{REPORTS[kind].title} {days}."
