"""Whether a shape can be a fence, in words: the check of the API, without a geometry library.

A ring is closed, has an area and does not meet itself; holes are inside their outer ring and meet no other ring.
Segments that may meet are found through a grid, so that 10,000 vertices take some 50 ms instead of minutes. The work is
bounded, since it is done between two live positions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from hub.core.fences.shapes import LineString, MultiLineString, Place, Point, Shape, is_area, places, rings_of, unrolled

MAX_VERTICES = 10_000
"""Positions of one shape: a city's border with every bend; testing a point against it takes 0.1 ms."""

MAX_SPAN = 90.0
"""Degrees of longitude or latitude that a shape may span: wider ones are ambiguous at the antimeridian."""

MAX_RADIUS = 1_000_000.0
"""Metres: the largest circle, the size of a country."""

MAX_WIDTH = 50_000.0
"""Metres: half the width of the widest corridor."""

MAX_LATITUDE = 89.0
"""Degrees: lines and areas nearer to a pole have no plane to be measured in. Circles may be anywhere."""

CELLS = 2
"""Cells of the grid for each segment."""

SMALLEST = 1e-12
"""Degrees: the smallest side of a cell. Below it, longitudes have no digits."""

WORK = 2_000_000
"""Cells, pairs and positions of a shape that are looked at: some 0.2 s. Borders need 40,000 with 10,000 vertices; a
comb or a star of as many needs 50 million."""


class _TooClose(Exception):
    """Neither the grid nor the boxes separate the lines."""


class _Work:
    """What is left of ``WORK``."""

    def __init__(self) -> None:
        self._left = WORK

    def spend(self, amount: int) -> None:
        """Raises ``_TooClose`` where nothing is left."""
        self._left -= amount
        if self._left < 0:
            raise _TooClose


Segment = tuple[Place, Place, int, int]
"""Start, end, number of the ring, number in the ring."""


