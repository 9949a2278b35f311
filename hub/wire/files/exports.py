"""A track as files that other programs read: GeoJSON (RFC 7946), GPX 1.1, CSV (RFC 4180). Each is written piece by
piece, so that a month of positions is never in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

import msgspec

from hub.wire.stored import StoredPosition

_encode = msgspec.json.Encoder().encode


class TrackFile(Protocol):
    """The parts of a file; ``positions`` may come in any number of pieces."""

    media_type: str
    extension: str

    def head(self, driver_id: str) -> bytes: ...

    def positions(self, positions: Iterable[StoredPosition], *, first: bool) -> bytes: ...

    def tail(self) -> bytes: ...


class GeoJson:
    """A point feature for each position, with its other fields as properties."""

    media_type, extension = "application/geo+json", "geojson"

    def head(self, driver_id: str) -> bytes:
        return b'{"type":"FeatureCollection","features":['

    def positions(self, positions: Iterable[StoredPosition], *, first: bool) -> bytes:
        joined = b",\n".join(_encode(feature(position)) for position in positions)
        return joined if first or not joined else b",\n" + joined

    def tail(self) -> bytes:
        return b"]}\n"


def feature(position: StoredPosition) -> dict[str, object]:
    """A GeoJSON feature; the order of coordinates is longitude, latitude."""
    properties = msgspec.structs.asdict(position)
    place: list[float] = [properties.pop("longitude"), properties.pop("latitude")]
    if position.altitude is not None:
        place.append(properties.pop("altitude"))
    # Encoded as the struct would be: camelCase, unknown absent.
    named = zip(StoredPosition.__struct_encode_fields__, StoredPosition.__struct_fields__, strict=True)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {
            name: properties[field]
            for name, field in named
            if properties.get(field) is not None and properties[field] is not msgspec.UNSET
        },
    }


class Gpx:
    """One track of one segment. GPX defines time and altitude; speed and course are in Garmin's extension, which other
    programs read, and the rest in the hub's own."""

    media_type, extension = "application/gpx+xml", "gpx"

    def head(self, driver_id: str) -> bytes:
        # A driver id holds no character that XML escapes.
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<gpx version="1.1" creator="location-hub" xmlns="http://www.topografix.com/GPX/1/1"'
            ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"'
            ' xmlns:hub="urn:location-hub:gpx:1">\n'
            f"<trk><name>{driver_id}</name><trkseg>\n"
        ).encode()

    def positions(self, positions: Iterable[StoredPosition], *, first: bool) -> bytes:
        return "".join(map(_trkpt, positions)).encode()

    def tail(self) -> bytes:
        return b"</trkseg></trk>\n</gpx>\n"


def _trkpt(position: StoredPosition) -> str:
    altitude = "" if position.altitude is None else f"<ele>{_decimal(position.altitude)}</ele>"
    time = position.recorded_at.isoformat().replace("+00:00", "Z")
    return (
        f'<trkpt lat="{position.latitude:.7f}" lon="{position.longitude:.7f}">{altitude}<time>{time}</time>'
        f"{_extensions(position)}</trkpt>\n"
    )


def _extensions(position: StoredPosition) -> str:
    garmin = _element("gpxtpx:speed", position.speed) + _element("gpxtpx:course", position.heading)
    if garmin:
        garmin = f"<gpxtpx:TrackPointExtension>{garmin}</gpxtpx:TrackPointExtension>"
    own = _element("hub:accuracy", position.accuracy) + _element("hub:battery", position.battery)
    if position.attributes is not msgspec.UNSET:
        json = bytes(position.attributes).decode().translate(_ESCAPES)
        own += f"<hub:attributes>{json}</hub:attributes>"
    return f"<extensions>{garmin}{own}</extensions>" if garmin or own else ""


_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\ufffe": "\\ufffe", "\uffff": "\\uffff"}  # the last two are not XML
)


def _element(name: str, value: float | None) -> str:
    return "" if value is None else f"<{name}>{_decimal(value)}</{name}>"


def _decimal(value: float) -> str:
    """All digits, without the exponent that XML's decimal does not have."""
    text = repr(value)
    return text if "e" not in text else format(Decimal(text), "f")


class Csv:
    """A line for each position under a line of names; unknown is empty, attributes are JSON."""

    media_type, extension = "text/csv", "csv"

    def head(self, driver_id: str) -> bytes:
        return ",".join(StoredPosition.__struct_encode_fields__).encode() + b"\r\n"

    def positions(self, positions: Iterable[StoredPosition], *, first: bool) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text)
        for position in positions:
            *values, attributes = msgspec.structs.astuple(position)
            times = (value.isoformat().replace("+00:00", "Z") for value in values[3:5])
            json = "" if attributes is msgspec.UNSET else bytes(attributes).decode()
            writer.writerow([*values[:3], *times, *values[5:], json])
        return text.getvalue().encode()

    def tail(self) -> bytes:
        return b""


FILES: tuple[TrackFile, ...] = (GeoJson(), Gpx(), Csv())
