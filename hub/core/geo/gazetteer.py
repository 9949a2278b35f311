"""The gazetteer: names of populated places, the nearest one to a coordinate, and a search by name.

The data is one file that ``clients/web/gazetteer.py`` writes when the package is installed. After ``MAGIC`` it is
compressed by zlib: the length of a JSON header (four bytes), the header (``_Header``), then for each place its latitude
above the begin of its band (two bytes, hundred thousandths of a degree), how much its longitude differs from that of
the place before (four bytes), the number of its country in the order of the header (one byte), the length of its name
in bytes (one byte), and at last all names. Numbers are little-endian.

Places are in the order of ``BAND`` degrees of latitude and, in one band, of longitude: those in a box are a range of
each band, which bisection finds. A name is ``\\n``, the name in UTF-8, and where it is not plain ASCII ``\\t`` and the
name as it is searched.
"""

from __future__ import annotations

import struct
import sys
import unicodedata
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from math import atan2, ceil, cos, degrees, floor, radians, sin
from typing import Literal

import msgspec
from msgspec import Struct

from hub.core.geo.geodesy import haversine_from

MAGIC = b"places 1\n"

UNIT = 100_000
"""Parts of a degree in which coordinates are stored: a metre."""

BAND = UNIT // 4
"""Height of a band: 28 km. A box around a place in Europe has some 30 places to compare."""

BANDS = 180 * UNIT // BAND + 1

FARTHEST = 300_000.0
"""Metres within which a place is looked for: the middle of the largest desert has one. Beyond is open sea."""

NEAREST = 4_000.0
"""Metres to each side of the first box that is looked at; three places in four of Europe have a name in it."""

INSIDE = 2_000.0
"""Metres from the centre within which a name stands alone. The gazetteer has centres and no outlines; districts of
cities have centres of their own, 2 to 4 km from the next."""

DIRECTIONS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")

SHORTEST = 3
"""Letters that are searched; two would find a tenth of the world."""

MOST_PREFIXES, MOST_WORDS = 3_000, 300
"""Names that begin with a text, and names with another word that does, of which the nearest are answered: comparing
them takes some milliseconds."""

SCANNED = 262_144
"""Bytes of names that are searched in one step: a tenth of a millisecond."""

METRES_PER_DEGREE = 111_195.0
"""Of latitude, and of longitude at the equator, on the sphere of ``haversine``."""

Direction = Literal["N", "NE", "E", "SE", "S", "SW", "W", "NW"]


class Place(Struct, frozen=True, gc=False):
    """``country``: code of two letters (ISO 3166-1), ``country_name`` in English, empty where it is not known."""

    name: str
    country: str
    country_name: str
    latitude: float
    longitude: float

    @property
    def text(self) -> str:
        """``Hatta, United Arab Emirates``."""
        return f"{self.name}, {self.country_name}" if self.country_name else self.name


class Near(Struct, frozen=True, gc=False):
    """The place nearest to a coordinate. ``distance`` in metres; ``direction`` from the place to the coordinate."""

    place: Place
    distance: float
    direction: Direction

    @property
    def inside(self) -> bool:
        """Whether the coordinate counts as in the place."""
        return self.distance <= INSIDE

    @property
    def text(self) -> str:
        """``Hatta, United Arab Emirates``, or ``2.1 km NE of Hatta, United Arab Emirates``."""
        if self.inside:
            return self.place.text
        kilometres = self.distance / 1_000
        shown = f"{kilometres:.1f}" if kilometres < 10 else f"{kilometres:.0f}"
        return f"{shown} km {self.direction} of {self.place.text}"


class _Header(Struct):
    """``countries``: code -> name in English. ``bands``: the number of places in each band, from the south."""

    countries: dict[str, str]
    bands: list[int]


