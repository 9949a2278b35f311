"""Keeps the thresholds of drivers in the hub current."""

from __future__ import annotations

import asyncpg

from hub.core.live.fleet import Thresholds
from hub.core.live.hub import Hub
from hub.logs import Action, get_logger
from hub.stores.postgres.registry.thresholds import Own, all_thresholds, notified

log = get_logger()

TABLE = "thresholds"
"""The name in the notifications, which have the fleet, the driver and its thresholds."""


class ThresholdCopy:
    """Passes what PostgreSQL has to the hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def read(self, connection: asyncpg.Connection, changes: list[str] | None) -> None:
        """As ``Copy.read``."""
        if changes is None:
            stored = await all_thresholds(connection)
            kept = {(fleet, driver_id) for fleet, driver_id, _ in stored}
            known = [(live.id, driver_id) for live in self.hub.fleets.values() for driver_id in live.thresholds]
            stored += [(fleet, driver_id, None) for fleet, driver_id in known if (fleet, driver_id) not in kept]
            self._set(stored)
            return
        heard: list[Own] = []
        for change in changes:
            try:
                heard.append(notified(change))
            except ValueError:
                log.error(Action.INTERNAL_ERROR, where="thresholds", error=change[:200])
        self._set(heard)

    def _set(self, changes: list[Own]) -> None:
        by_fleet: dict[str, dict[str, Thresholds | None]] = {}
        for fleet, driver_id, thresholds in changes:
            by_fleet.setdefault(fleet, {})[driver_id] = thresholds
        for fleet, own in by_fleet.items():
            self.hub.set_thresholds(fleet, own)
