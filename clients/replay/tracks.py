"""Recorded tracks in CSV and GPX files, read as a stream of fixes with file and line.

CSV requires a header with ``recorded_at,latitude,longitude``. The columns ``altitude_m``, ``speed``, ``heading``,
``accuracy`` and ``driver_id`` are optional, others are ignored, and an empty cell is unknown. Of GPX the track
points are read. Without ``driver_id`` the file's name is the driver's id.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import merge
from math import isfinite
from pathlib import Path
from xml.parsers import expat

from msgspec import Struct

from clients.messages import Fix

DRIVER_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._:-]{1,64}\Z")

NUMBERS = ("speed", "heading", "accuracy")
"""Columns that are fields of a fix by the same name."""

GPX_NAMES = {"time": "recorded_at", "ele": "altitude_m", "speed": "speed", "course": "heading"}
"""Element of a track point (GPX 1.0, or extensions to 1.1) -> CSV column with the same unit."""

CHUNK = 65_536


class TrackError(ValueError):
    """A file that is not a track. The message names it."""


class BadRow(Struct):
    """An invalid row or track point, and the reason."""

    path: Path
    line: int
    reason: str


class Point(Struct):
    """A fix with a driver, and its place in a file."""

    path: Path
    line: int
    recorded_at: datetime
    fix: Fix


Report = Callable[[BadRow], None]


def read(paths: list[Path], report: Report) -> Iterator[Point]:
    """The points of all files by time, those of one file in its order. ``report`` gets the bad rows.

    Raises ``TrackError``, for each file before its first point.
    """
    tracks = []
    for path in paths:
        match path.suffix.lower():
            case ".csv":
                tracks.append(_read_csv(path, report))
            case ".gpx":
                tracks.append(_read_gpx(path, report))
            case _:
                raise TrackError(f"{path}: must be a .csv or .gpx file")
    return merge(*tracks, key=lambda point: point.recorded_at)


def estimate(paths: list[Path]) -> int:
    """Approximate number of points in the files, for a progress bar."""
    total = 0
    for path in paths:
        mark = b"<trkpt" if path.suffix.lower() == ".gpx" else b"\n"
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                total += chunk.count(mark)
    return total


def _point(path: Path, line: int, values: dict[str, str]) -> Point:
    """A point from the columns of a row. Raises ``ValueError`` with the reason."""
    try:
        recorded_at = datetime.fromisoformat(values.get("recorded_at", "").strip())
    except ValueError:
        raise ValueError("recorded_at is not an RFC 3339 time") from None
    if recorded_at.tzinfo is None:
        raise ValueError("recorded_at has no time zone")
    fix = Fix(
        _number("latitude", values["latitude"]),
        _number("longitude", values["longitude"]),
        values.get("driver_id") or path.stem,
        recorded_at,
    )
    for name in NUMBERS:
        if text := values.get(name):
            setattr(fix, name, _number(name, text))
    if text := values.get("altitude_m"):
        fix.altitude = _number("altitude_m", text)
    return Point(path, line, recorded_at, fix)


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{name} is not a number") from None
    if not isfinite(number):
        raise ValueError(f"{name} is not finite")
    return number


def _read_csv(path: Path, report: Report) -> Iterator[Point]:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        rows = csv.reader(file, strict=True)
        header = [name.strip() for name in next(rows, [])]
        missing = {"recorded_at", "latitude", "longitude"}.difference(header)
        if missing:
            raise TrackError(f"{path}: missing columns: {', '.join(sorted(missing))}")
        if "driver_id" not in header:
            _check_name(path)
        while True:
            try:
                row = next(rows)
                if not row:
                    continue
                if len(row) != len(header):
                    raise ValueError(f"{len(row)} cells, expected {len(header)}")
                yield _point(path, rows.line_num, dict(zip(header, row, strict=True)))
            except StopIteration:
                return
            except (ValueError, csv.Error) as error:
                report(BadRow(path, rows.line_num, str(error)))


def _read_gpx(path: Path, report: Report) -> Iterator[Point]:
    _check_name(path)
    gpx = _Gpx(path, report)
    with path.open("rb") as file:
        more = True
        while more:
            chunk = file.read(CHUNK)
            more = bool(chunk) and gpx.feed(chunk)
            if not chunk:
                gpx.feed(chunk, final=True)
            yield from gpx.points
            gpx.points.clear()


class _Gpx:
    """Collects the track points of a file that is parsed in chunks."""

    def __init__(self, path: Path, report: Report) -> None:
        self.points: list[Point] = []
        self._path, self._report = path, report
        self._values: dict[str, str] | None = None
        self._column = ""
        self._line = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        # A document type can define entities that expand to gigabytes; GPX needs none.
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, final: bool = False) -> bool:
        """Parse a chunk; False after an error, which is reported, because the rest of the file cannot be parsed."""
        try:
            self._parser.Parse(chunk, final)
        except (expat.ExpatError, TrackError) as error:
            reason = f"{error}; the rest of the file is skipped"
            self._report(BadRow(self._path, self._parser.CurrentLineNumber, reason))
            return False
        return True

    def _doctype(self, *_: object) -> None:
        raise TrackError("a document type is not allowed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "trkpt":
            self._line = self._parser.CurrentLineNumber
            self._values = {"latitude": attributes.get("lat", ""), "longitude": attributes.get("lon", "")}
        self._column = GPX_NAMES.get(name, "")

    def _text(self, text: str) -> None:
        if self._values is not None and self._column:
            self._values[self._column] = self._values.get(self._column, "") + text

    def _end(self, name: str) -> None:
        self._column = ""
        if self._values is not None and name.rpartition(" ")[2] == "trkpt":
            values, self._values = self._values, None
            try:
                self.points.append(_point(self._path, self._line, values))
            except ValueError as error:
                self._report(BadRow(self._path, self._line, str(error)))


def _check_name(path: Path) -> None:
    if not DRIVER_ID.match(path.stem):
        raise TrackError(f"{path}: the name is not a valid driver id (letters, digits and . _ : - only)")
