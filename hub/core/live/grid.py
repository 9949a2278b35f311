"""A hash grid over latest positions, for snapshots of areas."""

from __future__ import annotations

from itertools import chain

from hub.core.geo.areas import Area, count_tiles, spans, tile, tiles

LEVEL = 12
"""0.088 degrees, about 10 km: a city has a hundred cells, and a cell of a busy fleet a few hundred drivers."""


MOST_MOVED = 2_000
"""Moved drivers at which the grid is updated without a query: two milliseconds of a turn."""


class Grid:
    """Driver ids by tile of ``LEVEL``. Approximate by design: the caller tests each candidate exactly."""

    __slots__ = ("_cells", "_moved", "_where")

    def __init__(self) -> None:
        self._cells: dict[int, dict[str, None]] = {}
        self._where: dict[str, int] = {}
        # Moves since the last query: most drivers move many times between two queries.
        self._moved: dict[str, tuple[float, float]] = {}

    def move(self, driver_id: str, latitude: float, longitude: float) -> None:
        """Move a driver to a place."""
        self._moved[driver_id] = (latitude, longitude)
        if len(self._moved) >= MOST_MOVED:
            self._settle()

    def remove(self, driver_id: str) -> None:
        """Remove a driver, if it is there."""
        self._moved.pop(driver_id, None)
        cell = self._where.pop(driver_id, None)
        if cell is not None:
            self._take(cell, driver_id)

    def _take(self, cell: int, driver_id: str) -> None:
        drivers = self._cells[cell]
        del drivers[driver_id]
        if not drivers:
            del self._cells[cell]

    def _settle(self) -> None:
        for driver_id, place in self._moved.items():
            to = tile(LEVEL, *place)
            cell = self._where.get(driver_id)
            if cell == to:
                continue
            if cell is not None:
                self._take(cell, driver_id)
            self._where[driver_id] = to
            self._cells.setdefault(to, {})[driver_id] = None
        self._moved.clear()

    @property
    def cells(self) -> dict[int, dict[str, None]]:
        """Tile of ``LEVEL`` -> the drivers in it, in order of arrival."""
        self._settle()
        return self._cells

    def near(self, area: Area) -> tuple[str, ...]:
        """Drivers in the cells that an area touches, as a tuple of texts: through a list of thousands the garbage
        collector would go."""
        cells = self.cells
        if count_tiles(LEVEL, area) <= len(cells):
            return tuple(chain.from_iterable(cells.get(key, ()) for key in tiles(LEVEL, area)))
        # Both parts of an area across the antimeridian may have the same tile.
        near = {
            key: drivers
            for west, south, east, north in spans(LEVEL, area)
            for key, drivers in cells.items()
            if west <= (key >> 24 & 0xFFFFFF) <= east and south <= (key & 0xFFFFFF) <= north
        }
        return tuple(chain.from_iterable(near.values()))
