"""A subscription: the whole fleet, some drivers, or an area; optionally limited to ``max_hz``."""

from __future__ import annotations

from hub.core.geo.areas import Area, best_level, tiles
from hub.core.live.update import Update


class Subscription:
    """One subscription of one client; ``id`` is the client's name for it.

    Exactly one of everything (``drivers`` and ``area`` both None), ``drivers`` or ``area``. ``period`` is the least
    time between two positions of a driver, 0 for unlimited. ``alerts``: with the alerts about its drivers.
    ``positions``: with their positions; without, it is one of the ``facts`` of a client. ``pending`` holds positions
    waiting for ``due`` (hub time), oldest first.
    """

    __slots__ = ("alerts", "area", "drivers", "due", "id", "level", "pending", "period", "positions")

    def __init__(
        self,
        id: str,
        drivers: frozenset[str] | None = None,
        area: Area | None = None,
        max_hz: float | None = None,
        alerts: bool = False,
        positions: bool = True,
    ) -> None:
        self.id = id
        self.alerts = alerts
        self.positions = positions
        self.drivers = drivers
        self.area = area
        self.level = best_level(area) if area is not None else 0
        self.period = 1 / max_hz if max_hz else 0.0
        self.due = 0.0
        self.pending: dict[str, Update] = {}

    def matches(self, driver_id: str, latitude: float, longitude: float) -> bool:
        if self.area is not None:
            return self.area.contains(latitude, longitude)
        return self.drivers is None or driver_id in self.drivers

    def names(self, driver_id: str) -> bool:
        """Whether it is about a driver wherever that is."""
        return self.area is None and (self.drivers is None or driver_id in self.drivers)

    def tiles(self) -> list[int]:
        """Tiles that an area touches, at its own level; nothing for the other kinds."""
        return list(tiles(self.level, self.area)) if self.area is not None else []
