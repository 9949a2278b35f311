"""Paths with few vertices: thinned while a trip goes on, bounded in number, written as an encoded polyline.

A path is a list of (latitude, longitude); longitudes go on beyond 180 degrees where it crosses the antimeridian, so
that no step is longer than half a turn. ``Sleeve`` decides point by point, with no memory but its last vertex
(Zhao and Saalfeld's sleeve fitting); ``douglas_peucker`` thins a path that has grown too long. ``Thinned`` keeps
whole positions by the same rule as the sleeve.
"""

from __future__ import annotations

from math import sqrt
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from hub.core.geo.geodesy import scale, wrap

Place = tuple[float, float]
"""(latitude, longitude), degrees."""

MAX_VERTICES = 256
"""Most vertices of a path besides its end points: about 1.5 kB encoded, and more than a screen can show."""


class Sleeve(Struct, array_like=True, gc=False):
    """Vertices so far, and the sector of directions in which a line from the last one passes near all points since.

    ``tolerance`` in metres. ``right`` and ``left`` bound the sector as vectors in metres; ``reach`` is the distance of
    the farthest point since the last vertex, 0 while there is none.
    """

    vertices: list[Place]
    tolerance: float
    reach: float = 0.0
    right_x: float = 0.0
    right_y: float = 0.0
    left_x: float = 0.0
    left_y: float = 0.0

    def extend(self, before: Place, latitude: float, longitude: float, kx: float, ky: float) -> None:
        """Take in the next point. ``before`` is the point taken in last; it becomes a vertex if the line turns here.

        ``kx`` and ``ky`` are the scale at the point.
        """
        vertex = self.vertices[-1]
        if not -180.0 <= longitude - vertex[1] <= 180.0:
            longitude = unwrapped((latitude, longitude), vertex)[1]
        x, y = (longitude - vertex[1]) * kx, (latitude - vertex[0]) * ky
        r = sqrt(x * x + y * y)
        tolerance, reach = self.tolerance, self.reach
        if reach and (
            r < reach - tolerance  # it comes back: the farthest point must not be cut off
            or self.right_x * y - self.right_y * x < 0
            or x * self.left_y - y * self.left_x < 0
        ):
            before = unwrapped(before, vertex)
            self.vertices.append(before)
            longitude = unwrapped((latitude, longitude), before)[1]
            self.reach = reach = 0.0
            x, y = (longitude - before[1]) * kx, (latitude - before[0]) * ky
            r = sqrt(x * x + y * y)
        if r <= tolerance:  # any direction passes near it
            return
        t = tolerance / r
        right_x, right_y, left_x, left_y = x + y * t, y - x * t, x - y * t, y + x * t
        if not reach or self.right_x * right_y - self.right_y * right_x > 0:
            self.right_x, self.right_y = right_x, right_y
        if not reach or left_x * self.left_y - left_y * self.left_x > 0:
            self.left_x, self.left_y = left_x, left_y
        if r > reach:
            self.reach = r

    def jump(self, before: Place, place: Place) -> None:
        """Go straight from the point taken in last to a place."""
        for vertex in (before, place):
            self.vertices.append(unwrapped(vertex, self.vertices[-1]))
        self.reach = 0.0

    def bound(self) -> None:
        """Keep at most ``MAX_VERTICES`` by doubling the tolerance, for this path from now on, until half are left."""
        while len(self.vertices) > MAX_VERTICES:
            self.tolerance *= 2
            thinned = douglas_peucker(self.vertices, self.tolerance)
            if len(thinned) <= MAX_VERTICES // 2:
                self.vertices = thinned


def unwrapped(place: Place, before: Place) -> Place:
    """A place with the longitude, beyond 180 degrees if need be, that is nearest to the one of a place before it."""
    off = place[1] - before[1]
    return place if -180.0 <= off <= 180.0 else (place[0], before[1] + wrap(off % 360.0))


class Placed(Protocol):
    """An object with a place, in degrees."""

    @property
    def latitude(self) -> float: ...

    @property
    def longitude(self) -> float: ...


Position = TypeVar("Position", bound=Placed)


class Thinned(Generic[Position]):
    """The positions of a track that its line needs: none left out is farther than ``tolerance`` metres from the line
    through those kept. It takes the track piece by piece and remembers what it kept and the last position only."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.kept: list[Position] = []
        self._sleeve = Sleeve([], tolerance)
        self._last: Position | None = None
        self._before: Place = (0.0, 0.0)

    def extend(self, positions: list[Position]) -> None:
        """Add the next positions; some two microseconds a position."""
        sleeve = self._sleeve
        vertices = sleeve.vertices
        for position in positions:
            latitude, longitude = position.latitude, position.longitude
            if self._last is None:
                vertices.append((latitude, longitude))
                self.kept.append(position)
            else:
                # Longitudes go on beyond 180 where the track crosses the antimeridian.
                longitude = self._before[1] + wrap((longitude - self._before[1]) % 360.0)
                sleeve.extend(self._before, latitude, longitude, *scale(latitude))
                if len(vertices) > 1:
                    del vertices[0]
                    self.kept.append(self._last)
            self._last, self._before = position, (latitude, longitude)

    def whole(self) -> list[Position]:
        """The kept positions, and the end of the track."""
        return self.kept if self._last is None or self._last is self.kept[-1] else [*self.kept, self._last]


def douglas_peucker(path: list[Place], tolerance: float) -> list[Place]:
    """The fewest of the path's vertices (by halving) such that none left out is farther than ``tolerance`` metres."""
    if len(path) < 3:
        return path
    kx, ky = scale(path[0][0])
    plane = [((longitude - path[0][1]) * kx, latitude * ky) for latitude, longitude in path]
    keep = {0, len(path) - 1}
    todo = [(0, len(path) - 1)]
    while todo:
        first, last = todo.pop()
        x0, y0 = plane[first]
        dx, dy = plane[last][0] - x0, plane[last][1] - y0
        length2 = dx * dx + dy * dy
        worst, at = tolerance * tolerance, 0
        for i in range(first + 1, last):
            x, y = plane[i][0] - x0, plane[i][1] - y0
            t = min(1.0, max(0.0, (x * dx + y * dy) / length2)) if length2 else 0.0
            x, y = x - t * dx, y - t * dy
            if x * x + y * y > worst:
                worst, at = x * x + y * y, i
        if at:
            keep.add(at)
            todo += [(first, at), (at, last)]
    return [path[i] for i in sorted(keep)]


def encode_polyline(path: list[Place]) -> str:
    """Google's encoded polyline with five digits (1.1 m), as map libraries and routing engines read it."""
    chars: list[str] = []
    last = (0, 0)
    for latitude, longitude in path:
        place = (round(latitude * 1e5), round(longitude * 1e5))
        for delta in (place[0] - last[0], place[1] - last[1]):
            value = ~(delta << 1) if delta < 0 else delta << 1
            while value >= 0x20:
                chars.append(chr((value & 0x1F | 0x20) + 63))
                value >>= 5
            chars.append(chr(value + 63))
        last = place
    return "".join(chars)


def decode_polyline(text: str) -> list[Place]:
    """The path of an encoded polyline, to five digits."""
    numbers: list[int] = []
    value = shift = 0
    for char in text:
        code = ord(char) - 63
        value |= (code & 0x1F) << shift
        shift += 5
        if code < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    path: list[Place] = []
    latitude = longitude = 0
    for i in range(0, len(numbers) - 1, 2):
        latitude, longitude = latitude + numbers[i], longitude + numbers[i + 1]
        path.append((latitude / 1e5, longitude / 1e5))
    return path
