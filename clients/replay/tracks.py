"""Recorded tracks in CSV, GPX, KML, GeoJSON and FIT files, read as a stream of fixes with file and line.

The format is known by the content and not by the name. Without a driver in the file, its name makes the driver's id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from heapq import merge
from pathlib import Path
from typing import BinaryIO

from clients.replay import fit, geojson, tables
from clients.replay.gpx import Gpx
from clients.replay.kml import Kml
from clients.replay.markup import parse
from clients.replay.records import BadRow, Point, Row, TrackError, points
from clients.replay.text import CHUNK, encoding

Report = Callable[[BadRow], None]

_MARKUP: dict[str, type[Gpx] | type[Kml]] = {"gpx": Gpx, "kml": Kml}
_ROOT = re.compile(r"<(?:[\w.-]+:)?(\w+)[\s/>]")


def read(
    paths: list[Path], report: Report, *, driver: str | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[Point]:
    """The points of all files by time, those of one file in its order. ``report`` gets the bad rows.

    ``driver`` replaces the drivers of the files; ``columns`` are those of tables: field -> name or number. Raises
    ``TrackError``, for each file before its first point.
    """
    tracks = [_points(path, report, driver, columns or {}) for path in paths]
    return merge(*tracks, key=lambda point: point.recorded_at)


def _points(path: Path, report: Report, driver: str | None, columns: Mapping[str, str]) -> Iterator[Point]:
    with path.open("rb") as file:
        yield from points(path, _rows(path, file, columns), driver, report)


def _rows(path: Path, file: BinaryIO, columns: Mapping[str, str]) -> Iterator[Row | BadRow]:
    if fit.is_fit(file):
        return fit.rows(path, file)
    code = encoding(file)
    head = file.read(CHUNK).decode(code, "replace").lstrip()
    if head.startswith("<"):
        # The first element may be in a comment before the root.
        names = _ROOT.findall(head)
        root = next((name for name in names if name.lower() in _MARKUP), next(iter(names), ""))
        handler = _MARKUP.get(root.lower())
        if handler is None and "<!DOCTYPE" not in head:
            raise TrackError(f"{path}: the element {root[:40]!r} is not the beginning of GPX or KML")
        return parse(path, file, (handler or Gpx)())
    if head.startswith(("{", "[", "\x1e")):
        return geojson.rows(path, file)
    return tables.rows(path, file, columns)


def estimate(paths: list[Path]) -> int:
    """Approximate number of points in the files, for a progress bar."""
    total = 0
    for path in paths:
        with path.open("rb") as file:
            if fit.is_fit(file):
                total += path.stat().st_size // fit.RECORD_BYTES
                continue
            marks: tuple[bytes, ...] = ()
            while chunk := file.read(CHUNK):
                if not marks:
                    marks = (b"<trkpt", b"coord>") if chunk.lstrip(b"\xef\xbb\xbf \r\n")[:1] == b"<" else (b"\n",)
                total += sum(map(chunk.count, marks))
    return total