class Gazetteer:
    """All places, in arrays: 8 MB for 171,000."""

    def __init__(self, data: bytes) -> None:
        """Raises ``ValueError`` for a file that is not one of ``MAGIC``."""
        if not data.startswith(MAGIC):
            raise ValueError("is not a file of places, or of another version")
        try:
            content = memoryview(zlib.decompress(data[len(MAGIC) :]))
            (size,) = struct.unpack_from("<I", content)
            header = msgspec.json.decode(content[4 : 4 + size], type=_Header)
        except (zlib.error, struct.error, msgspec.MsgspecError) as error:
            raise ValueError(f"is damaged: {error}") from error
        count, at = sum(header.bands), 4 + size
        if len(content) < at + 8 * count or len(header.bands) != BANDS:
            raise ValueError("is damaged: it is too short")
        self._countries = list(header.countries.items())
        self._bands = array("I", accumulate(header.bands, initial=0))
        self._heights, at = _numbers("H", content, at, count)
        steps, at = _numbers("i", content, at, count)
        self._longitudes = array("i", accumulate(steps))
        self._country, at = _numbers("B", content, at, count)
        lengths, at = _numbers("B", content, at, count)
        self._offsets = array("I", accumulate(lengths, initial=0))
        self._names = bytes(content[at:])
        self._lower: bytes | None = None

    def __len__(self) -> int:
        return len(self._longitudes)

    def nearest(self, latitude: float, longitude: float) -> Near | None:
        """The nearest place; None if none is within ``FARTHEST``."""
        distance_to = haversine_from(latitude, longitude)
        heights, longitudes = self._heights, self._longitudes
        own = _band(round(latitude * UNIT))
        best, found, reach = FARTHEST, -1, NEAREST
        while True:
            height, width = _half(latitude, min(reach, best))
            # Bands from the inside: the sooner a near place is found, the fewer others are measured.
            for band in sorted(_bands(latitude, reach), key=lambda band: abs(band - own)):
                base = band * BAND - 90 * UNIT
                above = latitude * UNIT - base
                if not -height <= above <= BAND + height:
                    continue
                for numbers, middle in self._ranges(band, longitude, width):
                    for number in numbers:
                        if abs(longitudes[number] - middle) > width:
                            break
                        if abs(heights[number] - above) <= height:
                            distance = distance_to((base + heights[number]) / UNIT, longitudes[number] / UNIT)
                            if distance < best:
                                best, found = distance, number
                                height, width = _half(latitude, min(reach, best))
            if best <= reach or reach >= FARTHEST:
                break
            # A place outside the box may be nearer than one in a corner of it.
            reach = best if found >= 0 else min(FARTHEST, reach * 3)
        if found < 0:
            return None
        place = self._place(found)
        bearing = _bearing(place.latitude, place.longitude, latitude, longitude)
        direction: Direction = DIRECTIONS[round(bearing / 45) % 8]  # type: ignore[assignment]
        return Near(place, best, direction)

    def search(self, text: str, limit: int, near: tuple[float, float] | None = None) -> list[Place]:
        """Places with a name, then names that begin with the text, then names with another word that does; among
        equals the nearest to ``near`` (latitude, longitude) first."""
        wanted = searched(text).encode()
        if len(wanted) < SHORTEST:
            return []
        ranks: dict[int, int] = {}
        for prefixes, most in (((b"\n", b"\t"), MOST_PREFIXES), ((b" ", b"-"), MOST_WORDS)):
            for prefix in prefixes:
                for number, whole in self._matches(prefix + wanted, most):
                    rank = 0 if whole and prefix in b"\n\t" else 1 if prefix in b"\n\t" else 2
                    ranks[number] = min(rank, ranks.get(number, rank))
        distance_to = None if near is None else haversine_from(*near)
        found = sorted(
            (rank, 0.0 if distance_to is None else distance_to(*self._coordinates(number)), number)
            for number, rank in ranks.items()
        )
        return [self._place(number) for *_, number in found[:limit]]

    def _matches(self, wanted: bytes, most: int) -> Iterator[tuple[int, bool]]:
        """(number of the place, whether the text ends there) of places whose name has a text. Looks at ``SCANNED``
        bytes at a time, between which other threads run."""
        if self._lower is None:
            self._lower = self._names.lower()  # of ASCII only, so no offset changes
        text, end, left = self._lower, len(wanted), most
        for start in range(0, len(text), SCANNED):
            at = start - 1
            while left and (at := text.find(wanted, at + 1, start + SCANNED + end - 1)) >= 0:
                left -= 1
                yield bisect_right(self._offsets, at) - 1, text[at + end : at + end + 1] in (b"", b"\n", b"\t")

    def _ranges(self, band: int, longitude: float, width: float) -> Iterator[tuple[range, float]]:
        """The numbers of places in a band within ``width`` of a longitude, to the east and to the west of it and from
        it on, and that longitude as theirs differ from it: beyond 180 degrees for those across the date line. In
        ``UNIT``."""
        start, end = self._bands[band], self._bands[band + 1]
        if start == end:
            return
        middle = longitude * UNIT
        middles = [middle]
        if middle - width < -180 * UNIT:
            middles.append(middle + 360 * UNIT)
        if middle + width > 180 * UNIT:
            middles.append(middle - 360 * UNIT)
        for middle in middles:
            lower = bisect_left(self._longitudes, ceil(middle - width), start, end)
            upper = bisect_right(self._longitudes, floor(middle + width), lower, end)
            inner = bisect_left(self._longitudes, ceil(middle), lower, upper)
            yield range(inner, upper), middle
            yield range(inner - 1, lower - 1, -1), middle

    def _coordinates(self, number: int) -> tuple[float, float]:
        south = (bisect_right(self._bands, number) - 1) * BAND - 90 * UNIT
        return (south + self._heights[number]) / UNIT, self._longitudes[number] / UNIT

    def _place(self, number: int) -> Place:
        name = self._names[self._offsets[number] + 1 : self._offsets[number + 1]].partition(b"\t")[0].decode()
        code, country = self._countries[self._country[number]]
        return Place(name, code, country, *self._coordinates(number))


