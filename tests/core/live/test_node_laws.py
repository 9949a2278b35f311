"""The law of many nodes: whatever the log delays and whichever node dies, every screen shows the newest position of
each driver in the end, and no connection shows a driver going back or a position twice.

Drivers change nodes, nodes append in any order and read the log at their own pace, die with what they had not appended,
and start again from the latest positions and a window of the log; a node that no client needs forgets everything, and
loads it again; screens resume at any node by their tokens, and at the same one by its numbers.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hub.core.geo.areas import BBox
from hub.core.live.hub import Hub
from hub.core.live.others import Others, Row
from hub.core.live.resumption import Resumption
from hub.core.live.subscriptions import Subscription
from hub.core.live.update import Update
from hub.core.nouns import Fix, Position
from tests.support.laws import examples
from tests.support.live.fakes import DISPATCHER, Peer, line, unline

NODES, SCREENS = 3, 4
DRIVERS = [f"d{number}" for number in range(4)]
START = datetime(2026, 1, 1, tzinfo=UTC)
AREA = BBox(0.0, 0.0, 5.0, 5.0)
ACTIONS = {
    "publish": 40, "append": 25, "read": 30, "flush": 10, "look": 10, "heartbeat": 8, "leave": 4, "resume": 8, "die": 2,
    "trim": 2, "drop": 6,
}  # fmt: skip


class Log:
    """Entries, the latest positions as their transactions leave them, and where the entries begin."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, int, list[bytes]]] = []  # number, node's run, positions
        self.latest: dict[str, bytes] = {}
        self.first = 0

    def restore(self, payload: bytes) -> None:
        """As the script in Redis."""
        driver = json.loads(payload)["driverId"]
        if recorded(self.latest[driver]) < recorded(payload):
            self.latest[driver] = payload

    @property
    def last(self) -> int:
        return self.entries[-1][0] if self.entries else 0


def recorded(payload: bytes) -> datetime:
    return datetime.fromisoformat(json.loads(payload)["recordedAt"])


class Node:
    """A hub with what it has not appended yet, and its place in the log. ``run`` differs after each start. It does not
    read the log after ``drop``, until ``need``."""

    def __init__(self, log: Log, run: int) -> None:
        self.log, self.run = log, run
        self.hub = Hub(f"run-{run}", line, unline)
        self.others = Others(self.hub, lambda _, update: self.restored.append(update))
        self.restored: list[Update] = []
        self.fleet = self.hub.fleet("f")
        self.unlogged: list[tuple[Update | None, bytes]] = []
        self.loads = 0
        self._load()

    def _load(self) -> None:
        log = self.log
        self.hub.log_places[0].begin("g", log.first)
        self.hub.load("f", [msgspec.json.decode(each, type=Position) for each in log.latest.values()], log.first or 1)
        self.place = next((at for at, entry in enumerate(log.entries) if entry[0] >= log.first), len(log.entries))
        for _ in range(self.place, len(log.entries)):
            self._read(loaded=True)
        self.hub.log_places[0].loaded = True
        self.loads += 1

    def need(self) -> None:
        if not self.hub.log_places[0].loaded:
            self._load()

    def drop(self) -> None:
        """Nothing was sent and no client was connected for minutes, in which the log was read and appended to."""
        if self.hub.log_places[0].clients or self.unlogged or self.restored or self.place < len(self.log.entries):
            return
        self.hub.unload(self.hub.log_places[0])
        self.others.forget()
        assert not self.fleet.latest and not self.fleet.heard

    def read(self) -> None:
        """Apply the next entry, if there is one."""
        if self.hub.log_places[0].loaded and self.place < len(self.log.entries):
            self._read()

    def _read(self, *, loaded: bool = False) -> None:
        number, run, payloads = self.log.entries[self.place]
        self.place += 1
        now = START + timedelta(days=1)
        rows = [msgspec.json.decode(payload, type=Row) for payload in (payloads if loaded or run != self.run else ())]
        for index in range(len(rows)) if loaded else self.others.needed(self.fleet, rows, now):
            row = rows[index]
            if loaded and row.driver_id not in self.fleet.latest:
                continue
            if self.others.apply(self.fleet, row, payloads[index], number, now) and loaded:
                self.restored.append(self.fleet.latest[row.driver_id])
        self.hub.log_places[0].advance(number, self.hub.seq)

    def append(self) -> None:
        """What was published goes into the log as one entry, in one transaction with the latest positions."""
        if self.unlogged:
            self._append()
        restored, self.restored = self.restored, []
        for update in restored:
            self.log.restore(unline(update.frame))

    def _append(self) -> None:
        number = self.log.last + (1 << 30)  # a thousand milliseconds
        self.log.entries.append((number, self.run, [payload for _, payload in self.unlogged]))
        for update, payload in self.unlogged:
            if update is not None:
                update.entry = number
                self.log.latest[update.driver_id] = payload
        self.unlogged.clear()


