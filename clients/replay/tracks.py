"""Recorded tracks in files: CSV and GPX, read as a stream of fixes that know their file and line.

CSV has a header with at least ``recorded_at,latitude,longitude``; ``altitude_m``, ``speed``, ``heading``, ``accuracy``
and ``driver_id`` are understood, other columns are ignored, an empty cell is unknown. Of GPX the track points are read.
Without ``driver_id`` the file's name is the driver's id.
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
"""Elements of a track point (of GPX 1.0, or of extensions to 1.1) and the columns they would be, in the same units."""

CHUNK = 65_536


class TrackError(ValueError):
    """A file that is no track at all; the message names it."""


class BadRow(Struct):
    """Something in a file that is no fix, and why."""

    path: Path
    line: int
    reason: str


class Point(Struct):
    """A fix, always with a driver, and where it stands."""

    path: Path
    line: int
    recorded_at: datetime
    fix: Fix


Report = Callable[[BadRow], None]


def read(paths: list[Path], report: Report) -> Iterator[Point]:
    """The points of all files by time, those of one file in its order; bad rows go to ``report``.

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
                raise TrackError(f"{path}: neither .csv nor .gpx")
    return merge(*tracks, key=lambda point: point.recorded_at)


def estimate(paths: list[Path]) -> int:
    """About how many points the files hold, for a progress bar."""
    total = 0
    for path in paths:
        mark = b"<trkpt" if path.suffix.lower() == ".gpx" else b"\n"
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                total += chunk.count(mark)
    return total


def _point(path: Path, line: int, values: dict[str, str]) -> Point:
    """Raises ``ValueError`` saying what is wrong."""
    try:
        recorded_at = datetime.fromisoformat(values.get("recorded_at", "").strip())
    except ValueError:
        raise ValueError("recorded_at is no RFC 3339 time") from None
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
        raise ValueError(f"{name} is no number") from None
    if not isfinite(number):
        raise ValueError(f"{name} is not finite")
    return number


def _read_csv(path: Path, report: Report) -> Iterator[Point]:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        rows = csv.reader(file, strict=True)
        header = [name.strip() for name in next(rows, [])]
        missing = {"recorded_at", "latitude", "longitude"}.difference(header)
        if missing:
            raise TrackError(f"{path}: the header lacks {', '.join(sorted(missing))}")
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
    """Collects the track points of a file that is fed in pieces."""

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
        # A document type is where entities come from that expand to gigabytes; GPX has none.
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, final: bool = False) -> bool:
        """Parse on; False when the rest of the file cannot be read, which has been reported."""
        try:
            self._parser.Parse(chunk, final)
        except (expat.ExpatError, TrackError) as error:
            reason = f"{error}; the rest of the file is skipped"
            self._report(BadRow(self._path, self._parser.CurrentLineNumber, reason))
            return False
        return True

    def _doctype(self, *_: object) -> None:
        raise TrackError("a document type is refused")

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
        raise TrackError(f"{path}: the name is no driver id (letters, digits and . _ : - only)")