def searched(text: str) -> str:
    """A name as it is searched: lower case, without marks on letters and without apostrophes."""
    parts = unicodedata.normalize("NFKD", text.translate(_LETTERS).casefold())
    kept = (one for one in parts if not unicodedata.combining(one) and one not in _APOSTROPHES)
    return " ".join("".join(kept).split())


_APOSTROPHES = "'`\u00b4\u2018\u2019\u02bb\u02bc\u02be\u02bf"
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "\u0131": "i", "æ": "ae", "Æ": "AE"}
)


def _band(latitude: int) -> int:
    return (latitude + 90 * UNIT) // BAND


def _bands(latitude: float, reach: float) -> range:
    """The bands within ``reach`` metres of a latitude."""
    by = reach / METRES_PER_DEGREE
    first, last = (_band(round(min(90.0, max(-90.0, each)) * UNIT)) for each in (latitude - by, latitude + by))
    return range(first, last + 1)


def _half(latitude: float, reach: float) -> tuple[float, float]:
    """Half the height and half the width, in ``UNIT``, of the box that has every place within ``reach`` metres."""
    height = reach / METRES_PER_DEGREE
    # The widest is at the edge that is nearer to a pole.
    width = min(180.0, height / max(0.001, cos(radians(min(89.9, abs(latitude) + height)))))
    return height * UNIT + 1, width * UNIT + 1


def _numbers(kind: str, content: memoryview, at: int, count: int) -> tuple[array[int], int]:
    """``count`` numbers from an offset on, and the offset after them."""
    found: array[int] = array(kind)
    end = at + count * found.itemsize
    found.frombytes(content[at:end])
    if sys.byteorder == "big":
        found.byteswap()
    return found, end


def _bearing(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Degrees clockwise from north of the way from one place to another, in [0, 360)."""
    phi1, phi2, across = radians(lat1), radians(lat2), radians(lon2 - lon1)
    y = sin(across) * cos(phi2)
    x = cos(phi1) * sin(phi2) - sin(phi1) * cos(phi2) * cos(across)
    return degrees(atan2(y, x)) % 360