class BadShape(ValueError):
    """A shape that cannot be a fence. ``field`` is its place in the words of the wire."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field, self.detail = field, detail


def check(shape: Shape, radius: float | None) -> None:
    """Raises ``BadShape`` for a shape that cannot be a fence."""
    _check_radius(shape, radius)
    if places(shape) > MAX_VERTICES:
        raise BadShape("shape.coordinates", f"must have at most {MAX_VERTICES} positions")
    for path, pair in _pairs(shape):
        if not -180 <= pair[0] <= 180:
            raise BadShape(f"{path}[0]", "must be a longitude from -180 to 180; GeoJSON has the longitude first")
        if not -90 <= pair[1] <= 90:
            raise BadShape(f"{path}[1]", "must be a latitude from -90 to 90; GeoJSON has the longitude first")
    if isinstance(shape, Point):
        return
    _check_extent(shape)
    if isinstance(shape, LineString | MultiLineString):
        for n, (line,) in enumerate(unrolled(shape)):
            if len(set(line)) < 2:
                raise BadShape(_name(shape, n, None), "must have two different positions")
        return
    for n, rings in enumerate(rings_of(shape)):
        for m, ring in enumerate(rings):
            if ring[0][:2] != ring[-1][:2]:
                raise BadShape(_name(shape, n, m), "must end with its first position")
    work = _Work()
    try:
        for n, polygon in enumerate(unrolled(shape)):
            _check_polygon(shape, n, polygon, work)
    except _TooClose as error:
        detail = "too many of its lines are close to each other: it needs fewer positions"
        raise BadShape("shape.coordinates", detail) from error


def _check_radius(shape: Shape, radius: float | None) -> None:
    if is_area(shape):
        if radius is not None:
            raise BadShape("radius", "is for a Point (a circle) and for lines (a corridor), not for areas")
        return
    if radius is None:
        what = "the radius of the circle" if isinstance(shape, Point) else "half the width of the corridor"
        raise BadShape("radius", f"required: {what} in metres")
    most = MAX_RADIUS if isinstance(shape, Point) else MAX_WIDTH
    if not 1 <= radius <= most:
        raise BadShape("radius", f"must be from 1 to {most:.0f} metres")


def _check_extent(shape: Shape) -> None:
    all_places = [place for rings in unrolled(shape) for ring in rings for place in ring]
    latitudes, longitudes = [place[0] for place in all_places], [place[1] for place in all_places]
    if max(longitudes) - min(longitudes) > MAX_SPAN or max(latitudes) - min(latitudes) > MAX_SPAN:
        raise BadShape("shape.coordinates", f"must span at most {MAX_SPAN:.0f} degrees")
    if max(map(abs, latitudes)) > MAX_LATITUDE:
        raise BadShape("shape.coordinates", f"must be between {MAX_LATITUDE:.0f} degrees south and north")


def _check_polygon(shape: Shape, number: int, rings: list[list[Place]], work: _Work) -> None:
    """Raises ``BadShape`` and ``_TooClose``."""
    for m, ring in enumerate(rings):
        if len(set(ring)) < 3:
            raise BadShape(_name(shape, number, m), "must have at least three different positions")
    segments: list[Segment] = []
    # Repeated positions are harmless: the lines between other ones are numbered, ``kept`` has their first positions.
    kept: list[list[int]] = []
    for m, ring in enumerate(rings):
        kept.append([k for k, (a, b) in enumerate(pairwise(ring)) if a != b])
        segments += [(ring[k], ring[k + 1], m, n) for n, k in enumerate(kept[m])]
    met = next((pair for pair in _near(segments, work) if _meet(*pair, len(kept[pair[0][2]]))), None)
    if met is not None:
        one, other = met
        if one[2] == other[2]:
            lines = [kept[line[2]][line[3]] for line in met]
            raise BadShape(
                _name(shape, number, one[2]),
                f"must not meet itself: the line from position {lines[0]} meets the line from position {lines[1]}",
            )
        raise BadShape(_name(shape, number, max(one[2], other[2])), "must not cross another ring")
    for m, ring in enumerate(rings):
        if abs(_area(ring)) < 1e-12:
            raise BadShape(_name(shape, number, m), "must enclose an area")
    for m, inside in enumerate(_inside(rings[1:], rings[0], work), 1):
        if inside is not True:
            raise BadShape(_name(shape, number, m), "must be inside the first ring: it is a hole")
    for m, n in _overlapping(rings[1:], work):
        hole, another = rings[m + 1], rings[n + 1]
        if _inside([hole], another, work) != [False] or _inside([another], hole, work) != [False]:
            raise BadShape(_name(shape, number, max(m, n) + 1), "must not be inside another hole, or have one inside")


def _inside(rings: list[list[Place]], other: list[Place], work: _Work) -> list[bool | None]:
    """Which rings are inside another one; None for one that has only places of it. They do not cross, so one place that
    is not on the other decides. Each segment of it is compared with the places at its latitudes."""
    work.spend(len(other) + len(rings))
    on = set(other)
    deciding = [next((place for place in ring if place not in on), None) for ring in rings]
    inside = [False] * len(rings)
    places = sorted((*place, n) for n, place in enumerate(deciding) if place is not None)
    latitudes = [place[0] for place in places]
    for a, b in pairwise(other):
        low, high = (a[0], b[0]) if a[0] < b[0] else (b[0], a[0])
        level = places[bisect_left(latitudes, low) : bisect_left(latitudes, high)]
        work.spend(len(level))
        for latitude, longitude, n in level:
            inside[n] ^= longitude < a[1] + (latitude - a[0]) / (b[0] - a[0]) * (b[1] - a[1])
    return [None if place is None else found for place, found in zip(deciding, inside, strict=True)]


def _overlapping(rings: list[list[Place]], work: _Work) -> Iterator[tuple[int, int]]:
    """Pairs of rings whose boxes overlap, by number."""
    boxes = []
    for n, ring in enumerate(rings):
        latitudes, longitudes = zip(*ring, strict=True)
        boxes.append((min(longitudes), max(longitudes), min(latitudes), max(latitudes), n))
    boxes.sort()
    for k, (_, east, south, north, m) in enumerate(boxes):
        for west, _, other_south, other_north, n in boxes[k + 1 :]:
            if west > east:
                break
            work.spend(1)
            if other_south <= north and other_north >= south:
                yield m, n


def _pairs(shape: Shape) -> Iterator[tuple[str, list[float]]]:
    for n, rings in enumerate(rings_of(shape)):
        for m, ring in enumerate(rings):
            for k, pair in enumerate(ring):
                yield "shape.coordinates" if isinstance(shape, Point) else f"{_name(shape, n, m)}[{k}]", pair


def _name(shape: Shape, polygon: int, ring: int | None) -> str:
    """Path of a ring or line."""
    match shape.__class__.__name__:
        case "LineString":
            return "shape.coordinates"
        case "MultiLineString":
            return f"shape.coordinates[{polygon}]"
        case "Polygon":
            return f"shape.coordinates[{ring}]"
    return f"shape.coordinates[{polygon}][{ring}]"


def _area(ring: list[Place]) -> float:
    """Signed area in square degrees, about the first place (large coordinates would lose digits)."""
    y0, x0 = ring[0]
    return sum((a[1] - x0) * (b[0] - y0) - (b[1] - x0) * (a[0] - y0) for a, b in pairwise(ring)) / 2


def _near(segments: list[Segment], work: _Work) -> Iterator[tuple[Segment, Segment]]:
    """Pairs of segments that share a cell of a grid, each once. Raises ``_TooClose``."""
    south = min(min(a[0], b[0]) for a, b, _, _ in segments)
    west = min(min(a[1], b[1]) for a, b, _, _ in segments)
    north = max(max(a[0], b[0]) for a, b, _, _ in segments)
    east = max(max(a[1], b[1]) for a, b, _, _ in segments)
    # As many rows as columns, so that neither a long nor a narrow shape has all its segments in a few of them.
    number = (CELLS * len(segments)) ** 0.5
    size = max((north - south) / number, SMALLEST), max((east - west) / number, SMALLEST)
    cells: dict[tuple[int, int], list[int]] = {}
    seen: set[tuple[int, int]] = set()
    for n, (a, b, _, _) in enumerate(segments):
        for cell in _cells(a, b, south, west, size):
            others = cells.setdefault(cell, [])
            work.spend(1 + len(others))
            for other in others:
                if (other, n) not in seen:
                    seen.add((other, n))
                    yield segments[other], segments[n]
            others.append(n)


def _cells(a: Place, b: Place, south: float, west: float, size: tuple[float, float]) -> Iterator[tuple[int, int]]:
    """The cells that a segment may touch: row by row, the columns of its part in the row and one cell around."""
    if a[0] > b[0]:
        a, b = b, a
    height, width = size
    first, last = int((a[0] - south) / height), int((b[0] - south) / height)
    slack = width * 1e-6
    for row in range(first, last + 1):
        low, high = max(a[0], south + row * height), min(b[0], south + (row + 1) * height)
        if b[0] == a[0]:
            x = (a[1], b[1])
        else:
            slope = (b[1] - a[1]) / (b[0] - a[0])
            x = (a[1] + (low - a[0]) * slope, a[1] + (high - a[0]) * slope)
        for column in range(int((min(x) - west - slack) / width), int((max(x) - west + slack) / width) + 1):
            yield row, column


def _meet(one: Segment, other: Segment, count: int) -> bool:
    """Whether two segments meet in more than the place that neighbours share. ``count``: segments of their ring."""
    a, b, ring, k = one
    c, d, other_ring, m = other
    if ring == other_ring and (m - k) % count in (1, count - 1):
        # Neighbours: they meet elsewhere only if one goes back over the other.
        joint, left, right = (b, a, d) if b == c else (a, b, c) if a == d else (None, a, a)
        if joint is not None:
            return _turn(left, joint, right) == 0 and _ahead(joint, left, right)
    touching = {a, b} & {c, d}
    if touching and ring != other_ring:
        return False  # rings may touch at a place
    t1, t2 = _turn(a, b, c), _turn(a, b, d)
    t3, t4 = _turn(c, d, a), _turn(c, d, b)
    if t1 * t2 < 0 and t3 * t4 < 0:
        return True
    if ring != other_ring:
        return False
    return any(
        turn == 0 and _between(start, end, place)
        for turn, start, end, place in ((t1, a, b, c), (t2, a, b, d), (t3, c, d, a), (t4, c, d, b))
    )


def _turn(a: Place, b: Place, c: Place) -> float:
    return (b[1] - a[1]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[1] - a[1])


def _ahead(joint: Place, left: Place, right: Place) -> bool:
    """Whether both ends are on the same side of the joint."""
    return (left[0] - joint[0]) * (right[0] - joint[0]) + (left[1] - joint[1]) * (right[1] - joint[1]) > 0


def _between(a: Place, b: Place, c: Place) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
