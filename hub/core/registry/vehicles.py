"""The vehicles of all fleets with their drivers over time: whose position a fix that names a vehicle is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct

KEPT = timedelta(days=31)
"""Age up to which ended assignments are kept in memory: a device that was offline for a month still reports for the
driver of that time."""

Key = tuple[str, str]
"""Fleet and vehicle."""


class Assignment(Struct, rename="camel", frozen=True, gc=False):
    """A driver that had a vehicle from ``since`` to before ``until``; None while it has it."""

    driver_id: str
    since: datetime
    until: datetime | None


class Driven(Struct, frozen=True):
    """A registered vehicle, its present driver if it has one, and its assignments in order of time. ``version`` as in
    the registry."""

    vehicle_id: str
    name: str
    plate: str
    type: str
    driver_id: str | None
    assigned_at: datetime
    version: int
    assignments: tuple[Assignment, ...] = ()
    groups: tuple[str, ...] = ()

    def driver_at(self, instant: datetime) -> str | None:
        """The driver of an instant; where there was none, the present one. None for a vehicle with neither."""
        for assignment in reversed(self.assignments):
            if assignment.since <= instant and (assignment.until is None or instant < assignment.until):
                return assignment.driver_id
        return self.driver_id


class Vehicles:
    """A copy of the registered vehicles. ``loaded``: whether it was read."""

    def __init__(self) -> None:
        self.loaded = False
        # Fleet -> vehicle -> itself; fleet -> driver -> its vehicle.
        self._fleets: dict[str, dict[str, Driven]] = {}
        self._of_driver: dict[str, dict[str, str]] = {}
        # Fleet -> ids in order, made when they are needed.
        self._ordered: dict[str, list[str]] = {}

    def replace(self, vehicles: Iterable[tuple[str, Driven]]) -> None:
        """Take these vehicles (fleet, vehicle) in place of all others."""
        self._fleets, self._of_driver, self._ordered = {}, {}, {}
        for fleet, vehicle in vehicles:
            self._put(fleet, vehicle)
        self.loaded = True

    def update(self, changed: Mapping[Key, Driven | None]) -> None:
        """Take vehicles that have changed; None for one that was deleted."""
        for fleet, vehicle_id in changed:
            old = self._fleets.get(fleet, {}).pop(vehicle_id, None)
            self._ordered.pop(fleet, None)
            if old is None or old.driver_id is None:
                continue
            if self._of_driver[fleet].get(old.driver_id) == vehicle_id:
                del self._of_driver[fleet][old.driver_id]
        for (fleet, _), vehicle in changed.items():
            if vehicle is not None:
                self._put(fleet, vehicle)

    def find(self, fleet: str, vehicle_id: str) -> Driven | None:
        """A vehicle of a fleet; None for an unknown id."""
        return self._fleets.get(fleet, {}).get(vehicle_id)

    def of_fleet(
        self, fleet: str, limit: int, after: str = "", sees: Callable[[Driven], bool] | None = None
    ) -> list[Driven]:
        """Vehicles of a fleet by id, at most ``limit``: those after an id that pass ``sees``, if it is given."""
        vehicles = self._fleets.get(fleet, {})
        ids = self._ordered.get(fleet)
        if ids is None:
            ids = self._ordered[fleet] = sorted(vehicles)
        start = bisect_right(ids, after)
        if sees is None:
            return [vehicles[id] for id in ids[start : start + limit]]
        return list(islice(filter(sees, (vehicles[id] for id in islice(ids, start, None))), limit))

    def of_driver(self, fleet: str, driver_id: str) -> str | None:
        """Id of the vehicle that a driver has now."""
        return self._of_driver.get(fleet, {}).get(driver_id)

    def __len__(self) -> int:
        return sum(map(len, self._fleets.values()))

    def _put(self, fleet: str, vehicle: Driven) -> None:
        self._fleets.setdefault(fleet, {})[vehicle.vehicle_id] = vehicle
        if vehicle.driver_id is not None:
            self._of_driver.setdefault(fleet, {})[vehicle.driver_id] = vehicle.vehicle_id