class Screen:
    """One subscription that survives its connections, by the rules of docs/protocol.md."""

    def __init__(self, area: BBox | None) -> None:
        self.area = area
        self.node: Node | None = None
        self.peer: Peer | None = None
        self.table: dict[str, datetime] = {}
        self.token: str | None = None
        self.epoch, self.seq = "", -1
        self.seen: dict[str, datetime] = {}
        self.resets = 0

    def connect(self, node: Node) -> None:
        node.need()
        self.node, self.peer, self.seen = node, Peer(node.hub, DISPATCHER), {}
        since = None if self.token is None else Resumption(self.epoch, self.seq, self.token)
        node.hub.subscribe(self.peer.client, Subscription("s", area=self.area), since)

    def look(self) -> None:
        if self.peer is not None:
            for message in self.peer.read():
                self._take(message)

    def leave(self) -> None:
        if self.node is not None and self.peer is not None:
            self.node.hub.disconnect(self.peer.client)
        self.node = self.peer = None

    def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "subscribed":
                self.epoch = message["epoch"]
                if message["reset"]:
                    self.resets += 1
                    self.table.clear()
            case "synced" | "heartbeat":
                self.token, self.seq = message.get("resume", self.token), message["seq"]
            case "left":
                self.table.pop(message["driverId"], None)
                self.seen.pop(message["driverId"], None)
            case "location":
                driver, at = message["driverId"], datetime.fromisoformat(message["recordedAt"])
                assert driver not in self.seen or at > self.seen[driver], "a position went back or came twice"
                self.seen[driver] = at
                if driver not in self.table or at > self.table[driver]:
                    self.table[driver] = at


