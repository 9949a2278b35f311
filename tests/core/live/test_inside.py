"""Events of fences reach the clients that asked for them, and new ones get the state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from hub.core.live.facts.groups import regroup
from hub.core.live.facts.inside import FenceChange, Insiders
from hub.core.live.subscriptions import Subscription
from hub.core.principal import Principal, Role
from tests.support.live.conversations import ABU_DHABI, NINE, World, read
from tests.support.live.fakes import DISPATCHER, Peer

ALL: frozenset[str] = frozenset()


class Fenced(World):
    """A world with fences."""

    def __init__(self) -> None:
        super().__init__()
        self.insiders = Insiders(self.hub)

    def tell(self, driver: str, fence: str, inside: bool | None, minute: int = 0) -> None:
        """An event, of a visit that began ``minute`` minutes after nine."""
        payload = msgspec.json.encode({"type": "fence", "driverId": driver, "fenceId": fence, "inside": inside})
        self.insiders.change("f", driver, FenceChange(fence, NINE + timedelta(minutes=minute), inside), payload)

    def watch(self, fences: frozenset[str] | None, capacity: int = 10**9, **more: Any) -> Peer:
        peer = Peer(self.hub, DISPATCHER, capacity)
        self.hub.subscribe(peer.client, Subscription("s", fences=fences, **more))
        return peer


def test_events_go_to_those_that_asked() -> None:
    world = Fenced()
    world.publish("d")
    every, some, none = world.watch(ALL), world.watch(frozenset({"b"})), world.watch(None)
    for peer in (every, some, none):
        peer.read()
    world.tell("d", "a", True)
    world.tell("d", "b", True)
    assert [message["fenceId"] for message in every.read()] == ["a", "b"]
    assert [message["fenceId"] for message in some.read()] == ["b"]
    assert none.read() == []
    # Not for drivers that it does not watch.
    elsewhere = world.watch(ALL, drivers=frozenset({"e"}))
    elsewhere.read()
    world.tell("d", "a", False)
    assert elsewhere.read() == []


def test_an_event_costs_nothing_for_the_clients_that_did_not_ask() -> None:
    world = Fenced()
    others = [world.watch(None) for _ in range(3)]
    asked, alerted, facts = world.watch(ALL), world.watch(None, alerts=True), world.watch(ALL, positions=False)
    fleet = world.hub.fleet("f")
    assert list(fleet.told) == [asked.client, alerted.client, facts.client]
    world.hub.subscribe(alerted.client, Subscription("s"))  # the same subscription, now without alerts
    world.hub.unsubscribe(facts.client, "s")
    assert list(fleet.told) == [asked.client]
    world.hub.disconnect(asked.client)
    assert not fleet.told
    assert len(fleet.everyone.members) == len(others) + 1


def test_the_state_comes_with_the_snapshot() -> None:
    world = Fenced()
    for driver in ("d", "e", "far"):
        world.publish(driver, ABU_DHABI if driver == "far" else (25.2, 55.3))
    world.tell("d", "a", True, 5)
    world.tell("d", "b", True, 7)
    world.tell("e", "a", True)
    world.tell("e", "a", False)
    peer = world.watch(ALL)
    messages = peer.read()
    assert [message["type"] for message in messages] == [
        "subscribed", "location", "location", "location", "fences", "synced"
    ]  # fmt: skip
    assert messages[4] == {
        "type": "fences",
        "driverId": "d",
        "inside": [["a", "2026-03-04T09:05:00Z"], ["b", "2026-03-04T09:07:00Z"]],
    }
    only = world.watch(frozenset({"b"})).read()
    assert [message["inside"] for message in only if message["type"] == "fences"] == [[["b", "2026-03-04T09:07:00Z"]]]


def test_a_visit_of_the_past_does_not_end_the_one_of_now() -> None:
    world = Fenced()
    world.publish("d")
    world.tell("d", "a", True, 30)
    world.tell("d", "a", True, 10)
    world.tell("d", "a", False, 10)
    assert world.hub.fleet("f").inside == {"d": {"a": NINE + timedelta(minutes=30)}}
    world.tell("d", "a", False, 30)
    assert world.hub.fleet("f").inside == {}


def test_what_is_read_is_older_than_what_came_meanwhile() -> None:
    world = Fenced()
    world.insiders.reading(begun=True)
    world.tell("d", "a", False)
    world.tell("e", "a", True)
    world.insiders.load({"f": {"d": {"a": NINE}}, "g": {"x": {"y": NINE}}})
    assert world.hub.fleet("f").inside == {"e": {"a": NINE}}
    assert world.hub.fleet("g").inside == {"x": {"y": NINE}}


def test_a_slow_client_is_owed_the_newest_state() -> None:
    world = Fenced()
    world.publish("d")
    world.tell("d", "a", True)
    peer = world.watch(ALL, capacity=50)  # blocked by the first message of the snapshot
    world.tell("d", "b", True)
    world.tell("d", "a", False)
    states = [message["inside"] for message in peer.read() if message["type"] == "fences"]
    assert [fence for fence, _ in states[-1]] == ["b"]


def test_groups_and_fences_of_a_limited_dispatcher() -> None:
    world = Fenced()
    for driver in ("n", "s"):
        world.publish(driver)
        world.tell(driver, "a", True)
    regroup(world.hub, {"f": {"n": frozenset({"north"}), "s": frozenset({"south"})}})
    peer = Peer(world.hub, Principal("f", Role.DISPATCHER, groups=frozenset({"north"})))
    world.hub.subscribe(peer.client, Subscription("s", fences=ALL))
    assert read(peer) == ["subscribed s 1 reset", "n@1", "fences", "synced s 2"]
    world.tell("s", "b", True)
    world.publish("s")
    assert read(peer) == []
    regroup(world.hub, {"f": {"s": frozenset({"north"})}})
    assert sorted(read(peer)) == ["fences", "n left s", "s@3"]
    world.tell("s", "b", False)
    world.tell("n", "b", True)
    assert read(peer) == ["fence"]
    # Other clients, and other fleets, notice nothing.
    assert world.hub.fleet("g").groups == {}


def test_two_subscriptions_of_a_client_share_a_driver_that_joins() -> None:
    world = Fenced()
    world.publish("n")
    peer = Peer(world.hub, DISPATCHER)
    world.hub.subscribe(peer.client, Subscription("all"))
    world.hub.subscribe(peer.client, Subscription("north", groups=frozenset({"north"})))
    peer.read()
    regroup(world.hub, {"f": {"n": frozenset({"north"})}})
    assert read(peer) == []  # it has the position already
    regroup(world.hub, {})
    assert read(peer) == ["n left north"]
    world.publish("n")
    assert read(peer) == ["n@2"]
