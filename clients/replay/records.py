"""Values of a file under the names of its format, and the fixes that they make.

The rule is that of the phone paths (``hub.wire.readings``): an invalid place or time costs the point, any other
impossible value is left out. Both are reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from clients.messages import Fix
from clients.replay.names import driver_id
from clients.replay.times import instant
from hub.wire.readings import BOUNDS, KILOMETRE_PER_HOUR, KNOT, PERCENT, attributes, known, number

NAMES = {
    "driver": "driverid driver deviceid device vehicleid vehicle",
    "time": "recordedat time timestamp datetime utc utctime timeutc datetimeutc gpstime fixtime when isotime "
    "timestampms timems unixtime epoch posixtime",
    "date": "date utcdate gpsdate",
    "latitude": "latitude lat latitudens gpslatitude positionlat y",
    "longitude": "longitude lon lng long longitudeew gpslongitude positionlong x",
    "northsouth": "ns",
    "eastwest": "ew",
    "speed": "speed velocity groundspeed gpsspeed enhancedspeed",
    "heading": "heading course bearing cog direction",
    "accuracy": "accuracy acc hacc horizontalaccuracy gpsaccuracy",
    "altitude": "altitude alt ele elevation height enhancedaltitude gpsaltitude",
    "battery": "battery batterylevel batt",
    "attributes": "attributes",
    "hdop": "hdop",
    "vdop": "vdop",
    "pdop": "pdop",
    "satellites": "satellites sat numsat nsat",
}
"""Field -> the names that loggers give it, without case, spaces and signs, best first."""

ATTRIBUTES = ("hdop", "vdop", "pdop", "satellites")
"""Fields that are kept as attributes of the fix: a dilution of precision is not a length, so it gives no accuracy."""

UNITS: dict[str, dict[str, float]] = {
    "time": {"utc": 1, "gmt": 1, "s": 1, "ms": 1},
    "speed": {"ms": 1, "mps": 1, "m/s": 1, "km/h": KILOMETRE_PER_HOUR, "kmh": KILOMETRE_PER_HOUR,
              "kph": KILOMETRE_PER_HOUR, "kmph": KILOMETRE_PER_HOUR, "mph": 0.44704, "kn": KNOT, "kt": KNOT,
              "kts": KNOT, "knots": KNOT},
    "altitude": {"m": 1, "meters": 1, "metres": 1, "ft": 0.3048, "feet": 0.3048},
    "accuracy": {"m": 1, "meters": 1, "metres": 1, "ft": 0.3048, "feet": 0.3048},
    "heading": {"deg": 1, "degrees": 1, "°": 1},
    "battery": {"%": PERCENT, "pct": PERCENT, "percent": PERCENT},
    "latitude": {"deg": 1, "degrees": 1, "°": 1},
    "longitude": {"deg": 1, "degrees": 1, "°": 1},
}  # fmt: skip
"""Field -> units that may follow its name, as in ``speed (km/h)`` or ``altitude_m``, in ours."""

_FIELDS = {name: (field, place) for field, names in NAMES.items() for place, name in enumerate(names.split())}
_SIGNS = re.compile(r"[^a-z0-9]+")
_UNIT = re.compile(r"(?P<name>.*?)[\s_.\[(]+(?P<unit>[a-z%/°]+)[\])]?\s*\Z")
_DEGREES = re.compile(
    r"(?P<before>[NSEW])?\s*(?P<number>[-+]?\d+(?:[.,]\d*)?)\s*°?\s*(?P<after>[NSEW])?\Z", re.IGNORECASE
)


class Field(Struct, frozen=True):
    """What a name means: a field, its unit, and its place among the names of that field."""

    name: str
    unit: float = 1.0
    place: int = 0


def field_of(name: str) -> Field | None:
    """The field that a column, property or element holds; None for an unknown name."""
    name = name.strip().lower()
    if found := _FIELDS.get(_SIGNS.sub("", name)):
        return Field(found[0], 1.0, found[1])
    if (match := _UNIT.match(name)) and (found := _FIELDS.get(_SIGNS.sub("", match["name"]))):
        unit = UNITS.get(found[0], {}).get(match["unit"])
        return None if unit is None else Field(found[0], unit, found[1])
    return None


class TrackError(ValueError):
    """A file that is not a track. The message names it."""


class Row(Struct):
    """The values of one point. Each field has those given for it, best first, with their units."""

    line: int
    values: dict[str, list[tuple[object, float]]] = msgspec.field(default_factory=dict)

    def put(self, field: str, value: object, unit: float = 1.0) -> None:
        if value is not None and value != "":
            self.values.setdefault(field, []).append((value, unit))


class BadRow(Struct):
    """A point that is not sent. ``reason`` is one of few, so that equal ones can be counted; ``detail`` is the rest."""

    path: Path
    line: int
    reason: str
    detail: str = ""


class Point(Struct):
    """A fix with its place in a file, and the names of the readings that were left out."""

    path: Path
    line: int
    recorded_at: datetime
    fix: Fix
    left_out: tuple[str, ...] = ()
    zoned: bool = True


class Invalid(ValueError):
    """A point without a valid place or time."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


