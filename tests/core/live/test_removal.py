"""Drivers removed from the live fleet: every subscriber is told, nothing of them stays, and they may return."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.core.geo.areas import BBox
from hub.core.live.facts import removal
from hub.core.live.facts.removal import unheard
from hub.core.live.fleet import Thresholds
from hub.core.nouns import Fix
from tests.support.live.conversations import ABU_DHABI, DUBAI, MINUTE, NINE, SECOND, World, read
from tests.support.live.fakes import DISPATCHER, Peer

VIEWPORT = BBox(55, 25, 56, 26)


@pytest.fixture
def world() -> World:
    return World()


def remove(world: World, driver_id: str) -> bool:
    return world.hub.remove(world.hub.fleet("f"), driver_id)


def test_every_subscription_that_shows_the_driver_is_told(world: World) -> None:
    for driver_id in ("ghost", "other"):
        world.publish(driver_id)
    everyone, area = world.watcher(), world.watcher(area=VIEWPORT)
    one, elsewhere = world.watcher(drivers="ghost"), world.watcher(drivers="other")
    plain = world.plain()
    for peer in (everyone, area, one, elsewhere, plain):
        peer.read()
    assert remove(world, "ghost")
    left = [{"type": "left", "id": "s", "driverId": "ghost"}]
    assert everyone.read() == area.read() == one.read() == left
    assert elsewhere.read() == plain.read() == []
    assert not remove(world, "ghost")
    assert everyone.read() == []


def test_a_subscription_of_a_state_is_told_of_drivers_that_have_it(world: World) -> None:
    for driver_id, state in (("ghost", "free"), ("other", "busy")):
        world.set_state(driver_id, state)
        world.publish(driver_id)
    free, busy = world.watcher(state="free"), world.watcher(state="busy")
    free.read(), busy.read()
    assert remove(world, "ghost")
    assert free.read() == [{"type": "left", "id": "s", "driverId": "ghost"}]
    assert busy.read() == []
    # The state is that of the driver, which may return with it.
    world.publish("ghost", recorded_at=NINE + SECOND)
    assert [message["state"] for message in free.read()] == ["free"]


def test_a_state_that_is_deleted_after_the_removal_is_forgotten(world: World) -> None:
    world.set_state("ghost", "free")
    world.publish("ghost")
    remove(world, "ghost")
    world.set_state("ghost", None)
    assert not world.hub.fleet("f").states
    world.set_state("ghost", "busy", 1)
    assert world.hub.fleet("f").states["ghost"].state == "busy"


def test_nothing_of_the_driver_is_left(world: World) -> None:
    world.publish("ghost")
    world.publish("ghost", recorded_at=NINE - MINUTE)
    world.publish("ghost", recorded_at=NINE + timedelta(hours=2))
    world.sweep(after=timedelta(hours=1))
    fleet = world.hub.fleet("f")
    assert fleet.late.drivers and fleet.clocks.watched and fleet.away and fleet.lost
    remove(world, "ghost")
    for state in (fleet.latest, fleet.heard, fleet.lost, fleet.away, fleet.turned, fleet.late.drivers, fleet.late.news):
        assert not state
    assert not fleet.clocks.watched and not fleet.clocks.news and not fleet.grid.cells
    assert fleet.late.late == 1  # the sum stays
    peer = Peer(world.hub, DISPATCHER)
    world.subscribe(peer)
    assert read(peer)[0] == "subscribed s 0 reset"


def test_a_removed_driver_returns_with_its_next_fix(world: World) -> None:
    screen = world.watcher(area=VIEWPORT)
    world.publish("d", DUBAI)
    remove(world, "d")
    world.publish("d", DUBAI, recorded_at=NINE - MINUTE)  # older than the one that was removed
    assert [word.split("@")[0] for word in read(screen)] == ["d", "d left s", "d"]


def test_a_blocked_client_gets_left_in_place_of_what_it_was_owed(world: World) -> None:
    screen, plain = world.watcher(), world.plain()
    screen.client.block()
    plain.client.block()
    world.publish("ghost")
    world.sweep(after=MINUTE)
    remove(world, "ghost")
    screen.client.drain()
    plain.client.drain()
    assert [message["type"] for message in screen.read()] == ["left"]
    assert plain.read() == []


def test_what_max_hz_holds_back_is_not_sent_later(world: World) -> None:
    screen = world.watcher(max_hz=1.0)
    world.publish("d")
    world.hub.tick(0.0)
    world.publish("d")
    remove(world, "d")
    world.hub.tick(10.0)
    assert [word.split("@")[0] for word in read(screen)] == ["d", "d left s"]


def resumed(world: World, seq: int, **what: Any) -> Peer:
    """A client that comes back, and has everything up to ``seq``."""
    peer = Peer(world.hub, DISPATCHER)
    world.subscribe(peer, since=(world.hub.epoch, seq), **what)
    return peer


def test_a_client_that_was_away_learns_it_when_it_resumes(world: World) -> None:
    world.publish("ghost")
    world.publish("back")
    seen = world.hub.seq
    remove(world, "ghost")
    remove(world, "back")
    world.publish("back")
    for what in ({}, {"area": VIEWPORT}, {"drivers": "ghost back"}):
        said = resumed(world, seen, **what).read()
        assert [message["driverId"] for message in said if message["type"] == "left"] == ["ghost"], what
        assert [message["driverId"] for message in said if message["type"] == "location"] == ["back"], what
        assert said[0]["reset"] is False
    assert "ghost left s" not in read(resumed(world, seen, drivers="back"))
    assert "ghost left s" not in read(resumed(world, world.hub.seq))


def test_after_too_many_removals_it_starts_with_a_snapshot(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removal, "MOST_REMOVED", 3)
    for number in range(5):
        world.publish(f"d{number}")
    seen = world.hub.seq
    for number in range(4):
        remove(world, f"d{number}")
    assert resumed(world, seen).read()[0]["reset"] is True
    assert resumed(world, seen + 1).read()[0]["reset"] is False
    assert len(world.hub.fleet("f").removed) == 3


def test_the_unheard_are_the_offline_drivers_that_are_silent_for_long(world: World) -> None:
    fleet, day = world.hub.fleet("f"), timedelta(days=1)
    for driver_id in ("a", "b", "c"):
        world.publish(driver_id)
        world.now += timedelta(hours=1)
    world.sweep(after=day)
    assert unheard(fleet, "abcd", world.now, day + timedelta(hours=3)) == [("a", NINE)]
    assert [one for one, _ in unheard(fleet, "ba", world.now, day)] == ["b", "a"]
    assert unheard(fleet, "abc", world.now, 2 * day) == []
    world.hub.hear(fleet, "a", world.now)
    assert [one for one, _ in unheard(fleet, "abc", world.now, day)] == ["b", "c"]


def test_a_driver_with_thresholds_of_its_own_keeps_them(world: World) -> None:
    fleet = world.hub.fleet("f")
    world.hub.set_thresholds("f", {"ghost": Thresholds(3_600, 7_200)})
    world.publish("ghost")
    world.hub.set_thresholds("f", {"ghost": Thresholds(5, 10)})
    remove(world, "ghost")
    assert not any(heard for _, heard in fleet.heard_by_thresholds()) and not fleet.review
    world.sweep(after=timedelta(hours=1))
    world.publish("ghost", recorded_at=world.now)
    world.sweep(after=11 * SECOND)
    assert fleet.away == {"ghost": "offline"}


def test_a_fix_of_erased_history_makes_no_driver_live(world: World) -> None:
    fleet, screen = world.hub.fleet("f"), world.watcher()
    fleet.erased["d"] = NINE
    old = Fix(*DUBAI, recorded_at=NINE)
    payload, update = world.hub.publish(fleet, "d", old, NINE + MINUTE)
    assert payload and update is None and not fleet.latest and not fleet.heard
    new = Fix(*ABU_DHABI, recorded_at=NINE + SECOND)
    assert world.hub.publish(fleet, "d", new, NINE + MINUTE)[1] is not None
    world.hub.flush()
    assert [word.split("@")[0] for word in read(screen)] == ["d"]
    assert world.hub.publish(fleet, "d", old, NINE + MINUTE)[1] is None


def test_a_driver_without_a_subscriber_is_removed(world: World) -> None:
    Peer(world.hub, DISPATCHER)
    world.publish("d")
    assert remove(world, "d")
