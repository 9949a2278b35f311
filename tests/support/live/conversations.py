"""Conversations with a hub: a gateway publishes, clock in hand, and others read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hub.core.geo.areas import Area
from hub.core.live.facts.states import Change
from hub.core.live.hub import Hub
from hub.core.live.resumption import Resumption
from hub.core.live.subscriptions import Subscription
from hub.core.live.update import Update
from hub.core.nouns import Fix
from hub.core.principal import Principal, Role
from tests.support.live.fakes import DISPATCHER, Peer, line, unline

NINE = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DUBAI, ABU_DHABI = (25.2, 55.3), (24.45, 54.38)


class World:
    """A hub, its clock, and a gateway whose fixes are published unless another is named."""

    def __init__(self, **limits: Any) -> None:
        self.hub = Hub("e", line, unline, **limits)
        self.now = NINE
        self.gateway = Peer(self.hub, Principal("f", Role.GATEWAY))

    def plain(self, fleet: str = "f") -> Peer:
        """Connected as the first contract has it."""
        peer = Peer(self.hub, Principal(fleet, Role.OPEN))
        self.hub.watch_plainly(peer.client)
        return peer

    def watcher(
        self,
        area: Area | None = None,
        drivers: str | None = None,
        max_hz: float | None = None,
        capacity: int = 10**9,
        state: str | None = None,
    ) -> Peer:
        """Subscribed as ``s``; the beginning is read."""
        peer = Peer(self.hub, DISPATCHER, capacity)
        self.subscribe(peer, "s", area, drivers, max_hz, state=state)
        peer.read()
        return peer

    def subscribe(
        self,
        peer: Peer,
        id: str = "s",
        area: Area | None = None,
        drivers: str | None = None,
        max_hz: float | None = None,
        since: tuple[str, int] | None = None,
        state: str | None = None,
    ) -> None:
        """``drivers`` in one word each; everything without any."""
        names = None if drivers is None else frozenset(drivers.split())
        self.hub.subscribe(
            peer.client, Subscription(id, names, area, max_hz, state), None if since is None else Resumption(*since)
        )

    def publish(
        self, driver_id: str, place: tuple[float, float] = DUBAI, by: Peer | None = None, fleet: str = "f", **known: Any
    ) -> tuple[bytes, Update | None]:
        """One fix, which ends the turn."""
        origin = (by or self.gateway).client.origin
        published = self.hub.publish(self.hub.fleet(fleet), driver_id, Fix(*place, **known), self.now, origin)
        self.hub.flush()
        return published

    def set_state(self, driver_id: str, state: str | None, version: int | None = None) -> None:
        """A driver sets its state; ``version`` is the next one by default."""
        known = self.hub.fleet("f").states.get(driver_id)
        if version is None:
            version = 1 if known is None else known.version + 1
        self.hub.set_state("f", driver_id, Change(state, version, self.now))

    def sweep(self, after: timedelta) -> None:
        """Some time later the hub looks who is silent: stale after a minute, offline after five."""
        self.now += after
        self.hub.sweep_presence(self.now, MINUTE, 5 * MINUTE)


def read(peer: Peer) -> list[str]:
    """What a peer reads, one phrase a message: ``d1@3`` is driver d1's position with seq 3."""
    return [_phrase(message) for message in peer.read()]


def _phrase(message: dict[str, Any]) -> str:
    match message:
        case {"type": "location", "driverId": driver_id, "seq": seq}:
            return f"{driver_id}@{seq}"
        case {"type": "status", "driverId": driver_id, "status": status}:
            return f"{driver_id} {status}"
        case {"type": "state", "driverId": driver_id}:
            return f"{driver_id} is {message.get('state')}"
        case {"type": "left", "id": id, "driverId": driver_id}:
            return f"{driver_id} left {id}"
        case {"type": "subscribed", "id": id, "count": count, "reset": reset}:
            return f"subscribed {id} {count}{' reset' if reset else ''}"
        case {"type": "synced", "id": id, "seq": seq}:
            return f"synced {id} {seq}"
        case {"type": "heartbeat", "seq": seq}:
            return f"heartbeat {seq}"
        case {"type": kind}:
            return str(kind)
    raise AssertionError(message)
