"""The groups of drivers in a node's memory, and which drivers a principal sees."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

import asyncpg
import msgspec

from hub.core.live.facts.groups import regroup
from hub.core.live.hub import Hub
from hub.core.principal import Principal
from hub.edge.http.problems import Problem
from hub.stores.postgres.alerts.rules import StoredRule
from hub.stores.postgres.fences.definitions import Fence
from hub.stores.postgres.registry import groups

TABLE = "driver_groups"
"""As the triggers of schema.sql name it."""


Watching = TypeVar("Watching", Fence, StoredRule)


class GroupCopy:
    """Keeps the groups of the hub's drivers current; ``changed`` is called after each change."""

    def __init__(self, hub: Hub, changed: Callable[[], None]) -> None:
        self._hub, self._changed = hub, changed

    async def read(self, connection: asyncpg.Connection, changes: list[str] | None) -> None:
        """See ``Copy`` of the directory. All groups are read after each change, some milliseconds for 10,000
        drivers."""
        regroup(self._hub, await groups.current(connection))
        self._changed()


class Sight:
    """Which drivers a principal sees: those in one of its groups, or all."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def sees(self, principal: Principal, driver_id: str) -> bool:
        """Whether a principal sees a driver of its fleet."""
        if principal.groups is None:
            return True
        known = self._hub.fleet(principal.fleet).groups.get(driver_id)
        return known is not None and not principal.groups.isdisjoint(known)

    def sees_vehicle(self, principal: Principal, driver_id: str | None, groups: Collection[str]) -> bool:
        """Whether a principal sees a vehicle with this driver, in these groups: one of its groups, or with a driver
        that it sees."""
        return (
            principal.groups is None
            or not principal.groups.isdisjoint(groups)
            or (driver_id is not None and self.sees(principal, driver_id))
        )

    def check(self, principal: Principal, driver_id: str) -> None:
        """Raises ``Problem`` 404 for a driver that a principal does not see: it must not learn that there is one."""
        if not self.sees(principal, driver_id):
            raise Problem(404, "there is no such driver")

    def watching(self, principal: Principal, thing: Watching) -> Watching | None:
        """A fence or rule as a principal sees it: without the drivers that it does not see in ``watch``. None where it
        watches these only: without them it would seem to watch all."""
        watch = thing.watch
        if principal.groups is None or not watch.drivers:
            return thing
        seen = [driver_id for driver_id in watch.drivers if self.sees(principal, driver_id)]
        if not seen and not watch.groups:
            return None
        return msgspec.structs.replace(thing, watch=msgspec.structs.replace(watch, drivers=seen))

    def drivers(self, principal: Principal, groups: frozenset[str] | None = None) -> list[str] | None:
        """The drivers that a principal sees, in one of ``groups`` where these are given; None for all."""
        sees = self._hub.fleet(principal.fleet).filter(principal.groups, groups)
        if sees is None:
            return None
        return sorted(filter(sees, self._hub.fleet(principal.fleet).groups))
