"""Each report is declared here once, as a table: the API, files, the screen, the command line and e-mails take its
columns from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

Kind = Literal["text", "id", "day", "instant", "duration", "distance", "speed", "degrees", "count"]
"""What the values of a column are; numbers have one unit each."""

ReportKind = Literal["trips", "stops", "daily", "visits", "events", "speeding", "mileage"]
"""The keys of ``REPORTS``, for bodies of the API."""

UNITS: dict[Kind, str] = {"duration": "s", "distance": "m", "speed": "m/s", "degrees": "°"}
"""Kind -> unit of its numbers, on the wire and in files."""


class Column(Struct, frozen=True):
    """``name``: of the value in JSON, in camelCase. ``title``: heading. ``kind``: what the values are. ``unit``: of the
    numbers, empty without one."""

    name: str
    title: str
    kind: Kind
    unit: str

    @property
    def heading(self) -> str:
        """Heading with the unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


class ReportTable(Struct, frozen=True):
    """``kind``: name in the API. ``about``: a sentence. ``chart``: name of the column whose sum is drawn; empty: the
    number of rows. ``by``: what the sums are of."""

    kind: str
    title: str
    about: str
    columns: tuple[Column, ...]
    chart: str
    by: Literal["day", "driver"]

    @property
    def heading(self) -> list[str]:
        """Headings of the columns, with units."""
        return [column.heading for column in self.columns]


def _columns(*given: tuple[str, str, Kind]) -> tuple[Column, ...]:
    who: list[tuple[str, str, Kind]] = [("driverName", "Driver", "text"), ("driverId", "Driver ID", "id")]
    day: tuple[str, str, Kind] = ("day", "Day", "day")
    first = [day, *who] if day in given else who
    rest = [one for one in given if one != day]
    return tuple(Column(name, title, kind, UNITS.get(kind, "")) for name, title, kind in [*first, *rest])


_DAY: tuple[str, str, Kind] = ("day", "Day", "day")

REPORTS: dict[str, ReportTable] = {
    report.kind: report
    for report in (
        ReportTable(
            "trips",
            "Trips",
            "Trips that began on these days.",
            _columns(
                _DAY,
                ("startedAt", "Start", "instant"),
                ("endedAt", "End", "instant"),
                ("startPlace", "From", "text"),
                ("endPlace", "To", "text"),
                ("distance", "Distance", "distance"),
                ("duration", "Duration", "duration"),
                ("movingTime", "Moving time", "duration"),
                ("idleTime", "Idle time", "duration"),
                ("averageSpeed", "Average speed", "speed"),
                ("maxSpeed", "Top speed", "speed"),
                ("gapDistance", "Gap distance", "distance"),
                ("latitude", "Start latitude", "degrees"),
                ("longitude", "Start longitude", "degrees"),
                ("endLatitude", "End latitude", "degrees"),
                ("endLongitude", "End longitude", "degrees"),
                ("points", "Positions", "count"),
                ("tripId", "Trip ID", "id"),
            ),
            "distance",
            "day",
        ),
        ReportTable(
            "stops",
            "Stops",
            "Stops that began on these days.",
            _columns(
                _DAY,
                ("startedAt", "Arrival", "instant"),
                ("endedAt", "Departure", "instant"),
                ("place", "Place", "text"),
                ("duration", "Duration", "duration"),
                ("latitude", "Latitude", "degrees"),
                ("longitude", "Longitude", "degrees"),
            ),
            "duration",
            "day",
        ),
        ReportTable(
            "daily",
            "Daily figures",
            "Sums of each driver and day, of the trips that began on it.",
            _columns(
                _DAY,
                ("trips", "Trips", "count"),
                ("distance", "Distance", "distance"),
                ("duration", "Duration", "duration"),
                ("movingTime", "Moving time", "duration"),
                ("averageSpeed", "Average speed", "speed"),
                ("maxSpeed", "Top speed", "speed"),
            ),
            "distance",
            "day",
        ),
        ReportTable(
            "visits",
            "Visits",
            "Visits of fences that began on these days.",
            _columns(
                _DAY,
                ("fenceName", "Fence", "text"),
                ("enteredAt", "Arrival", "instant"),
                ("exitedAt", "Departure", "instant"),
                ("duration", "Duration", "duration"),
                ("distance", "Distance inside", "distance"),
                ("maxSpeed", "Top speed", "speed"),
                ("cause", "Begin", "text"),
                ("exitCause", "End", "text"),
                ("points", "Positions", "count"),
                ("fenceId", "Fence ID", "id"),
                ("visitId", "Visit ID", "id"),
            ),
            "duration",
            "day",
        ),
        ReportTable(
            "events",
            "Events",
            "Alerts of these days: what the rules of the fleet noticed, and channels that were disabled.",
            _columns(
                _DAY,
                ("at", "Time", "instant"),
                ("kind", "Event", "text"),
                ("title", "Rule", "text"),
                ("text", "Text", "text"),
                ("severity", "Severity", "text"),
                ("state", "State", "text"),
                ("resolvedAt", "Over since", "instant"),
                ("acknowledgedAt", "Acknowledged", "instant"),
                ("alertId", "Alert ID", "id"),
            ),
            "",
            "day",
        ),
        ReportTable(
            "speeding",
            "Speeding",
            "Stretches above a speed limit, of the trips that began on these days; without a limit, of visits of "
            "fences above the limit of the fence.",
            _columns(
                _DAY,
                ("startedAt", "Start", "instant"),
                ("endedAt", "End", "instant"),
                ("duration", "Duration", "duration"),
                ("speedLimit", "Limit", "speed"),
                ("maxSpeed", "Top speed", "speed"),
                ("averageSpeed", "Average speed", "speed"),
                ("fenceName", "Fence", "text"),
                ("place", "Place", "text"),
                ("latitude", "Latitude", "degrees"),
                ("longitude", "Longitude", "degrees"),
                ("points", "Positions", "count"),
            ),
            "duration",
            "day",
        ),
        ReportTable(
            "mileage",
            "Mileage",
            "Sums of each driver over all of these days, of the trips that began on them.",
            _columns(
                ("days", "Days driven", "count"),
                ("trips", "Trips", "count"),
                ("distance", "Distance", "distance"),
                ("gapDistance", "Gap distance", "distance"),
                ("duration", "Duration", "duration"),
                ("movingTime", "Moving time", "duration"),
                ("averageSpeed", "Average speed", "speed"),
                ("maxSpeed", "Top speed", "speed"),
            ),
            "distance",
            "driver",
        ),
    )
}
"""Kind -> report, in the order in which they are offered."""

Row = list[Any]
"""The values of one row, in the order of the columns; None: unknown."""


def as_object(report: ReportTable) -> Callable[[Row], dict[str, Any]]:
    """What makes a row the object that the API answers: unknown values are absent."""
    names = [column.name for column in report.columns]

    def made(row: Row) -> dict[str, Any]:
        return {name: value for name, value in zip(names, row, strict=True) if value is not None}

    return made
