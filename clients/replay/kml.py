"""Points with times of KML: tracks (``gx:Track`` of 2.2, ``Track`` of 2.3) and placemarks with a ``TimeStamp``.

A line or a point without a time is counted as a point without a time. Arrays and data of ``ExtendedData`` are readings
under the names of ``clients.replay.records``.
"""

from __future__ import annotations

from collections import deque

from clients.replay.markup import Name
from clients.replay.records import BadRow, Field, Row, field_of

READINGS = ("speed", "heading", "accuracy", "battery", "attributes", "hdop", "vdop", "pdop", "satellites", "driver")


class Kml:
    """The handler of a KML file."""

    def __init__(self) -> None:
        self.rows: deque[Row | BadRow] = deque()
        self._parents: list[str] = []
        self._track: list[Row] | None = None
        self._whens: list[str] = []
        self._angles: list[str] = []
        self._arrays: list[tuple[Field | None, list[str]]] = []
        self._time = ""
        self._places: list[tuple[str, int]] = []
        self._data: list[tuple[Field, str]] = []
        self._field: Field | None = None

    def start(self, name: Name, attributes: dict[str, str], line: int) -> None:
        self._parents.append(name.local)
        match name.local:
            case "Track":
                self._track, self._whens, self._angles, self._arrays = [], [], [], []
            case "Placemark":
                self._time, self._places, self._data = "", [], []
            case "SimpleArrayData" | "Data" | "SimpleData":
                field = field_of(attributes.get("name", ""))
                self._field = field if field is not None and field.name in READINGS else None
                if name.local == "SimpleArrayData":
                    self._arrays.append((self._field, []))

    def end(self, name: Name, text: str, line: int) -> None:
        self._parents.pop()
        parent = self._parents[-1] if self._parents else ""
        match name.local:
            case "Track":
                self._end_track()
            case "Placemark":
                self._end_placemark()
            case "when" if self._track is not None and parent == "Track":
                self._whens.append(text)
            case "when" | "begin" if parent in ("TimeStamp", "TimeSpan"):
                self._time = self._time or text
            case "coord" if self._track is not None:
                self._track.append(_place(text, " ", line))
            case "angles" if self._track is not None:
                self._angles.append(text)
            case "coordinates":
                self._places += [(place, line) for place in text.split()]
            case "value" if parent == "SimpleArrayData":
                self._arrays[-1][1].append(text)
            case "value" if parent == "Data" and self._field is not None:
                self._data.append((self._field, text))
            case "SimpleData" if self._field is not None:
                self._data.append((self._field, text))

    def _end_track(self) -> None:
        """Times, places and readings of a track are lists that belong together by position."""
        for index, row in enumerate(self._track or []):
            if index < len(self._whens):
                row.put("time", self._whens[index])
            if index < len(self._angles):
                row.put("heading", next(iter(self._angles[index].split()), ""))
            for field, values in self._arrays:
                if field is not None and index < len(values):
                    row.put(field.name, values[index], field.unit)
            self.rows.append(row)
        self._track = None

    def _end_placemark(self) -> None:
        for place, line in self._places:
            row = _place(place, ",", line)
            # One time is that of a point, not of every point of a line.
            if len(self._places) == 1:
                row.put("time", self._time)
                for field, value in self._data:
                    row.put(field.name, value, field.unit)
            self.rows.append(row)
        self._places = []


def _place(text: str, separator: str, line: int) -> Row:
    """Longitude, latitude and altitude."""
    row = Row(line)
    parts = text.split(None if separator == " " else separator)
    for field, value in zip(("longitude", "latitude", "altitude"), parts, strict=False):
        row.put(field, value)
    return row
