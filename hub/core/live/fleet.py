"""One fleet's live state: latest positions, presence, and cohorts.

A **cohort** is a set of clients that are owed the same bytes: all that watch the whole fleet, all that watch
one driver, all whose area covers a map tile. Its *members* get every frame without a test; its
*watchers* (several subscriptions, ``maxHz``, a state, or an area that covers the tile in part) are tested one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from hub.core.fixes.clocks import DriverClocks
from hub.core.fixes.late import LateFixes
from hub.core.geo.areas import tile, tile_box
from hub.core.live.client import Client
from hub.core.live.grid import Grid
from hub.core.live.log_place import LogPlace
from hub.core.live.subscriptions import Known, Subscription
from hub.core.live.update import Update

Key = TypeVar("Key", int, str)


class Cohort:
    """Clients that are owed the same bytes, and the batch since the last flush."""

    __slots__ = ("authors", "batch", "members", "watchers")

    def __init__(self) -> None:
        self.members: dict[Client, None] = {}
        self.watchers: dict[Client, None] = {}
        self.batch: list[Update] = []
        # Ids of clients whose own positions are in the batch.
        self.authors: set[int] = set()


class Thresholds(NamedTuple):
    """Seconds without a sign of life after which a driver is stale, and offline; None: as for others."""

    stale_after: float | None
    offline_after: float | None


class Fleet:
    """The live state of one fleet. Only ``Hub`` writes to it."""

    def __init__(self, id: str, log_place: LogPlace) -> None:
        self.id, self.log_place = id, log_place
        self.latest: dict[str, Update] = {}
        self.grid = Grid()
        # Driver -> when it was last heard, oldest first, without offline drivers and those with thresholds of their
        # own; the offline drivers.
        self.heard: dict[str, datetime] = {}
        self.lost: dict[str, datetime] = {}
        # Drivers with thresholds of their own; when they were heard, oldest first, by their thresholds; drivers whose
        # thresholds have changed since the last sweep.
        self.thresholds: dict[str, Thresholds] = {}
        self._heard_own: dict[Thresholds, dict[str, datetime]] = {}
        self.review: set[str] = set()
        # Driver -> its state, as far as it ever had one.
        self.states: dict[str, Known] = {}
        self.clocks = DriverClocks()
        self.late = LateFixes()
        # Driver -> ``stale`` or ``offline``; a driver without an entry is online.
        self.away: dict[str, str] = {}
        # Driver -> the hub's seq at the last change of its status; without an entry it never changed.
        self.turned: dict[str, int] = {}
        # Driver -> its groups, and those of its vehicle; a driver without any has no entry.
        self.groups: dict[str, frozenset[str]] = {}
        # Group -> its drivers; see ``members_of``.
        self.members: dict[str, list[str]] = {}
        # Driver -> the fences that it is inside of, and since when.
        self.inside: dict[str, dict[str, datetime]] = {}
        # Clients with a subscription that has no positions.
        self.facts: dict[Client, None] = {}
        # Clients with a subscription that has events of fences or alerts.
        self.told: dict[Client, None] = {}
        # Drivers that were removed -> the hub's seq at that time, oldest first; the seq up to which they are forgotten;
        # their number since the start.
        self.removed: dict[str, int] = {}
        self.removed_before = 0
        self.removals = 0
        # Driver that was removed -> the instant up to which received positions of it no longer count, oldest first.
        self.gone: dict[str, datetime] = {}
        # Driver -> the instant up to which its history was erased: no older fix makes it live again.
        self.erased: dict[str, datetime] = {}
        self.plain = Cohort()
        self.everyone = Cohort()
        self.drivers: dict[str, Cohort] = {}
        self.tiles: dict[int, Cohort] = {}
        # Tile levels in use -> number of area subscriptions at that level.
        self.levels: dict[int, int] = {}

    @property
    def watched(self) -> bool:
        """Whether a client may be owed a position."""
        everyone = self.everyone
        return bool(self.plain.members or everyone.members or everyone.watchers or self.drivers or self.tiles)

    def unload(self) -> list[dict[str, Any]]:
        """Forget what the log tells: latest positions, presence and clocks. What PostgreSQL tells (states, groups,
        thresholds, fences, removals) stays current. Returns what has an item for each driver, which takes long to
        free."""
        old: list[dict[str, Any]] = [self.latest, self.heard, self.lost, self.away, self.turned]
        self.latest, self.grid, self.clocks = {}, Grid(), DriverClocks()
        self.heard, self.lost, self._heard_own = {}, {}, {}
        self.away, self.turned = {}, {}
        self.review = set()
        self.late.forget()
        return old

    def heard_at(self, driver_id: str) -> datetime | None:
        """When a driver with a latest position was last heard."""
        heard = self.heard if driver_id not in self.thresholds else self.heard_of(driver_id)
        return heard.get(driver_id) or self.lost.get(driver_id)

    def heard_of(self, driver_id: str) -> dict[str, datetime]:
        """When the drivers with the thresholds of this one were heard, oldest first."""
        thresholds = self.thresholds.get(driver_id)
        return self.heard if thresholds is None else self._heard_own.setdefault(thresholds, {})

    def heard_by_thresholds(self) -> Iterator[tuple[Thresholds | None, dict[str, datetime]]]:
        """When drivers were heard, oldest first, for each pair of thresholds."""
        yield None, self.heard
        yield from self._heard_own.items()

    def drop_empty(self) -> None:
        """Forget thresholds that no driver has."""
        used = set(self.thresholds.values())
        self._heard_own = {thresholds: heard for thresholds, heard in self._heard_own.items() if thresholds in used}

    def changed_state(self, driver_id: str, seq: int) -> bool:
        """Whether the state of a driver has changed since the position ``seq``."""
        known = self.states.get(driver_id)
        return known is not None and known.seq >= seq

    def filter(self, *wanted: frozenset[str] | None) -> Callable[[str], bool] | None:
        """Whether a driver is in one group of each of the sets, now and after changes; None where all are None."""
        sets = [names for names in wanted if names is not None]
        if not sets:
            return None
        groups = self.groups

        def sees(driver_id: str) -> bool:
            known = groups.get(driver_id)
            return known is not None and not any(names.isdisjoint(known) for names in sets)

        return sees

    def join(self, client: Client) -> None:
        """Add a client to the cohorts of its subscriptions."""
        if client.plain:
            self.plain.members[client] = None
            return
        if client.facts:
            self.facts[client] = None
        if any(subscription.fences is not None or subscription.alerts for subscription in client.held.values()):
            self.told[client] = None
        subscriptions = list((client.subscriptions or {}).values())
        first = subscriptions[0] if len(subscriptions) == 1 else None
        plain = first is not None and not first.period and first.state is None and first.sees is None
        sole = first if plain else None
        for subscription in subscriptions:
            area = subscription.area
            if area is not None:
                self.levels[subscription.level] = self.levels.get(subscription.level, 0) + 1
                for key in subscription.tiles():
                    cohort = self.tiles.setdefault(key, Cohort())
                    whole = sole is not None and area.covers(tile_box(key))
                    (cohort.members if whole else cohort.watchers)[client] = None
            else:
                for cohort in self._cohorts(subscription):
                    (cohort.members if sole is not None else cohort.watchers)[client] = None

    def leave(self, client: Client) -> None:
        """Take a client out of its cohorts. Nothing may be unflushed."""
        if client.plain:
            self.plain.members.pop(client, None)
            return
        self.facts.pop(client, None)
        self.told.pop(client, None)
        for subscription in (client.subscriptions or {}).values():
            if subscription.area is not None:
                self.levels[subscription.level] -= 1
                if not self.levels[subscription.level]:
                    del self.levels[subscription.level]
                _withdraw(self.tiles, subscription.tiles(), client)
            elif subscription.drivers is not None:
                _withdraw(self.drivers, subscription.drivers, client)
            else:
                self.everyone.members.pop(client, None)
                self.everyone.watchers.pop(client, None)

    def _cohorts(self, subscription: Subscription) -> Iterator[Cohort]:
        if subscription.drivers is None:
            yield self.everyone
        else:
            for driver_id in subscription.drivers:
                yield self.drivers.setdefault(driver_id, Cohort())

    def find(self, subscription: Subscription) -> Iterator[Update]:
        """Latest positions that a subscription matches now."""
        for update in self._covered(subscription):
            if subscription.state is None or subscription.wants(update.driver_id):
                yield update

    def _covered(self, subscription: Subscription) -> Iterator[Update]:
        latest, sees = self.latest, subscription.sees
        if subscription.area is not None:
            contains = subscription.area.contains
            for driver_id in self.grid.near(subscription.area):
                update = latest[driver_id]
                if contains(update.latitude, update.longitude) and (sees is None or sees(driver_id)):
                    yield update
        elif subscription.drivers is not None:
            for driver_id in subscription.drivers:
                if driver_id in latest and (sees is None or sees(driver_id)):
                    yield latest[driver_id]
        elif sees is not None:
            yield from (update for update in latest.values() if sees(update.driver_id))
        else:
            yield from latest.values()

    def clients_of(self, update: Update) -> Iterator[Client]:
        """Clients of the full protocol whose subscriptions match a position, each once."""
        return (client for client in self.around(update) if matches(client, update))

    def around(self, update: Update) -> Iterator[Client]:
        """Clients of the full protocol that may match a position, each once."""
        seen: set[Client] = set()
        cohorts = [self.everyone, self.drivers.get(update.driver_id)]
        cohorts += [self.tiles.get(key) for key in self.tile_keys(update)]
        for cohort in cohorts:
            if cohort is None:
                continue
            for client in (*cohort.members, *cohort.watchers):
                if client not in seen:
                    seen.add(client)
                    yield client

    def place(self, driver_id: str) -> tuple[float, float] | None:
        """Latitude and longitude of a driver with a latest position."""
        update = self.latest.get(driver_id)
        return None if update is None else (update.latitude, update.longitude)

    def following(self, driver_id: str, wants: Callable[[Subscription], bool]) -> Iterator[tuple[Client, Subscription]]:
        """Clients with a subscription that ``wants`` a fact about a driver, each once, with the first of these."""
        place = self.place(driver_id)
        for client in list(self.told):
            for subscription in client.held.values():
                if wants(subscription) and subscription.concerns(driver_id, place):
                    yield client, subscription
                    break

    def tile_keys(self, update: Update) -> list[int]:
        """Keys of the tiles that hold a position, at each level in use."""
        return [tile(level, update.latitude, update.longitude) for level in self.levels]


def matches(client: Client, update: Update) -> bool:
    """Whether any subscription of a client matches a position."""
    return any(
        subscription.matches(update.driver_id, update.latitude, update.longitude)
        for subscription in (client.subscriptions or {}).values()
    )


def _withdraw(cohorts: dict[Key, Cohort], keys: Iterable[Key], client: Client) -> None:
    for key in keys:
        cohort = cohorts.get(key)
        if cohort is not None:
            cohort.members.pop(client, None)
            cohort.watchers.pop(client, None)
            if not cohort.members and not cohort.watchers:
                del cohorts[key]