class Script:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.log, self.runs, self.seconds = Log(), NODES, 0.0
        self.newest: dict[str, tuple[datetime, float, float]] = {}
        self.nodes = [Node(self.log, run) for run in range(NODES)]
        self.screens = [Screen(AREA if index % 2 else None) for index in range(SCREENS)]
        self.resume()

    def run(self, steps: int) -> None:
        for name in self.random.choices(list(ACTIONS), list(ACTIONS.values()), k=steps):
            getattr(self, name)()
        for node in self.nodes:
            node.append()
        for screen in self.screens:
            if screen.node is None:
                screen.connect(self.random.choice(self.nodes))
        for node in self.nodes:
            node.need()
            while node.place < len(self.log.entries):
                node.read()
            node.hub.flush()
            shown = {update.driver_id: update.recorded_at for update in node.fleet.latest.values()}
            assert shown == {driver: at for driver, (at, _, _) in self.newest.items()}
        for screen in self.screens:
            screen.look()
            wanted = {
                driver: at
                for driver, (at, latitude, longitude) in self.newest.items()
                if screen.area is None or screen.area.contains(latitude, longitude)
            }
            assert screen.table == wanted

    def publish(self) -> None:
        """A new position, one that was recorded earlier, or one that is sent again to another node."""
        self.seconds += self.random.choice([0.0, 0.1, 1.0])
        driver = self.random.choice(DRIVERS)
        at = START + timedelta(seconds=self.seconds - self.random.choice([0, 0, 0, 2]))
        # One driver is at one place at a time.
        place = Random(f"{driver} {at}").uniform(-5, 10), 2.0
        self._publish(self.random.choice(self.nodes), driver, Fix(*place, recorded_at=at))

    def _publish(self, node: Node, driver: str, fix: Fix) -> None:
        node.need()
        payload, update = node.hub.publish(node.fleet, driver, fix, START + timedelta(seconds=self.seconds))
        node.unlogged.append((update, payload))
        assert isinstance(fix.recorded_at, datetime)
        new = fix.recorded_at, fix.latitude, fix.longitude
        self.newest[driver] = max(self.newest.get(driver, new), new)

    def append(self) -> None:
        self.random.choice(self.nodes).append()

    def read(self) -> None:
        self.random.choice(self.nodes).read()

    def flush(self) -> None:
        self.random.choice(self.nodes).hub.flush()

    def look(self) -> None:
        self.random.choice(self.screens).look()

    def heartbeat(self) -> None:
        for screen in self.screens:
            if screen.node is not None and screen.peer is not None:
                screen.node.hub.heartbeat(screen.peer.client, START)

    def leave(self) -> None:
        screen = self.random.choice(self.screens)
        if self.random.random() < 0.5:
            screen.look()
        screen.leave()

    def resume(self) -> None:
        for screen in self.screens:
            if screen.node is None:
                screen.connect(self.random.choice(self.nodes))

    def die(self) -> None:
        """A node ends; its drivers send what was not acked to another one."""
        index = self.random.randrange(NODES)
        dead = self.nodes[index]
        for screen in self.screens:
            if screen.node is dead:
                screen.look()
                screen.leave()
        self.nodes[index] = Node(self.log, self.runs)
        self.runs += 1
        for _, payload in dead.unlogged:
            position = msgspec.json.decode(payload, type=Position)
            fix = Fix(position.latitude, position.longitude, recorded_at=position.recorded_at)
            self._publish(self.random.choice(self.nodes), position.driver_id, fix)

    def drop(self) -> None:
        """For minutes no client needs a node. It reads the log meanwhile."""
        node = self.random.choice(self.nodes)
        for screen in self.screens:
            if screen.node is node:
                screen.leave()
        while node.place < len(self.log.entries) and node.hub.log_places[0].loaded:
            node.append()
            node.read()
        node.append()
        node.drop()

    def trim(self) -> None:
        """The log keeps the entries that a node reads at its start; tokens from before are resets at such a node. By
        then all nodes have read what is removed, and restored what it had put in disorder."""
        for node in self.nodes:
            node.append()
        kept = min((node.place for node in self.nodes if node.hub.log_places[0].loaded), default=len(self.log.entries))
        if kept < len(self.log.entries):
            self.log.first = self.log.entries[kept][0]


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 250))
@examples(200)
def test_nodes_and_screens_converge(seed: int, steps: int) -> None:
    Script(seed).run(steps)


def test_a_screen_that_changes_nodes_gets_only_what_is_new() -> None:
    log = Log()
    one, two = Node(log, 0), Node(log, 1)
    for number in range(50):
        fix = Fix(1.0, 1.0, recorded_at=START + timedelta(seconds=number))
        payload, update = one.hub.publish(one.fleet, f"d{number}", fix, START + timedelta(seconds=number))
        one.unlogged.append((update, payload))
        one.append()
    for node in (one, two):
        while node.place < len(log.entries):
            node.read()
        node.hub.flush()
    screen = Screen(None)
    screen.connect(one)
    screen.look()
    assert screen.resets == 1 and len(screen.table) == 50
    screen.leave()
    later = START + timedelta(minutes=2)
    payload, _ = two.hub.publish(two.fleet, "d7", Fix(2.0, 2.0, recorded_at=later), later)
    screen.connect(two)
    assert screen.peer is not None
    messages = screen.peer.read()
    assert [message["type"] for message in messages] == ["subscribed", "location", "synced"]
    assert messages[0]["reset"] is False and json.loads(payload)["driverId"] == messages[1]["driverId"] == "d7"
