"""The law of the hub: whatever happens, every client's view converges to its filter over the latest table.

Random scripts of publish, remove, move, subscribe, move the subscription, stall, drain, disconnect and resume run
against the pure hub. On the way no client sees a driver go back or a position twice (``View`` asserts it).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hub.core.live.facts.states import Change
from hub.core.live.hub import Hub
from hub.core.live.resumption import Resumption
from hub.core.live.subscriptions import Subscription
from hub.core.nouns import Fix
from tests.support.laws import examples
from tests.support.live.fakes import AREAS, DISPATCHER, Peer, View, expected, line, unline

DRIVERS = [f"d{number}" for number in range(5)]
# On the edges of the areas below and of their tiles, where things go wrong.
EDGES = [(5, 5), (10, 10), (10.0001, 10), (0, 180), (0, -180), (0, 179.9), (90, 0), (-90, 12), (25.1, 55.1), (25.3, 55)]
START = datetime(2026, 1, 1, tzinfo=UTC)
ACTIONS = {
    "publish": 50,
    "set_state": 15,
    "remove": 3,
    "flush": 15,
    "read": 12,
    "subscribe": 8,
    "unsubscribe": 2,
    "tick": 6,
    "heartbeat": 4,
    "disconnect": 2,
    "come_back": 4,
}

# Half of the scripts come and go more than anything else.
RESTLESS = {**ACTIONS, "heartbeat": 15, "disconnect": 8, "come_back": 25}


class Script:
    """One fleet, three subscribers of which two block early, five drivers, and a random course of events."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.hub = Hub("e", line, unline)
        self.version = 0
        self.seconds = 0.0
        self.driver = Peer(self.hub)
        self.views = [View() for _ in range(3)]
        self.peers: list[Peer | None] = [self._peer(index) for index in range(3)]

    def run(self, steps: int) -> None:
        actions = self.random.choice([ACTIONS, RESTLESS])
        names, weights = list(actions), list(actions.values())
        for name in self.random.choices(names, weights, k=steps):
            getattr(self, name)(self.random.randrange(3))
        self.hub.flush()
        self.hub.tick(1e9)
        for peer, view in zip(self.peers, self.views, strict=True):
            if peer is not None:
                view.take(peer.read())
                assert not peer.client.owed and not peer.client.blocked
                for id, subscription in view.active.items():
                    assert view.of(id) == expected(self.hub, "f", subscription)

    def publish(self, _: int) -> None:
        self.seconds += self.random.choice([0, 0.01, 0.3])
        now = START + timedelta(seconds=self.seconds)
        late = now - timedelta(seconds=2) if self.random.random() < 0.1 else None
        fix = Fix(*self._place(), recorded_at=late)
        self.hub.publish(self.hub.fleet("f"), self.random.choice(DRIVERS), fix, now, self.driver.client.origin)

    def set_state(self, _: int) -> None:
        """A new state, the same again, or one that was overtaken."""
        random = self.random
        self.version += random.choice([1, 1, 1, 0, -1])
        state = random.choice(["free", "free", "busy", "off_duty", None])
        self.hub.set_state("f", random.choice(DRIVERS), Change(state, self.version, START))

    def remove(self, _: int) -> None:
        self.hub.remove(self.hub.fleet("f"), self.random.choice(DRIVERS))

    def flush(self, _: int) -> None:
        self.hub.flush()

    def tick(self, _: int) -> None:
        self.hub.tick(self.seconds)

    def read(self, index: int) -> None:
        peer = self.peers[index]
        if peer is not None:
            self.views[index].take(peer.read())

    def heartbeat(self, index: int) -> None:
        peer = self.peers[index]
        if peer is not None:
            self.hub.heartbeat(peer.client, START)

    def subscribe(self, index: int) -> None:
        peer = self._caught_up(index)
        if peer is not None:
            new = self._subscription(self.random.choice("ab"))
            self.views[index].ask(new)
            self.hub.subscribe(peer.client, new)

    def unsubscribe(self, index: int) -> None:
        peer = self._caught_up(index)
        if peer is not None:
            self.hub.unsubscribe(peer.client, self.random.choice("ab"))

    def disconnect(self, index: int) -> None:
        peer = self.peers[index]
        if peer is None:
            return
        if self.random.random() < 0.5:
            self.views[index].take(peer.read())
        self.hub.disconnect(peer.client)
        self.peers[index] = None

    def come_back(self, index: int) -> None:
        """With where it was, or with a seq of a hub that is no more."""
        if self.peers[index] is not None:
            return
        view, peer = self.views[index], self._peer(index)
        self.peers[index] = peer
        since, wanted = dict(view.since), view.reconnect()
        stale = self.random.random() < 0.2
        # All subscriptions of a connection resume, or none does.
        resume = since.keys() >= wanted.keys() and not stale
        for id, subscription in wanted.items():
            again = Subscription(id, subscription.drivers, subscription.area, _max_hz(subscription), subscription.state)
            view.ask(again, resume=resume)
            self._caught_up(index)
            place = ("another epoch", 3) if stale else since[id] if resume else None
            self.hub.subscribe(peer.client, again, None if place is None else Resumption(*place))

    def _caught_up(self, index: int) -> Peer | None:
        """The edge reads nothing from a client that does not read: a request finds it caught up."""
        peer = self.peers[index]
        if peer is not None and peer.client.blocked:
            self.views[index].take(peer.read())
        return peer

    def _peer(self, index: int) -> Peer:
        return Peer(self.hub, DISPATCHER, capacity=[10**9, 10, 600][index])

    def _place(self) -> tuple[float, float]:
        random = self.random
        if random.random() < 0.6:
            return random.choice(EDGES)
        if random.random() < 0.7:
            return random.uniform(24.8, 25.5), random.uniform(54.8, 55.5)
        return random.uniform(-90, 90), random.uniform(-180, 180)

    def _subscription(self, id: str) -> Subscription:
        random = self.random
        max_hz = random.choice([None, None, 1.0, 2.0])
        state = random.choice([None, None, "free", "busy"])
        kind = random.choice(["all", "drivers", "area", "area"])
        if kind == "drivers":
            return Subscription(
                id, drivers=frozenset(random.sample(DRIVERS, random.randrange(4))), max_hz=max_hz, state=state
            )
        return Subscription(id, area=random.choice(AREAS) if kind == "area" else None, max_hz=max_hz, state=state)


def _max_hz(subscription: Subscription) -> float | None:
    return 1 / subscription.period if subscription.period else None


@given(seed=st.integers(0, 2**32), steps=st.integers(1, 300))
@examples(400)
def test_views_converge(seed: int, steps: int) -> None:
    Script(seed).run(steps)
