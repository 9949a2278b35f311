"""Subscriptions without positions: fences and alerts of drivers wherever a map is, and nothing else."""

from __future__ import annotations

import pytest

from hub.core.geo.areas import BBox
from hub.core.live.facts.groups import regroup
from hub.core.live.facts.inside import FenceChange, Insiders
from hub.core.live.subscriptions import Subscription
from hub.core.principal import Principal, Role
from tests.support.live.conversations import DUBAI, MINUTE, NINE, World
from tests.support.live.fakes import DISPATCHER, Peer

ALERT = b'{"type":"alert"}'
FENCE = b'{"type":"fence"}'
ELSEWHERE = BBox(0, 0, 1, 1)


@pytest.fixture
def world() -> World:
    return World()


def facts(world: World, drivers: frozenset[str] | None = None, id: str = "facts") -> Peer:
    peer = Peer(world.hub, DISPATCHER)
    world.hub.subscribe(peer.client, Subscription(id, drivers, alerts=True, positions=False))
    return peer


def types(peer: Peer) -> list[str]:
    return [message["type"] for message in peer.read()]


def test_it_has_alerts_and_heartbeats_and_neither_positions_nor_presence_nor_trips(world: World) -> None:
    world.publish("d1")
    screen = facts(world)
    begun = screen.read()
    assert begun == [
        {"type": "subscribed", "id": "facts", "epoch": "e", "seq": 1, "count": 0, "reset": True},
        {"type": "synced", "id": "facts", "seq": 1},
    ]
    world.publish("d1", DUBAI)
    world.sweep(after=2 * MINUTE)
    world.hub.announce("f", "d1", b'{"type":"trip"}')
    world.hub.alert("f", "d1", ALERT)
    world.hub.heartbeat(screen.client, NINE)
    assert types(screen) == ["alert", "heartbeat"]


def test_it_has_alerts_about_drivers_without_a_position(world: World) -> None:
    everyone, one = facts(world), facts(world, frozenset({"d2"}))
    world.hub.fleet("f")
    everyone.read(), one.read()
    world.hub.alert("f", "d1", ALERT)
    world.hub.alert("g", "d1", ALERT)
    assert (types(everyone), types(one)) == (["alert"], [])


def test_an_alert_is_sent_once_to_several_subscriptions(world: World) -> None:
    world.publish("d1")
    screen = facts(world)
    world.subscribe(screen, "map", drivers="d1")
    screen.read()
    world.hub.alert("f", "d1", ALERT)
    world.publish("d1", DUBAI)
    assert types(screen) == ["alert", "location"]


def test_the_positions_of_the_other_subscriptions_are_as_without_it(world: World) -> None:
    screen = facts(world)
    world.subscribe(screen, "map", ELSEWHERE)
    screen.read()
    world.publish("d1", DUBAI)
    assert screen.read() == []
    world.publish("d1", (0.5, 0.5))
    world.publish("d1", DUBAI)
    assert types(screen) == ["location", "left"]


def test_an_id_names_one_subscription(world: World) -> None:
    world.publish("d1")
    screen = facts(world, id="s")
    world.subscribe(screen, "s")
    screen.read()
    world.hub.alert("f", "d1", ALERT)
    world.publish("d1", DUBAI)
    assert types(screen) == ["location"]
    world.hub.subscribe(screen.client, Subscription("s", alerts=True, positions=False))
    screen.read()
    world.publish("d1", DUBAI)
    world.hub.alert("f", "d1", ALERT)
    assert types(screen) == ["alert"]


def test_it_ends(world: World) -> None:
    screen = facts(world)
    screen.read()
    assert world.hub.unsubscribe(screen.client, "facts")
    assert not world.hub.unsubscribe(screen.client, "facts")
    world.hub.alert("f", "d1", ALERT)
    world.hub.heartbeat(screen.client, NINE)
    assert types(screen) == ["unsubscribed"]


def fences(world: World, id: str = "facts") -> Peer:
    peer = Peer(world.hub, DISPATCHER)
    world.hub.subscribe(peer.client, Subscription(id, fences=frozenset(), positions=False))
    return peer


def test_it_begins_with_who_is_inside_and_has_the_events_of_fences(world: World) -> None:
    world.publish("d1")
    Insiders(world.hub).change("f", "d1", FenceChange("port", NINE, inside=True), FENCE)
    screen = fences(world)
    inside = {"type": "fences", "driverId": "d1", "inside": [["port", "2026-03-04T09:00:00Z"]]}
    assert [message for message in screen.read() if message["type"] == "fences"] == [inside]
    Insiders(world.hub).change("f", "d1", FenceChange("port", NINE, inside=False), FENCE)
    # A driver that has visits and no latest position, as after Redis was lost.
    Insiders(world.hub).change("f", "d2", FenceChange("port", NINE, inside=True), FENCE)
    assert types(screen) == ["fence", "fence"]
    later = fences(world)
    assert [message["driverId"] for message in later.read() if message["type"] == "fences"] == ["d2"]


def test_a_user_with_groups_has_the_facts_of_their_drivers(world: World) -> None:
    world.publish("d1")
    world.publish("d2")
    principal = Principal("f", Role.DISPATCHER, groups=frozenset({"north"}))
    screen = Peer(world.hub, principal)
    world.hub.subscribe(screen.client, Subscription("facts", fences=frozenset(), alerts=True, positions=False))
    screen.read()
    Insiders(world.hub).change("f", "d1", FenceChange("port", NINE, inside=True), FENCE)
    world.hub.alert("f", "d1", ALERT)
    assert screen.read() == []
    regroup(world.hub, {"f": {"d1": frozenset({"north"})}})
    assert types(screen) == ["fences"]
    world.hub.alert("f", "d1", ALERT)
    world.hub.alert("f", "d2", ALERT)
    assert types(screen) == ["alert"]


def test_what_is_read_later_is_told_to_those_who_are_there(world: World) -> None:
    world.publish("d1")
    screen = fences(world)
    screen.read()
    Insiders(world.hub).load({"f": {"d1": {"port": NINE}}})
    assert [message["driverId"] for message in screen.read()] == ["d1"]
