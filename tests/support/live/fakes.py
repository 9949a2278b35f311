"""A subscriber without a socket: a transport with a buffer, and the view that a client builds from what it reads."""

from __future__ import annotations

import json
from typing import Any

from hub.core.geo.areas import BBox, Circle
from hub.core.live.client import Client
from hub.core.live.hub import Hub
from hub.core.live.subscriptions import Subscription
from hub.core.principal import Principal, Role

DISPATCHER = Principal("f", Role.DISPATCHER)
OPEN = Principal("f", Role.OPEN)


def line(payload: bytes) -> bytes:
    """Stands in for a WebSocket frame, so that what was written can be taken apart again."""
    return payload + b"\n"


def unline(frame: bytes) -> bytes:
    """The message of a ``line``."""
    return frame[:-1]


class Peer:
    """One connection as its client sees it. ``capacity`` bytes fit into the transport's buffer before it blocks.

    Like a real transport it says so once, and must not be written to until it has said that it takes data again.
    """

    def __init__(self, hub: Hub, principal: Principal = OPEN, capacity: int = 10**9) -> None:
        self.hub = hub
        self.capacity = capacity
        self.buffer = b""
        self.paused = False
        self.client: Client = hub.connect(principal, self._write)

    def _write(self, data: bytes) -> None:
        assert data, "an empty write"
        assert not self.paused, "a write above the high-water mark"
        self.buffer += data
        if len(self.buffer) > self.capacity:
            self.paused = True
            self.client.block()

    def read(self) -> list[dict[str, Any]]:
        """Take everything that was written; a blocked client is told that it may go on."""
        messages: list[dict[str, Any]] = []
        while True:
            data, self.buffer = self.buffer, b""
            messages += [json.loads(text) for text in data.splitlines()]
            if self.paused:
                self.paused = False
                self.client.drain()
            elif not self.buffer:
                return messages


class View:
    """What a client knows after reading, by the rules of docs/protocol.md.

    One table of positions for the connection; a subscription is a filter over it, in force from ``subscribed`` to the
    next one or to ``unsubscribed``. ``left`` says that the table is behind for one subscription. On the way it asserts
    that a driver never goes back and that no position comes twice.
    """

    def __init__(self) -> None:
        self.epoch = ""
        self.table: dict[str, dict[str, Any]] = {}
        self.behind: set[tuple[str, str]] = set()
        self.active: dict[str, Subscription] = {}
        # Requests that the hub has not answered, and whether they resume.
        self.asked: dict[str, list[tuple[Subscription, bool]]] = {}
        # Where each subscription may resume: known only once its snapshot was complete.
        self.since: dict[str, tuple[str, int]] = {}
        self.synced: set[str] = set()
        # Newest seq of each driver on this connection.
        self.newest: dict[str, int] = {}

    def ask(self, subscription: Subscription, *, resume: bool = False) -> None:
        self.asked.setdefault(subscription.id, []).append((subscription, resume))
        self.synced.discard(subscription.id)
        self.since.pop(subscription.id, None)

    def reconnect(self) -> dict[str, Subscription]:
        """Start a new connection; returns the subscriptions to ask for again, by id."""
        wanted = {**self.active, **{id: asked[-1][0] for id, asked in self.asked.items() if asked}}
        self.active, self.asked, self.newest = {}, {}, {}
        self.synced.clear()
        return wanted

    def take(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            match message["type"]:
                case "location":
                    self._locate(message)
                case "subscribed":
                    self._subscribed(message)
                case "unsubscribed":
                    self._end(message["id"])
                    self._prune()
                case "synced":
                    if not self.asked.get(message["id"]):
                        self.synced.add(message["id"])
                        self.since[message["id"]] = (self.epoch, message["seq"])
                case "heartbeat":
                    for id in self.synced:
                        self.since[id] = (self.epoch, message["seq"])
                case "state":
                    self._restate(message)
                case "left":
                    self._left(message["id"], message["driverId"])

    def of(self, id: str) -> dict[str, tuple[int, str | None]]:
        """Driver -> seq and state of what a subscription shows."""
        return {
            driver: (position["seq"], position.get("state"))
            for driver, position in self.table.items()
            if self._shows(self.active[id], driver)
        }

    def _locate(self, message: dict[str, Any]) -> None:
        driver, seq = message["driverId"], message["seq"]
        newest = self.newest.get(driver, 0)
        assert seq > newest or (seq == newest and driver not in self.table), "a position went back or came twice"
        self.newest[driver] = seq
        self.table[driver] = message
        self.behind = {pair for pair in self.behind if pair[1] != driver}
        if not any(self._shows(subscription, driver) for subscription in self.active.values()):
            del self.table[driver]  # under way when its subscription ended

    def _restate(self, message: dict[str, Any]) -> None:
        driver = message["driverId"]
        assert driver in self.table, "a state of a driver that is not known"
        self.table[driver] = {**self.table[driver], "state": message.get("state")}
        self.behind = {pair for pair in self.behind if pair[1] != driver}
        self._prune()

    def _subscribed(self, message: dict[str, Any]) -> None:
        id = message["id"]
        subscription, _ = self.asked[id].pop(0)
        if message["epoch"] != self.epoch:
            self.epoch = message["epoch"]
            self.table.clear()
            self.behind.clear()
        if message["reset"]:
            self._end(id)
            self._prune()
        self.active[id] = subscription
        self._prune()

    def _left(self, id: str, driver: str) -> None:
        # After moving a subscription the new filter says so by itself.
        if id in self.active and driver in self.table and self._shows(self.active[id], driver):
            self.behind.add((id, driver))
            self._prune()

    def _end(self, id: str) -> None:
        self.active.pop(id, None)
        self.behind = {pair for pair in self.behind if pair[0] != id}

    def _prune(self) -> None:
        """Drop what no subscription shows any more; what a resumption will confirm stays."""
        resuming = [asked[0][0] for asked in self.asked.values() if asked and asked[0][1]]
        kept = [*self.active.values(), *resuming]
        self.table = {
            driver: position
            for driver, position in self.table.items()
            if any(self._shows(subscription, driver) for subscription in kept)
        }

    def _shows(self, subscription: Subscription, driver: str) -> bool:
        position = self.table[driver]
        return (
            (subscription.id, driver) not in self.behind
            and subscription.takes(position.get("state"))
            and subscription.covers(driver, position["latitude"], position["longitude"])
        )


def expected(hub: Hub, fleet: str, subscription: Subscription) -> dict[str, tuple[int, str | None]]:
    """The same from the hub's table of latest positions, by testing each driver."""
    live = hub.fleet(fleet)
    states = {driver_id: known.state for driver_id, known in live.states.items()}
    return {
        update.driver_id: (update.seq, states.get(update.driver_id))
        for update in live.latest.values()
        if subscription.takes(states.get(update.driver_id))
        and subscription.covers(update.driver_id, update.latitude, update.longitude)
    }


AREAS = [
    BBox(0, 0, 10, 10),
    BBox(5, 5, 25, 15),
    BBox(175, -10, -175, 10),
    BBox(-180, -90, 180, 90),
    BBox(54.9, 24.9, 55.4, 25.4),
    Circle(5, 5, 300_000),
    Circle(0, 180, 500_000),
    Circle(89, 0, 300_000),
    Circle(25.1, 55.1, 5_000),
]
