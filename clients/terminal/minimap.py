"""A map of drivers in a terminal: an arrow for one driver in a cell, braille dots for several.

Recent positions stay visible as dim dots, which show the roads anywhere in the world without map data.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, floor, log10, radians

from rich.segment import Segment
from rich.style import Style

from clients.messages import Location

BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bit of a dot by row and column of its cell: a cell is two dots wide and four high, which makes dots square."""

ARROWS = "↑↗→↘↓↙←↖"
STANDING = "•"

STYLES = {
    "offline": Style(color="red"),
    "stale": Style(color="yellow"),
    "standing": Style(color="green"),
    "moving": Style(color="bright_green", bold=True),
}
"""Style by state of a driver. A cell with several drivers shows the last of these."""

RANK = {name: rank for rank, name in enumerate(STYLES)}
BY_RANK = list(STYLES.values())
TRACK_STYLE = Style(color="bright_black")

TRACK_FRAMES = 2_400
"""Frames for which tracks are kept (five minutes at eight a second), and at most twice as long."""

SMALLEST = 0.01
"""Smallest extent of the map in degrees of latitude: about a kilometre, for a single parked truck."""

MARGIN = 1.12
KILOMETRES_PER_DEGREE = 111.195


def arrow(heading: float | None) -> str:
    """The arrow nearest to a heading; a blank without one."""
    return " " if heading is None else ARROWS[round(heading / 45) % 8]


class Projection:
    """Maps a place to a dot of a map of ``width`` x ``height`` dots. Longitudes are relative to its centre."""

    def __init__(self, south: float, west: float, north: float, east: float, width: int, height: int) -> None:
        self.latitude, self.longitude = (south + north) / 2, (west + east) / 2
        self.shrink = max(0.01, cos(radians(self.latitude)))
        self.width, self.height = width, height
        tall = max(SMALLEST, north - south) * MARGIN
        wide = max(SMALLEST, (east - west) * self.shrink) * MARGIN
        self.scale = min(width / wide, height / tall)

    def dot(self, latitude: float, longitude: float) -> tuple[int, int] | None:
        """Column and row from the top left; None outside the map."""
        east = (longitude - self.longitude + 540) % 360 - 180
        x = floor(self.width / 2 + east * self.shrink * self.scale)
        y = floor(self.height / 2 - (latitude - self.latitude) * self.scale)
        return (x, y) if 0 <= x < self.width and 0 <= y < self.height else None

    @property
    def kilometres(self) -> float:
        """Width of the map."""
        return self.width / self.scale * KILOMETRES_PER_DEGREE


def bounds(places: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    """(south, west, north, east) of the fleet; east may exceed 180.

    With ten or more drivers a few outliers are ignored: a test fix in another country must not shrink a city to a dot.
    """
    middle = places[len(places) // 2][1]
    latitudes = sorted(latitude for latitude, _ in places)
    longitudes = sorted(middle + (longitude - middle + 540) % 360 - 180 for _, longitude in places)
    south, north = _without_strays(latitudes)
    west, east = _without_strays(longitudes)
    return south, west, north, east


def _without_strays(values: list[float]) -> tuple[float, float]:
    if len(values) < 10:
        return values[0], values[-1]
    cut = max(1, len(values) // 50)
    low, high = values[cut], values[-1 - cut]
    reach = max(high - low, SMALLEST)
    inside = [value for value in values if low - reach <= value <= high + reach]
    return inside[0], inside[-1]


class MiniMap:
    """Draws frames; keeps the view steady between them, and the tracks of the drivers."""

    def __init__(self) -> None:
        self._projection: Projection | None = None
        # Cell -> dots of past positions: in this period, and in the previous one.
        self._tracks: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._frames = 0
        self.off_map = 0

    def draw(self, drivers: Iterable[tuple[Location, str]], width: int, height: int) -> list[list[Segment]]:
        """A frame of ``height`` rows of ``width`` cells, from latest positions with their presence."""
        drivers = list(drivers)
        self.off_map = 0
        if not drivers:
            rows = [[Segment(" " * width)] for _ in range(height)]
            rows[height // 2] = [Segment("waiting for a driver".center(width)[:width], TRACK_STYLE)]
            return rows
        projection = self._fit([(location.latitude, location.longitude) for location, _ in drivers], width, height)
        tracks = self._age()
        # Cell -> dots in it, rank of its style, and its arrow if it has one driver.
        cells: dict[int, tuple[int, int, str]] = {}
        for location, presence in drivers:
            dot = projection.dot(location.latitude, location.longitude)
            if dot is None:
                self.off_map += 1
                continue
            x, y = dot
            cell = y // 4 * width + x // 2
            bit = BRAILLE[y % 4][x % 2]
            tracks[cell] = tracks.get(cell, 0) | bit
            moving = location.heading is not None and location.speed != 0
            rank = RANK.get(presence, RANK["moving" if moving else "standing"])
            known = cells.get(cell)
            if known is None:
                cells[cell] = (bit, rank, arrow(location.heading) if moving else STANDING)
            else:
                cells[cell] = (known[0] | bit, max(known[1], rank), "")
        return [self._row(cells, row * width, (row + 1) * width) for row in range(height)]

    def _row(self, cells: dict[int, tuple[int, int, str]], first: int, end: int) -> list[Segment]:
        recent, older = self._tracks
        row: list[Segment] = []
        run: list[str] = []
        run_style: Style | None = None
        for cell in range(first, end):
            if cell in cells:
                bits, rank, glyph = cells[cell]
                glyph, style = glyph or chr(0x2800 | bits), BY_RANK[rank]
            elif bits := recent.get(cell, 0) | older.get(cell, 0):
                glyph, style = chr(0x2800 | bits), TRACK_STYLE
            else:
                run.append(" ")  # a blank looks the same in any style
                continue
            if style is not run_style:
                if run:
                    row.append(Segment("".join(run), run_style))
                run, run_style = [], style
            run.append(glyph)
        row.append(Segment("".join(run), run_style))
        return row

    def _fit(self, places: list[tuple[float, float]], width: int, height: int) -> Projection:
        """The present projection while it fits: a map that moves with every fix cannot be read."""
        south, west, north, east = bounds(places)
        current = self._projection
        if current is not None and (current.width, current.height) == (width * 2, height * 4):
            corners = current.dot(south, west), current.dot(north, east)
            ideal = Projection(south, west, north, east, current.width, current.height)
            if None not in corners and ideal.scale < 1.5 * current.scale:
                return current
        self._projection = Projection(south, west, north, east, width * 2, height * 4)
        self._tracks = ({}, {})
        return self._projection

    def _age(self) -> dict[int, int]:
        self._frames += 1
        if self._frames % TRACK_FRAMES == 0:
            self._tracks = ({}, self._tracks[0])
        return self._tracks[0]

    def scale_bar(self, width: int) -> str:
        """A bar of a round length, at most a third of a map ``width`` cells wide."""
        if self._projection is None:
            return ""
        third = self._projection.kilometres / 3
        power = 10.0 ** floor(log10(third))
        length = max(power * step for step in (1, 2, 5) if power * step <= third)
        cells = max(2, round(length / self._projection.kilometres * width))
        label = f"{length:g} km" if length >= 1 else f"{length * 1000:g} m"
        return f"├{'─' * (cells - 2)}┤ {label}"
