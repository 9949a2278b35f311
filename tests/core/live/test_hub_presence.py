"""Who is online, and whether the hub is: status, heartbeat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.core.geo.areas import BBox
from hub.core.live.log_place import entry_number
from hub.core.live.resumption import Resumption
from hub.core.live.subscriptions import Subscription
from hub.core.nouns import Fix, Position
from tests.support.live.conversations import ABU_DHABI, DUBAI, MINUTE, NINE, SECOND, World, read
from tests.support.live.fakes import DISPATCHER, Peer

VIEWPORT = BBox(55, 25, 56, 26)
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return World()


def test_down_and_up(world: World) -> None:
    screen = world.watcher()
    world.publish("d1")
    world.sweep(after=59 * SECOND)
    assert read(screen) == ["d1@1"]  # no word of a driver that is online from its first position
    world.sweep(after=SECOND)
    assert screen.read() == [{"type": "status", "driverId": "d1", "status": "stale", "heardAt": "2026-03-04T09:00:00Z"}]
    world.sweep(after=MINUTE)
    assert read(screen) == []  # said once
    world.sweep(after=3 * MINUTE)
    assert read(screen) == ["d1 offline"]
    world.sweep(after=HOUR)
    assert read(screen) == []
    world.publish("d1")
    assert read(screen) == ["d1 online", "d1@2"]
    world.sweep(after=HOUR)
    assert read(screen) == ["d1 offline"]  # nobody looked in between
    assert not world.hub.fleet("f").heard


def test_a_late_fix_is_a_sign_of_life(world: World) -> None:
    screen = world.watcher()
    world.publish("d1")
    world.sweep(after=MINUTE)
    world.publish("d1", recorded_at=NINE - MINUTE)
    assert read(screen) == ["d1@1", "d1 stale", "d1 online"]


def test_a_heartbeat_without_a_position_keeps_a_driver_online(world: World) -> None:
    screen, fleet = world.watcher(), world.hub.fleet("f")
    world.publish("d1")
    for _ in range(10):
        world.sweep(after=50 * SECOND)
        world.hub.hear(fleet, "d1", world.now)
    assert read(screen) == ["d1@1"]  # nothing changes
    assert fleet.heard_at("d1") == world.now
    world.sweep(after=HOUR)
    assert fleet.heard_at("d1") == world.now - HOUR
    world.hub.hear(fleet, "d1", world.now)
    assert [(said["status"], said["heardAt"]) for said in screen.read()] == [
        ("offline", "2026-03-04T09:08:20Z"),
        ("online", "2026-03-04T10:08:20Z"),
    ]


def test_a_snapshot_says_when_a_driver_was_last_heard(world: World) -> None:
    world.publish("d1")
    world.sweep(after=10 * SECOND)
    world.hub.hear(world.hub.fleet("f"), "d1", world.now)
    world.sweep(after=HOUR)
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen)
    (status,) = [said for said in screen.read() if said["type"] == "status"]
    assert (status["status"], status["heardAt"]) == ("offline", "2026-03-04T09:00:10Z")


def test_an_invented_driver_that_only_sends_heartbeats_costs_nothing(world: World) -> None:
    fleet = world.hub.fleet("f")
    world.hub.hear(fleet, "invented", world.now)
    assert not fleet.heard and fleet.heard_at("invented") is None


def test_each_driver_has_its_own_time(world: World) -> None:
    screen = world.watcher()
    for driver_id in ("d1", "d2", "d3"):
        world.publish(driver_id)
        world.now += 10 * SECOND
    world.publish("d1")
    screen.read()
    world.sweep(after=50 * SECOND)
    assert read(screen) == ["d2 stale", "d3 stale"]
    world.sweep(after=10 * SECOND)
    assert read(screen) == ["d1 stale"]


def test_who_is_told(world: World) -> None:
    here, list_, elsewhere, plain = (
        world.watcher(VIEWPORT),
        world.watcher(drivers="d1"),
        world.watcher(drivers="d2"),
        world.plain(),
    )
    world.subscribe(here, "all")
    here.read()
    world.publish("d1")
    world.sweep(after=MINUTE)
    assert read(here) == ["d1@1", "d1 stale"]  # once, by two subscriptions
    assert read(list_) == ["d1@1", "d1 stale"]
    assert read(elsewhere) == []
    assert read(plain) == ["d1@1"]


def test_a_snapshot_says_who_is_away(world: World) -> None:
    for driver_id in ("here", "stale", "offline", "back"):
        world.publish(driver_id)
    world.sweep(after=4 * MINUTE)
    for driver_id in ("here", "stale", "back"):
        world.publish(driver_id)
    world.sweep(after=MINUTE)
    world.publish("here")
    world.publish("back")
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, drivers="here stale offline back")
    first, *middle, last = read(screen)
    assert (first, last) == ("subscribed s 4 reset", "synced s 9")
    assert sorted(middle) == ["back@9", "here@8", "offline offline", "offline@3", "stale stale", "stale@6"]
    assert middle.index("offline@3") < middle.index("offline offline")  # a position implies online
    assert read(world.plain()) == ["here@8", "stale@6", "offline@3", "back@9"]


def test_a_resumption_says_who_turned_meanwhile(world: World) -> None:
    for driver_id in ("back", "gone", "long_gone", "same"):
        world.publish(driver_id)
    world.sweep(after=4 * MINUTE)
    world.publish("gone")
    world.publish("same")
    world.sweep(after=MINUTE)
    world.publish("same")  # and so far the connection has read
    world.publish("back", recorded_at=NINE)  # late: no position says that it is online
    world.sweep(after=4 * MINUTE)
    world.publish("same")
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, since=("e", 7))
    first, *middle, last = read(screen)
    assert (first, last) == ("subscribed s 1", "synced s 9")
    assert sorted(middle) == ["back stale", "gone offline", "same online", "same@9"]


def test_what_turned_at_the_very_seq_is_said_again(world: World) -> None:
    """The heartbeat of that seq may have been before."""
    world.publish("d1")
    world.sweep(after=MINUTE)
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, since=("e", 1))
    assert read(screen) == ["subscribed s 0", "d1 stale", "synced s 1"]


def test_a_client_of_another_hub_learns_who_is_back(world: World) -> None:
    """It may have heard there that a driver was stale; this hub has just started, and knows no older place."""
    entry = entry_number("5-0")
    world.hub.log_places[0].begin("log", entry)
    _, update = world.publish("d1")
    assert update is not None
    update.entry = entry
    world.sweep(after=MINUTE)
    world.hub.hear(world.hub.fleet("f"), "d1", world.now)
    screen = Peer(world.hub, DISPATCHER)
    world.hub.subscribe(screen.client, Subscription("s", None, None, None), Resumption(resume=f"log.{entry:x}"))
    assert read(screen) == ["subscribed s 0", "d1 online", "synced s 1"]


def test_a_slow_client_is_owed_the_last_status(world: World) -> None:
    screen = world.watcher(capacity=200)
    world.publish("d1")
    world.publish("d1")
    assert screen.client.blocked
    world.sweep(after=MINUTE)
    world.sweep(after=HOUR)
    world.publish("d2")
    assert len(screen.client.owed or ()) == 2
    assert read(screen) == ["d1@1", "d1@2", "d1 offline", "d2@3"]


def test_a_status_follows_the_position_that_it_is_about(world: World) -> None:
    """Also of a subscription that lets one through in a hundred seconds: a later position would say that it is back."""
    screen = world.watcher(max_hz=0.01)
    world.hub.tick(0)
    world.publish("d1")
    world.hub.tick(1)
    world.publish("d1")
    world.sweep(after=MINUTE)
    world.hub.tick(61)
    world.hub.tick(102)
    assert read(screen) == ["d1@1", "d1@2", "d1 stale"]


def test_a_status_ends_the_turn(world: World) -> None:
    screen = world.watcher()
    fleet, origin = world.hub.fleet("f"), world.gateway.client.origin
    world.publish("d1")
    world.now += 50 * SECOND
    world.publish("d2")
    world.hub.publish(fleet, "d2", Fix(*DUBAI), world.now, origin)
    world.sweep(after=10 * SECOND)
    assert read(screen) == ["d1@1", "d2@2", "d2@3", "d1 stale"]


def test_after_a_restart_silence_counts_from_when_a_driver_was_heard(world: World) -> None:
    for driver_id, age in (("d1", 10 * MINUTE), ("d2", 2 * MINUTE), ("d3", 5 * SECOND)):
        world.hub.load("f", [Position(driver_id, *DUBAI, NINE - HOUR, NINE - age, 7)])
    # As it is read from Redis: in any order.
    world.hub.load("g", [Position(d, *DUBAI, NINE, NINE - age, 7) for d, age in (("d2", SECOND), ("d1", 2 * MINUTE))])
    screen = world.watcher()
    world.sweep(after=0 * SECOND)
    assert read(screen) == ["d1 offline", "d2 stale"]
    assert world.hub.fleet("g").away == {"d1": "stale"}


def test_our_clock_is_set_back(world: World) -> None:
    """Silence is counted from then on; nobody is online for ever, or hides who fell silent after."""
    screen = world.watcher()
    world.publish("before")
    world.now -= HOUR
    world.publish("after")
    screen.read()
    world.sweep(after=50 * SECOND)
    assert read(screen) == []
    world.sweep(after=MINUTE)
    assert read(screen) == ["before stale", "after stale"]
    world.sweep(after=5 * MINUTE)
    assert read(screen) == ["before offline", "after offline"]


def test_heartbeat(world: World) -> None:
    screen = world.watcher()
    world.publish("d1")
    world.hub.heartbeat(screen.client, NINE + SECOND)
    assert screen.read()[1:] == [{"type": "heartbeat", "seq": 1, "time": "2026-03-04T09:00:01Z"}]


def test_who_gets_a_heartbeat(world: World) -> None:
    driver, plain, ended = world.gateway, world.plain(), world.watcher()
    world.hub.unsubscribe(ended.client, "s")
    ended.read()
    for peer in (driver, plain, ended):
        world.hub.heartbeat(peer.client, NINE)
        assert peer.read() == []


def test_a_heartbeat_says_only_what_was_sent(world: World) -> None:
    """From its seq a client resumes: neither what the turn has gathered nor what maxHz holds back may be missing."""
    screen, paced = world.watcher(), world.watcher(max_hz=1)
    world.subscribe(paced, "list", drivers="d2", max_hz=0.5)
    paced.read()
    world.hub.publish(world.hub.fleet("f"), "d1", Fix(*DUBAI), NINE, world.gateway.client.origin)
    world.hub.heartbeat(screen.client, NINE)
    assert read(screen) == ["d1@1", "heartbeat 1"]
    world.publish("d2", ABU_DHABI)
    world.publish("d1")
    world.hub.heartbeat(paced.client, NINE)
    assert read(paced) == ["heartbeat 1"]  # d2@2 and d1@3 wait
    world.hub.tick(0)
    world.publish("d1")
    world.hub.heartbeat(paced.client, NINE)
    assert sorted(read(paced)) == ["d1@3", "d2@2", "heartbeat 3"]


def test_a_heartbeat_stands_behind_what_is_owed(world: World) -> None:
    screen = world.watcher(capacity=100)
    world.publish("d1")
    assert screen.client.blocked
    for _ in range(3):
        world.publish("d2")
        world.hub.heartbeat(screen.client, NINE)
    world.publish("d3")
    # One is enough, with the seq that was true where it stands.
    assert read(screen) == ["d1@1", "d2@4", "heartbeat 2", "d3@5"]
