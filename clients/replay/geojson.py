"""Points of GeoJSON and of the hub's own JSON, one value at a time: a month of positions is never in memory.

Read are features (points; lines with ``coordTimes`` or ``coordinateProperties.times``), and objects with names of
``clients.replay.records``, as ``GET …/track`` and ``hub watch`` print them. They may be in an array, in the array
``features``, ``positions`` or ``drivers`` of an object, or one a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from clients.replay.records import BadRow, Row, field_of
from clients.replay.text import Decoder

LONGEST_VALUE = 64 * 1024 * 1024
"""Characters of one feature; a line of a million places has half."""

_SHORT = r"[^\[\]{}]|\[[^\[\]{}]*\]|\{(?:[^\[\]{}]|\{[^\[\]{}]*\})*\}"
_LIST = re.compile(rf'\s*\{{(?:{_SHORT})*?"(?:features|positions|drivers|locations)"\s*:\s*\[|\s*\[')
"""The beginning of a list of points, with what short members precede it."""

_SKIPPED = re.compile(r"[\s,\x1e]*")
"""Between two values; GeoJSON text sequences (RFC 8142) have a record separator."""

_json = json.JSONDecoder()


def rows(path: Path, file: BinaryIO) -> Iterator[Row | BadRow]:
    """The rows of a file. An error costs the rest of the file, and is a row."""
    for line, value in _values(path, file):
        if isinstance(value, BadRow):
            yield value
        else:
            yield from _rows(line, value)


def _values(path: Path, file: BinaryIO) -> Iterator[tuple[int, Any]]:
    """(line, value) of each point; a value that cannot be read is a ``BadRow`` and the last."""
    decoder = Decoder(file)
    text, line = decoder.read(), 1
    match = _LIST.match(text)
    listed, at = match is not None, match.end() if match else 0
    line += text.count("\n", 0, at)
    while True:
        start = _SKIPPED.match(text, at).end()  # type: ignore[union-attr]
        line += text.count("\n", at, start)
        at, reason = start, "the file ends early"
        if listed and text.startswith("]", at):
            return
        if at < len(text):
            try:
                value, end = _json.raw_decode(text, at)
            except RecursionError:
                reason = "nested too deeply"
            except ValueError as error:
                reason = str(error)
            else:
                yield line, value
                line += text.count("\n", at, end)
                at = end
                continue
        more = decoder.read() if len(text) - at <= LONGEST_VALUE else ""
        if not more:
            if listed or at < len(text):
                yield line, BadRow(path, line, "the rest of the file cannot be read", reason)
            return
        text, at = text[at:] + more, 0


def _rows(line: int, value: Any) -> Iterator[Row]:
    """The points of a value."""
    if not isinstance(value, dict):
        yield Row(line)
        return
    kind = value.get("type")
    if kind == "FeatureCollection" or kind == "GeometryCollection":
        members = value.get("features") or value.get("geometries")
        for member in members if isinstance(members, list) else []:
            yield from _rows(line, member)
    elif kind == "Feature":
        properties = value.get("properties")
        yield from _geometry(line, value.get("geometry"), properties if isinstance(properties, dict) else {})
    elif "coordinates" in value:
        yield from _geometry(line, value, {})
    elif isinstance(value.get("position"), dict):
        yield from _rows(line, value["position"])
    elif kind is None or kind == "location":
        yield _row(line, value)
    # Any other type is a message of `hub watch` without a place.


def _geometry(line: int, geometry: Any, properties: dict[str, Any]) -> Iterator[Row]:
    if not isinstance(geometry, dict):
        yield _row(line, properties)
        return
    places = geometry.get("coordinates")
    match geometry.get("type"):
        case "Point":
            yield _placed(_row(line, properties), places)
        case "LineString" | "MultiPoint" | "MultiLineString":
            whole = properties.get("coordinateProperties")
            times = properties.get("coordTimes") or (whole.get("times") if isinstance(whole, dict) else None)
            times = list(_flat(times)) if isinstance(times, list) else []
            driver = {name: value for name, value in properties.items() if (f := field_of(name)) and f.name == "driver"}
            for index, place in enumerate(_places(places)):
                row = _placed(_row(line, driver), _wrapped(place))
                row.put("time", times[index] if index < len(times) else None)
                yield row


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value


def _places(value: Any) -> Iterator[Any]:
    """The places of a line, or of several."""
    for each in value if isinstance(value, list) else []:
        if isinstance(each, list) and each and isinstance(each[0], list):
            yield from _places(each)
        else:
            yield each


def _wrapped(place: Any) -> Any:
    """A place of a line that goes on beyond 180 degrees across the antimeridian, as the hub's own does."""
    match place:
        case [int() | float() as longitude, *rest] if 180 < abs(longitude) <= 540:
            return [round((longitude + 180) % 360 - 180, 7), *rest]
    return place


def _row(line: int, properties: dict[str, Any]) -> Row:
    row = Row(line)
    fields = [(field, value) for name, value in properties.items() if (field := field_of(name)) is not None]
    for field, value in sorted(fields, key=lambda found: found[0].place):
        row.put(field.name, value, field.unit)
    return row


def _placed(row: Row, place: Any) -> Row:
    """The row with a place, which is longitude, latitude and altitude."""
    for field, value in zip(
        ("longitude", "latitude", "altitude"), place if isinstance(place, list) else [], strict=False
    ):
        # The geometry counts, whatever the properties have.
        row.values.pop(field, None)
        row.put(field, value)
    return row
