"""Keeps the thresholds of drivers in the hub current: their own, and those of their groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import asyncpg

from hub.core.live.fleet import Thresholds
from hub.core.live.hub import Hub
from hub.logs import Action, get_logger
from hub.stores.postgres.registry.thresholds import Own, all_thresholds, group_thresholds, notified

log = get_logger()

TABLE = "thresholds"
"""The name in the notifications. One about a driver has the fleet, the driver and its thresholds; one about groups is
the name alone."""

NONE = Thresholds(None, None)


class ThresholdCopy:
    """Passes what PostgreSQL has to the hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._own: dict[str, dict[str, Thresholds]] = {}
        self._of_groups: dict[str, dict[str, Thresholds]] = {}

    async def read(self, connection: asyncpg.Connection, changes: list[str] | None) -> None:
        """As ``Copy.read``."""
        if changes is None or "" in changes:
            own, of_groups = await all_thresholds(connection), await group_thresholds(connection)
            self._own, self._of_groups = {}, of_groups
            for fleet, driver_id, thresholds in own:
                if thresholds is not None:
                    self._own.setdefault(fleet, {})[driver_id] = thresholds
            for fleet in {live.id for live in self.hub.fleets.values()} | self._own.keys() | of_groups.keys():
                self._apply(fleet)
            return
        changed: dict[str, set[str]] = {}
        for change in changes:
            try:
                fleet, driver_id, thresholds = notified(change)
            except ValueError:
                log.error(Action.INTERNAL_ERROR, where="thresholds", error=change[:200])
                continue
            self._note((fleet, driver_id, thresholds))
            changed.setdefault(fleet, set()).add(driver_id)
        for fleet, drivers in changed.items():
            self._set(fleet, drivers)

    def regrouped(self) -> None:
        """The groups of drivers have changed: those of groups apply to other drivers."""
        for fleet in self._of_groups:
            self._apply(fleet)

    def _note(self, own: Own) -> None:
        fleet, driver_id, thresholds = own
        if thresholds is None:
            self._own.get(fleet, {}).pop(driver_id, None)
        else:
            self._own.setdefault(fleet, {})[driver_id] = thresholds

    def _apply(self, fleet: str) -> None:
        """Set the thresholds of all drivers of a fleet."""
        live = self.hub.fleet(fleet)
        grouped = live.groups if fleet in self._of_groups else ()
        self._set(fleet, {*live.thresholds, *self._own.get(fleet, ()), *grouped})

    def _set(self, fleet: str, drivers: Iterable[str]) -> None:
        own, of_groups = self._own.get(fleet, {}), self._of_groups.get(fleet, {})
        groups = self.hub.fleet(fleet).groups
        changes: dict[str, Thresholds | None] = {}
        for driver_id in drivers:
            members = [of_groups[name] for name in groups.get(driver_id, ()) if name in of_groups]
            merged = effective(own.get(driver_id, NONE), members)
            changes[driver_id] = None if merged == NONE else merged
        self.hub.set_thresholds(fleet, changes)


def effective(own: Thresholds, groups: Collection[Thresholds]) -> Thresholds:
    """The thresholds that apply to a driver: each is its own one, or the least of those of its groups."""
    stale = [one.stale_after for one in groups if one.stale_after is not None]
    offline = [one.offline_after for one in groups if one.offline_after is not None]
    return Thresholds(
        min(stale, default=None) if own.stale_after is None else own.stale_after,
        min(offline, default=None) if own.offline_after is None else own.offline_after,
    )
