"""A subscription: the whole fleet, some drivers, or an area; optionally of one state, and limited to ``max_hz``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from hub.core.geo.areas import Area, best_level, tiles
from hub.core.live.update import Update


class Known(Struct, gc=False):
    """The state of a driver; None where it was deleted. ``seq``: the number of the last position when it changed."""

    state: str | None
    version: int
    changed_at: datetime
    seq: int


class Subscription:
    """One subscription of one client; ``id`` is the client's name for it.

    Exactly one of everything (``drivers`` and ``area`` both None), ``drivers`` or ``area``; with ``state`` only drivers
    of that state, which ``states``, those of the fleet, has. ``period`` is the least
    time between two positions of a driver, 0 for unlimited. ``pending`` holds positions waiting for ``due`` (hub time),
    oldest first. ``groups``: only drivers in one of these; all where None. ``fences``: events of these fences, of all
    where it is empty, of none where None. ``alerts``: with the alerts about its drivers. ``positions``: with their
    positions; without, it is one of the ``facts`` of a client. ``sees``: whether a driver is in the groups, also in
    those that the principal is limited to; the hub sets it, and it is None where every driver is.
    """

    __slots__ = (
        "alerts", "area", "drivers", "due", "fences", "groups", "id", "level", "pending", "period", "positions", "sees",
        "state", "states",
    )  # fmt: skip

    def __init__(
        self,
        id: str,
        drivers: frozenset[str] | None = None,
        area: Area | None = None,
        max_hz: float | None = None,
        state: str | None = None,
        groups: frozenset[str] | None = None,
        fences: frozenset[str] | None = None,
        alerts: bool = False,
        positions: bool = True,
    ) -> None:
        self.groups = groups
        self.fences = fences
        self.sees: Callable[[str], bool] | None = None
        self.id = id
        self.state = state
        self.states: Mapping[str, Known] = {}
        self.alerts = alerts
        self.positions = positions
        self.drivers = drivers
        self.area = area
        self.level = best_level(area) if area is not None else 0
        self.period = 1 / max_hz if max_hz else 0.0
        self.due = 0.0
        self.pending: dict[str, Update] = {}

    def matches(self, driver_id: str, latitude: float, longitude: float) -> bool:
        """Whether it is for a driver at a place."""
        return (self.state is None or self.wants(driver_id)) and self.covers(driver_id, latitude, longitude)

    def wants(self, driver_id: str) -> bool:
        """Whether it is for the driver's present state."""
        known = self.states.get(driver_id)
        return self.takes(None if known is None else known.state)

    def takes(self, state: str | None) -> bool:
        """Whether it is for drivers of a state."""
        return self.state is None or self.state == state

    def covers(self, driver_id: str, latitude: float, longitude: float) -> bool:
        """Whether it is for a driver at a place, whatever its state."""
        if self.sees is not None and not self.sees(driver_id):
            return False
        if self.area is not None:
            return self.area.contains(latitude, longitude)
        return self.drivers is None or driver_id in self.drivers

    def concerns(self, driver_id: str, place: tuple[float, float] | None) -> bool:
        """Whether facts about a driver belong to it. Without a place, the driver is in no area."""
        if place is not None:
            return self.matches(driver_id, *place)
        if self.area is not None or (self.sees is not None and not self.sees(driver_id)):
            return False
        return self.drivers is None or driver_id in self.drivers

    def tells(self, fence_id: str) -> bool:
        """Whether events of a fence are wanted."""
        return self.fences is not None and (not self.fences or fence_id in self.fences)

    def tiles(self) -> list[int]:
        """Tiles that an area touches, at its own level; nothing for the other kinds."""
        return list(tiles(self.level, self.area)) if self.area is not None else []
