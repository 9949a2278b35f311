"""Which drivers are where: a hash grid over latest positions, for snapshots of areas."""

from __future__ import annotations

from collections.abc import Iterator

from hub.core.areas import Area, count_tiles, tile, tiles

LEVEL = 12
"""0.088 degrees, about 10 km: a city is a hundred cells, and a cell of a busy fleet a few hundred drivers."""


class Grid:
    """Driver ids by tile of ``LEVEL``. Approximate by design: the caller tests each candidate exactly."""

    __slots__ = ("cells",)

    def __init__(self) -> None:
        self.cells: dict[int, dict[str, None]] = {}

    def move(self, driver_id: str, old: tuple[float, float] | None, new: tuple[float, float]) -> None:
        """Put a driver at ``new`` (latitude, longitude), taking it away from ``old``."""
        to = tile(LEVEL, *new)
        if old is not None:
            cell = tile(LEVEL, *old)
            if cell == to:
                return
            drivers = self.cells[cell]
            del drivers[driver_id]
            if not drivers:
                del self.cells[cell]
        self.cells.setdefault(to, {})[driver_id] = None

    def near(self, area: Area) -> Iterator[str]:
        """Drivers in the cells that an area touches."""
        if count_tiles(LEVEL, area) > len(self.cells):
            for drivers in self.cells.values():
                yield from drivers
        else:
            for key in tiles(LEVEL, area):
                yield from self.cells.get(key, ())
