"""Keeps the node's copy of the vehicles current."""

from __future__ import annotations

import asyncio
import contextlib

import asyncpg

from hub.core.registry.vehicles import Vehicles
from hub.edge.clock import Clock
from hub.stores.postgres.registry.assignments import all_vehicles, some_vehicles

TABLE = "vehicles"
"""The table whose notifications name the fleet and the vehicle that have changed."""

MOST = 500
"""Changes that are read one by one; after more (a bulk import) it is cheaper to read all vehicles."""


CATCH_UP = 1.0
"""Seconds that a change of a vehicle waits for the copy: the next request then finds it there. Without PostgreSQL's
notifications the answer is not held back longer."""


class VehicleCopy:
    """Reads what the directory reports as changed into ``vehicles``."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.vehicles = Vehicles()
        self._read = asyncio.Event()

    async def read(self, connection: asyncpg.Connection, changes: list[str] | None) -> None:
        """As ``Copy.read``."""
        now = self.clock.now()
        keys = {(fleet, id) for fleet, _, id in (change.partition(" ") for change in changes or ())}
        if changes is None or len(keys) > MOST:
            self.vehicles.replace(await all_vehicles(connection, now))
        else:
            self.vehicles.update(await some_vehicles(connection, keys, now))
        self._read.set()

    async def caught_up(self, fleet: str, vehicle_id: str, version: int | None) -> None:
        """Wait, for a moment, until the copy has this ``version`` of a vehicle or a later one; None: no vehicle."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP):
                while not self._has(fleet, vehicle_id, version):
                    self._read.clear()
                    await self._read.wait()

    def _has(self, fleet: str, vehicle_id: str, version: int | None) -> bool:
        vehicle = self.vehicles.find(fleet, vehicle_id)
        return vehicle is None if version is None else vehicle is not None and vehicle.version >= version
