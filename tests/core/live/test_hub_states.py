"""States of drivers: what is said of a change, to which clients, and filters by state."""

from __future__ import annotations

import json

import pytest

from hub.core.geo.areas import BBox
from hub.core.nouns import Position
from tests.support.live.conversations import ABU_DHABI, DUBAI, NINE, SECOND, World, read
from tests.support.live.fakes import DISPATCHER, Peer

VIEWPORT = BBox(55, 25, 56, 26)


@pytest.fixture
def world() -> World:
    return World()


def test_a_change_is_sent_once_and_is_in_every_position_after_it(world: World) -> None:
    screen = world.watcher()
    world.publish("d1")
    world.set_state("d1", "busy")
    world.set_state("d1", "busy")  # the same again
    world.publish("d1")
    first, change, second = screen.read()
    assert "state" not in first
    assert change == {"type": "state", "driverId": "d1", "state": "busy", "changedAt": "2026-03-04T09:00:00Z"}
    assert second["state"] == "busy"


def test_a_snapshot_has_the_state(world: World) -> None:
    world.publish("d1")
    world.set_state("d1", "off_duty")
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen)
    assert [message.get("state") for message in screen.read() if message["type"] == "location"] == ["off_duty"]
    assert "off_duty" in world.plain().read()[0].values()


def test_a_state_is_known_before_the_first_position(world: World) -> None:
    screen = world.watcher()
    world.set_state("d1", "free")
    assert read(screen) == []
    payload, _ = world.publish("d1")
    assert json.loads(payload)["state"] == screen.read()[0]["state"] == "free"


def test_news_that_was_overtaken_changes_nothing(world: World) -> None:
    screen = world.watcher()
    world.publish("d1")
    world.set_state("d1", "busy", version=2)
    world.set_state("d1", "free", version=1)
    world.set_state("d1", "off_duty", version=2)
    assert read(screen) == ["d1@1", "d1 is busy"]
    world.set_state("d1", None, version=0)  # deleted, whatever came before
    world.set_state("d1", "free", version=1)
    assert read(screen) == ["d1 is None", "d1 is free"]


def test_the_clients_that_are_told(world: World) -> None:
    here, list_, elsewhere, plain = (
        world.watcher(VIEWPORT),
        world.watcher(drivers="d1"),
        world.watcher(drivers="d2"),
        world.plain(),
    )
    world.subscribe(here, "all")
    here.read()
    world.publish("d1")
    world.set_state("d1", "free")
    assert read(here) == ["d1@1", "d1 is free"]  # once, by two subscriptions
    assert read(list_) == ["d1@1", "d1 is free"]
    assert (read(elsewhere), read(plain)) == ([], ["d1@1"])
    world.publish("d1", ABU_DHABI)
    world.set_state("d1", "busy")
    area = world.watcher(VIEWPORT)
    assert read(area) == []


def test_a_slow_client_gets_the_last_state_behind_the_position(world: World) -> None:
    slow = world.watcher(capacity=1)
    world.publish("d1")  # fills its buffer
    world.publish("d1")
    world.set_state("d1", "free")
    world.set_state("d1", "busy")
    assert read(slow) == ["d1@1", "d1@2", "d1 is busy"]


def test_max_hz_holds_no_position_behind_a_state(world: World) -> None:
    paced = world.watcher(max_hz=1.0)
    world.publish("d1")
    world.set_state("d1", "free")
    assert read(paced) == ["d1@1", "d1 is free"]


# Filters -------------------------------------------------------------------------------------------------------------


def test_a_filter_shows_the_drivers_of_a_state_only(world: World) -> None:
    for driver_id, state in (("d1", "free"), ("d2", "busy"), ("d3", None)):
        world.publish(driver_id)
        if state is not None:
            world.set_state(driver_id, state)
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, state="free")
    assert read(screen) == ["subscribed s 1 reset", "d1@1", "synced s 3"]
    for driver_id in ("d1", "d2", "d3"):
        world.publish(driver_id)
    assert read(screen) == ["d1@4"]


def test_a_driver_comes_and_goes_with_its_state(world: World) -> None:
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, state="free")
    screen.read()
    world.publish("d1")
    world.set_state("d1", "free")
    world.set_state("d1", "busy")
    world.publish("d1")
    world.set_state("d1", "free")
    assert read(screen) == ["d1@1", "d1 left s", "d1@2"]


def test_two_filters_of_one_client(world: World) -> None:
    """It loses the driver by one and gets it by the other; a client that keeps it is told the state."""
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, "f", state="free")
    world.subscribe(screen, "b", state="busy")
    world.publish("d1")
    screen.read()
    world.set_state("d1", "free")
    world.set_state("d1", "busy")
    assert read(screen) == ["d1@1", "d1 left f", "d1@1"]
    world.subscribe(screen, "all")
    assert read(screen) == ["subscribed all 0 reset", "synced all 1"]
    world.set_state("d1", "off_duty")
    assert read(screen) == ["d1 left b", "d1 is off_duty"]


def test_a_filter_in_an_area(world: World) -> None:
    world.publish("d1", DUBAI)
    world.publish("d2", ABU_DHABI)
    for driver_id in ("d1", "d2"):
        world.set_state(driver_id, "free")
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, area=VIEWPORT, state="free")
    assert read(screen) == ["subscribed s 1 reset", "d1@1", "synced s 2"]
    world.set_state("d1", "busy")
    world.publish("d1", ABU_DHABI)  # it has left already
    world.set_state("d1", "free")
    world.publish("d1", DUBAI)
    assert read(screen) == ["d1 left s", "d1@4"]


# Resuming ------------------------------------------------------------------------------------------------------------


def test_changes_meanwhile_are_told_on_resumption(world: World) -> None:
    for driver_id in ("d1", "d2", "d3"):
        world.publish(driver_id)
    world.now += SECOND
    world.publish("d4")
    world.set_state("d2", "busy")
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, since=("e", 4))
    assert read(screen) == ["subscribed s 0", "d2 is busy", "synced s 4"]


def test_a_filter_resumes(world: World) -> None:
    for driver_id in ("d1", "d2", "d3", "d4"):
        world.publish(driver_id)
        world.set_state(driver_id, "free" if driver_id in ("d1", "d3") else "busy")
    world.publish("d4")
    seen = world.hub.seq
    world.publish("d3")
    world.set_state("d1", "busy")
    world.set_state("d2", "free")
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, since=("e", seen), state="free")
    said = read(screen)
    assert (said[0], said[-1]) == ("subscribed s 2", "synced s 6")
    assert {"d1 left s", "d2@2", "d3@6"} <= set(said)
    assert not {name for name in said if name.startswith("d4@") or name.startswith("d1@")}


def test_after_a_restart_the_last_position_has_the_state_until_the_states_are_read(world: World) -> None:
    world.hub.load("f", [Position("d1", *DUBAI, NINE, NINE, 7, state="busy")])
    screen = world.watcher()
    world.set_state("d1", "busy", version=3)
    assert read(screen) == []
    world.set_state("d1", "free", version=4)
    assert read(screen) == ["d1 is free"]
