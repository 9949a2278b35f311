"""Presence: whether drivers are online, stale or offline, by the time since they were last heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from hub.core.live.broadcast import Broadcaster
from hub.core.live.client import Client
from hub.core.live.fleet import Fleet, Thresholds
from hub.core.live.subscriptions import Subscription
from hub.core.messages import Message, Status

FRESH = timedelta(seconds=10)
"""Age of a position up to which signs of its driver are not told to other nodes: they have the position."""

AGAIN = timedelta(seconds=5)
"""Time between two signs of a driver for the other nodes, a fraction of the time after which it is stale there."""

ONLINE, STALE, OFFLINE = "online", "stale", "offline"


class Presence:
    """Hears drivers of all fleets, and tells the clients that watch them. ``seq`` returns the number of the last
    position."""

    def __init__(
        self,
        fleets: dict[str, Fleet],
        broadcaster: Broadcaster,
        message: Callable[[Message], bytes],
        seq: Callable[[], int],
    ) -> None:
        self._fleets, self._broadcaster, self._message, self._seq = fleets, broadcaster, message, seq
        self._signs: dict[str, list[str]] = {}
        # (fleet, driver) -> when its last sign was noted for the other nodes, oldest first.
        self._told: dict[tuple[str, str], datetime] = {}

    def hear(self, fleet: Fleet, driver_id: str, now: datetime) -> None:
        """A sign of life of a driver without a position: a heartbeat, a known message, a ping. Drivers that never had a
        position are not kept, since anyone could invent them."""
        update = fleet.latest.get(driver_id)
        if update is None:
            return
        self.mark(fleet, driver_id, now)
        if now - update.recorded_at > FRESH and (fleet.id, driver_id) not in self._told:
            self._told[fleet.id, driver_id] = now
            self._signs.setdefault(fleet.id, []).append(driver_id)

    def take_signs(self, now: datetime) -> dict[str, list[str]]:
        """The drivers that gave such signs since the last call and have no recent position, by fleet: for the other
        nodes."""
        while self._told and now - next(iter(self._told.values())) > AGAIN:
            del self._told[next(iter(self._told))]
        signs, self._signs = self._signs, {}
        return signs

    def hear_elsewhere(self, fleet: Fleet, drivers: Iterable[str], at: datetime) -> None:
        """Signs of life of drivers at another node."""
        for driver_id in drivers:
            known = fleet.heard_at(driver_id)
            if known is not None and at > known:
                self.mark(fleet, driver_id, at)

    def mark(self, fleet: Fleet, driver_id: str, now: datetime) -> None:
        """A sign of life of a driver that has a position, or just got its first one."""
        heard = fleet.heard if driver_id not in fleet.thresholds else fleet.heard_of(driver_id)
        heard.pop(driver_id, None)
        heard[driver_id] = now
        if driver_id in fleet.away:
            del fleet.away[driver_id]
            fleet.lost.pop(driver_id, None)
            self._announce(fleet, driver_id, ONLINE)

    def sweep(self, now: datetime, stale_after: timedelta, offline_after: timedelta) -> None:
        """Set drivers that went silent to stale or offline. ``now`` is the clock that ``publish`` gets; the thresholds
        are those of drivers that have none of their own."""
        for fleet in self._fleets.values():
            self.sweep_fleet(fleet, now, stale_after, offline_after)

    def sweep_fleet(self, fleet: Fleet, now: datetime, stale_after: timedelta, offline_after: timedelta) -> None:
        """The same for one fleet."""
        changed: list[tuple[str, str]] = []
        for thresholds, heard in list(fleet.heard_by_thresholds()):
            limits = _limits(thresholds, stale_after, offline_after)
            for driver_id, last in heard.items():
                if last > now:
                    # Our clock was set back: counted from now, or its driver would be online until the time comes
                    # again, and all behind it.
                    heard[driver_id] = now
                    continue
                status = _status(now - last, limits)
                if status == ONLINE:
                    break
                if status == OFFLINE or fleet.away.get(driver_id) != status:
                    changed.append((driver_id, status))
        for driver_id in fleet.review:
            heard_at = fleet.heard_at(driver_id)
            if heard_at is not None:
                limits = _limits(fleet.thresholds.get(driver_id), stale_after, offline_after)
                # The others are among those that went silent.
                if _status(now - heard_at, limits) == ONLINE and driver_id in fleet.away:
                    changed.append((driver_id, ONLINE))
        fleet.review.clear()
        for driver_id, status in changed:
            self._turn(fleet, driver_id, status)

    def set_thresholds(self, fleet: Fleet, changes: Mapping[str, Thresholds | None]) -> None:
        """Give drivers thresholds of their own, or none; the next ``sweep`` applies them."""
        touched: dict[int, dict[str, datetime]] = {}
        for driver_id, thresholds in changes.items():
            if fleet.thresholds.get(driver_id) == thresholds:
                continue
            # An offline driver may be online by the new ones.
            heard_at = fleet.lost.pop(driver_id, None) or fleet.heard_of(driver_id).pop(driver_id, None)
            if thresholds is None:
                del fleet.thresholds[driver_id]
            else:
                fleet.thresholds[driver_id] = thresholds
            if heard_at is not None:
                heard = fleet.heard_of(driver_id)
                heard[driver_id] = heard_at
                touched[id(heard)] = heard
                fleet.review.add(driver_id)
        for heard in touched.values():
            ordered = sorted(heard.items(), key=lambda item: item[1])
            heard.clear()
            heard.update(ordered)
        fleet.drop_empty()

    def owe(self, client: Client, fleet: Fleet, subscription: Subscription, floor: int, *, resumed: bool) -> None:
        """Changes of presence since ``floor``; a driver whose status never changed is online. A client that has not
        ``resumed`` gets the position of each driver, which says that it is online."""
        for update in fleet.find(subscription):
            driver_id = update.driver_id
            if fleet.turned.get(driver_id, -1) >= floor and (resumed or driver_id in fleet.away):
                status = Status(driver_id, fleet.away.get(driver_id, ONLINE), fleet.heard_at(driver_id))
                client.owe(("status", driver_id), self._message(status))

    def _turn(self, fleet: Fleet, driver_id: str, status: str) -> None:
        if status == OFFLINE:
            fleet.lost[driver_id] = fleet.heard_of(driver_id).pop(driver_id)
        before = fleet.away.pop(driver_id, ONLINE)
        if status != ONLINE:
            fleet.away[driver_id] = status
        if status != before:
            self._announce(fleet, driver_id, status)

    def _announce(self, fleet: Fleet, driver_id: str, status: str) -> None:
        update = fleet.latest.get(driver_id)
        if update is None:
            return
        fleet.turned[driver_id] = self._seq()
        if not fleet.watched:
            return
        self._broadcaster.flush()
        frame = self._message(Status(driver_id, status, fleet.heard_at(driver_id)))
        for client in fleet.clients_of(update):
            self._broadcaster.release(client, driver_id)
            if client.blocked:
                client.owe(("status", driver_id), frame)
            else:
                client.write(frame)


def _limits(
    thresholds: Thresholds | None, stale_after: timedelta, offline_after: timedelta
) -> tuple[timedelta, timedelta]:
    """From when on a driver is stale, and offline."""
    if thresholds is None:
        return stale_after, offline_after
    offline = offline_after if thresholds.offline_after is None else timedelta(seconds=thresholds.offline_after)
    stale = stale_after if thresholds.stale_after is None else timedelta(seconds=thresholds.stale_after)
    # The settings may have changed since the registry checked one of them against the other.
    return min(stale, offline), offline


def _status(silence: timedelta, limits: tuple[timedelta, timedelta]) -> str:
    return ONLINE if silence < limits[0] else OFFLINE if silence >= limits[1] else STALE
