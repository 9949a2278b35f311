"""Areas of subscriptions and the tiles they cover.

A tile of level ``z`` is a square of ``360 / 2**z`` degrees: 2**z columns from -180 east, 2**(z-1) rows from -90 north.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import asin, cos, degrees, pi, radians, sin

from hub.core.geo.geodesy import EARTH_RADIUS, haversine, wrap

MAX_TILES = 64
"""Tiles of one area: few enough to join quickly, many enough that most of a viewport is covered exactly."""

MAX_LEVEL = 14
"""0.022 degrees, about 2.4 km: below that a tile holds so few drivers that testing each is as cheap."""

SLACK = 1e-9
"""Degrees, a tenth of a millimetre: rounding may place a point in a tile although it is outside by this much."""

CONVEX = 1e7
"""Metres: the radius, a little less than a hemisphere's, up to which a circle is convex."""

Box = tuple[float, float, float, float]
"""(west, south, east, north) with west <= east."""


class BBox:
    """``[west, south, east, north]``, edges included; west > east crosses the antimeridian (RFC 7946, section 5)."""

    __slots__ = ("east", "north", "south", "west")

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self.west, self.south, self.east, self.north = west, south, east, north

    def contains(self, latitude: float, longitude: float) -> bool:
        if not self.south <= latitude <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= longitude <= self.east
        return longitude >= self.west or longitude <= self.east

    def boxes(self) -> list[Box]:
        if self.west <= self.east:
            return [(self.west, self.south, self.east, self.north)]
        return [(self.west, self.south, 180.0, self.north), (-180.0, self.south, self.east, self.north)]

    def covers(self, box: Box) -> bool:
        """Whether every point of ``box`` is inside."""
        west, south, east, north = box
        if south < self.south or north > self.north:
            return False
        if self.west <= self.east:
            return west >= self.west and east <= self.east
        return west >= self.west or east <= self.east


class Circle:
    """Everything within ``radius`` metres of a point."""

    __slots__ = ("latitude", "longitude", "radius")

    def __init__(self, latitude: float, longitude: float, radius: float) -> None:
        self.latitude, self.longitude, self.radius = latitude, longitude, radius

    def contains(self, latitude: float, longitude: float) -> bool:
        return haversine(self.latitude, self.longitude, latitude, longitude) <= self.radius

    def boxes(self) -> list[Box]:
        angle = self.radius / EARTH_RADIUS
        # The haversine sum rounds; a metre of margin keeps a point on the rim inside the boxes.
        margin = degrees(angle) + 1e-5
        south, north = self.latitude - margin, self.latitude + margin
        if south <= -90 or north >= 90:  # a pole is inside: every longitude is
            return [(-180.0, max(south, -90.0), 180.0, min(north, 90.0))]
        spread = sin(min(angle, pi / 2)) / cos(radians(self.latitude))
        if spread >= 1:
            return [(-180.0, south, 180.0, north)]
        width = degrees(asin(spread)) + 1e-5 / cos(radians(self.latitude))
        west, east = self.longitude - width, self.longitude + width
        if east - west >= 360:
            return [(-180.0, south, 180.0, north)]
        if west < -180:
            return [(west + 360, south, 180.0, north), (-180.0, south, east, north)]
        if east > 180:
            return [(west, south, 180.0, north), (-180.0, south, east - 360, north)]
        return [(west, south, east, north)]

    def covers(self, box: Box) -> bool:
        """Whether every point of ``box`` is inside; also False where that is not easily known.

        The corners decide: along a parallel the distance grows up to the meridian opposite the centre, and a convex
        circle holds the meridian between two of its points.
        """
        west, south, east, north = box
        return (
            self.radius < CONVEX
            and not west < wrap(self.longitude + 180) < east
            and all(self.contains(latitude, longitude) for latitude in (south, north) for longitude in (west, east))
        )


Area = BBox | Circle

Span = tuple[int, int, int, int]
"""(first column, first row, last column, last row) of tiles of one level."""


def tile(level: int, latitude: float, longitude: float) -> int:
    """Key of the tile of ``level`` that holds a place. Keys of different levels differ."""
    scale = (1 << level) / 360.0
    column, row = int((longitude + 180.0) * scale), int((latitude + 90.0) * scale)
    last = (1 << level) - 1
    # +180 and +90 belong to the last column and row.
    return level << 48 | (column if column <= last else last) << 24 | (row if row <= last >> 1 else last >> 1)


def _span(level: int, box: Box) -> Span:
    first, last = tile(level, box[1], box[0]), tile(level, box[3], box[2])
    return first >> 24 & 0xFFFFFF, first & 0xFFFFFF, last >> 24 & 0xFFFFFF, last & 0xFFFFFF


def spans(level: int, area: Area) -> list[Span]:
    """The tiles of ``level`` that each box of an area touches."""
    return [_span(level, box) for box in area.boxes()]


def count_tiles(level: int, area: Area) -> int:
    """How many tiles of ``level`` an area touches (a tile on both sides of the antimeridian counts twice)."""
    return sum((east - west + 1) * (north - south + 1) for west, south, east, north in spans(level, area))


def tiles(level: int, area: Area) -> Iterator[int]:
    """Keys of the tiles of ``level`` that an area touches, each once."""
    seen: set[int] = set()
    for west, south, east, north in spans(level, area):
        for column in range(west, east + 1):
            for row in range(south, north + 1):
                key = level << 48 | column << 24 | row
                if key not in seen:
                    seen.add(key)
                    yield key


def tile_box(key: int) -> Box:
    """A box that holds every place of a tile: its square with ``SLACK``, as far as the globe goes."""
    level, column, row = key >> 48, key >> 24 & 0xFFFFFF, key & 0xFFFFFF
    size = 360.0 / (1 << level)
    west, south = column * size - 180, row * size - 90
    return (
        max(west - SLACK, -180.0),
        max(south - SLACK, -90.0),
        min(west + size + SLACK, 180.0),
        min(south + size + SLACK, 90.0),
    )


def best_level(area: Area) -> int:
    """The finest level at which an area touches at most ``MAX_TILES`` tiles."""
    return next(level for level in range(MAX_LEVEL, -1, -1) if count_tiles(level, area) <= MAX_TILES)