def points(
    path: Path, rows: Iterator[Row | BadRow], driver: str | None, report: Callable[[BadRow], None]
) -> Iterator[Point]:
    """The points of a file's rows; the invalid rows go to ``report``. ``driver`` replaces the drivers in the file."""
    own = driver or driver_id(path.stem)
    for row in rows:
        if isinstance(row, BadRow):
            report(row)
            continue
        try:
            yield _point(path, row, driver, own)
        except Invalid as error:
            report(BadRow(path, row.line, str(error), error.detail))


def _point(path: Path, row: Row, driver: str | None, own: str) -> Point:
    values = row.values
    latitude = _degrees("latitude", values, 90, "northsouth")
    longitude = _degrees("longitude", values, 180, "eastwest")
    recorded_at, zoned = _time(values)
    fix = Fix(latitude, longitude, own, recorded_at)
    if driver is None and "driver" in values:
        fix.driver_id = driver_id(str(values["driver"][0][0]).strip() or own)
    left_out = []
    for name in BOUNDS:
        if name in values:
            found = _reading(name, values[name])
            setattr(fix, name, found)
            if found is None:
                left_out.append(name)
    if extra := _attributes(values):
        fix.attributes = msgspec.json.decode(attributes(extra))
        if len(fix.attributes or {}) < len(extra):
            left_out.append("attributes")
    return Point(path, row.line, recorded_at, fix, tuple(left_out), zoned)


def _reading(name: str, given: list[tuple[object, float]]) -> float | None:
    """The first possible value; None where there is none."""
    for value, unit in given:
        value = decimal(value)
        if name == "battery" and unit == 1 and (number(value) or 0) > 1:
            unit = PERCENT  # GPSLogger's column has percents.
        if (found := known(name, value, unit)) is not None:
            return found
    return None


def decimal(value: object) -> object:
    """Text with a decimal comma in the notation of ``float``; of two signs the last is the decimal one."""
    if not isinstance(value, str) or "," not in value:
        return value
    if value.rfind(".") > value.rfind(","):
        return value.replace(",", "")
    return value.replace(".", "").replace(",", ".") if value.count(",") == 1 else value


def _degrees(name: str, values: Mapping[str, list[tuple[object, float]]], most: float, hemisphere: str) -> float:
    if name not in values:
        raise Invalid(f"no {name}")
    value = values[name][0][0]
    sign = 1
    if isinstance(value, str):
        match = _DEGREES.match(value.strip())
        letter = ""
        if match:
            value = match["number"].replace(",", ".")
            letter = match["before"] or match["after"] or ""
        if hemisphere in values:
            letter = letter or str(values[hemisphere][0][0]).strip()
        if letter.upper() not in ({"", "N", "S"} if name == "latitude" else {"", "E", "W"}):
            raise Invalid(f"the {name} is not a number")
        # A negative number in the south has its sign already.
        sign = -1 if letter.upper() in ("S", "W") and not value.startswith("-") else 1
    found = number(value)
    if found is None:
        raise Invalid(f"the {name} is not a number")
    if abs(found) > most:
        raise Invalid(f"the {name} is not between -{most:g} and {most:g} degrees")
    return found * sign


def _time(values: Mapping[str, list[tuple[object, float]]]) -> tuple[datetime, bool]:
    given = [value for value, _ in values.get("time", ())]
    if "date" in values:
        date = str(values["date"][0][0]).strip()
        given = [f"{_dashed(date)} {_coloned(str(time).strip())}" for time in given] + given + [date]
    if not given:
        raise Invalid("no time")
    reason = ""
    for value in given:
        try:
            return instant(value)
        except ValueError as error:
            reason = reason or str(error)
    raise Invalid("the time is not valid", f"{str(given[0]).strip()[:40]!r}: {reason}")


def _dashed(date: str) -> str:
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if re.fullmatch(r"\d{8}", date) else date


def _coloned(time: str) -> str:
    return f"{time[:2]}:{time[2:4]}:{time[4:]}" if re.fullmatch(r"\d{6}(?:\.\d+)?", time) else time


def _attributes(values: Mapping[str, list[tuple[object, float]]]) -> dict[str, Any]:
    """Attributes of the file, and the quality of the fix."""
    found: dict[str, Any] = {}
    if "attributes" in values:
        value = values["attributes"][0][0]
        if isinstance(value, str):
            try:
                value = msgspec.json.decode(value)
            except msgspec.DecodeError:
                value = {"attributes": value}
        found = value if isinstance(value, dict) else {"attributes": value}
    for name in ATTRIBUTES:
        if name in values and (figure := number(decimal(values[name][0][0]))) is not None and isfinite(figure):
            found.setdefault(name, int(figure) if figure.is_integer() and abs(figure) < 2**53 else figure)
    return found
