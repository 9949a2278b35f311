"""A track as one line: a GeoJSON feature (RFC 7946) with a LineString, and the times of its places."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hub.wire.stored import StoredPosition

MEDIA_TYPE, EXTENSION = "application/geo+json", "geojson"


class Line:
    """The feature, collected piece by piece, because its places and their times are two arrays. ``coordTimes`` is the
    name that other programs give to the times.

    Across the antimeridian the longitude goes on beyond 180 degrees, so that no step of the line goes around the world.
    """

    def __init__(self) -> None:
        self.count = 0
        self._places: list[bytes] = []
        self._times: list[bytes] = []
        self._longitude: float | None = None
        self._last: tuple[bytes, bytes] = (b"", b"")

    def extend(self, positions: Sequence[StoredPosition]) -> None:
        """Add the positions that follow."""
        if not positions:
            return
        places = [self._place(position) for position in positions]
        times = [position.recorded_at for position in positions]
        self.count += len(positions)
        self._places.append(msgspec.json.encode(places)[1:-1])
        self._times.append(msgspec.json.encode(times)[1:-1])
        self._last = msgspec.json.encode(places[-1]), msgspec.json.encode(times[-1])

    def _place(self, position: StoredPosition) -> tuple[float, ...]:
        longitude = position.longitude
        if self._longitude is not None:
            longitude = round(longitude + 360 * round((self._longitude - longitude) / 360), 7)
        self._longitude = longitude
        if position.altitude is None:
            return longitude, position.latitude
        return longitude, position.latitude, position.altitude

    def pieces(self, driver_id: str) -> list[bytes]:
        """The feature. A single place is both ends of the line, which must have two; without a place there is no
        geometry."""
        if self.count == 1:
            self._places.append(self._last[0])
            self._times.append(self._last[1])
        head = b'{"type":"Feature","geometry":{"type":"LineString","coordinates":['
        middle = b']},"properties":{"driverId":%b,"coordTimes":[' % msgspec.json.encode(driver_id)
        if not self.count:
            head, middle = b'{"type":"Feature","geometry":null', middle.removeprefix(b"]}")
        return [head, *_joined(self._places), middle, *_joined(self._times), b"]}}\n"]


def _joined(pieces: list[bytes]) -> list[bytes]:
    return [b"," + piece if number else piece for number, piece in enumerate(pieces)]
