"""Which drivers are where: a hash grid over latest positions, for snapshots of areas."""

from __future__ import annotations

from collections.abc import Iterator

from hub.core.areas import Area, count_tiles, tile, tiles

LEVEL = 12
"""0.088 degrees, about 10 km: a city is a hundred cells, and a cell of a busy fleet a few hundred drivers."""


class Grid:
    """Driver ids by tile of ``LEVEL``. Approximate by design: the caller tests each candidate exactly."""

    __slots__ = ("_where", "cells")

    def __init__(self) -> None:
        self.cells: dict[int, dict[str, None]] = {}
        self._where: dict[str, int] = {}

    def move(self, driver_id: str, latitude: float, longitude: float) -> None:
        """Put a driver at a place, taking it away from where it was."""
        to = tile(LEVEL, latitude, longitude)
        cell = self._where.get(driver_id)
        if cell == to:
            return
        if cell is not None:
            drivers = self.cells[cell]
            del drivers[driver_id]
            if not drivers:
                del self.cells[cell]
        self._where[driver_id] = to
        self.cells.setdefault(to, {})[driver_id] = None

    def near(self, area: Area) -> Iterator[str]:
        """Drivers in the cells that an area touches."""
        if count_tiles(LEVEL, area) > len(self.cells):
            for drivers in self.cells.values():
                yield from drivers
        else:
            for key in tiles(LEVEL, area):
                yield from self.cells.get(key, ())
