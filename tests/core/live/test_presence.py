"""Thresholds of single drivers: each driver has the presence of its own, whatever the others have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.live.fleet import Thresholds
from hub.core.live.hub import Hub
from hub.core.nouns import Fix
from tests.support.laws import examples
from tests.support.live.conversations import MINUTE, SECOND, World, read

HOUR = 60 * MINUTE
PATIENT, HASTY = Thresholds(3_600, 7_200), Thresholds(5, 10)


@pytest.fixture
def world() -> World:
    return World()


def test_drivers_with_thresholds_next_to_others(world: World) -> None:
    screen = world.watcher()
    world.hub.set_thresholds("f", {"slow": PATIENT, "fast": HASTY})
    for driver_id in ("slow", "fast", "other"):
        world.publish(driver_id)
    read(screen)
    world.sweep(after=5 * SECOND)
    assert read(screen) == ["fast stale"]
    world.sweep(after=55 * SECOND)
    assert read(screen) == ["other stale", "fast offline"]
    world.sweep(after=59 * MINUTE)
    assert sorted(read(screen)) == ["other offline", "slow stale"]
    world.sweep(after=HOUR)
    assert read(screen) == ["slow offline"]
    world.publish("slow")
    assert read(screen) == ["slow online", "slow@4"]


def test_one_threshold_and_the_setting_for_the_other(world: World) -> None:
    screen = world.watcher()
    world.hub.set_thresholds("f", {"a": Thresholds(120, None), "b": Thresholds(None, 90)})
    for driver_id in "ab":
        world.publish(driver_id)
    read(screen)
    for after, said in ((60, ["b stale"]), (30, ["b offline"]), (30, ["a stale"]), (180, ["a offline"])):
        world.sweep(after=after * SECOND)
        assert read(screen) == said


def test_a_change_is_applied_by_the_next_sweep(world: World) -> None:
    screen = world.watcher()
    world.publish("d")
    world.sweep(after=10 * MINUTE)
    assert read(screen) == ["d@1", "d offline"]
    world.hub.set_thresholds("f", {"d": PATIENT})
    world.sweep(after=SECOND)
    assert read(screen) == ["d online"]  # it was never away
    world.hub.set_thresholds("f", {"d": Thresholds(300, 3_600)})
    world.sweep(after=SECOND)
    assert read(screen) == ["d stale"]
    world.hub.set_thresholds("f", {"d": None})
    world.sweep(after=SECOND)
    assert read(screen) == ["d offline"]
    assert not world.hub.fleet("f").thresholds


def test_an_offline_driver_that_stays_so_is_not_announced_again(world: World) -> None:
    screen = world.watcher()
    world.publish("d")
    world.sweep(after=HOUR)
    read(screen)
    world.hub.set_thresholds("f", {"d": HASTY})
    world.sweep(after=SECOND)
    world.sweep(after=SECOND)
    assert read(screen) == []
    fleet = world.hub.fleet("f")
    assert "d" in fleet.lost and fleet.heard_at("d") is not None
    assert not [heard for _, heard in fleet.heard_by_thresholds() if heard]


def test_a_settings_change_that_contradicts_a_threshold(world: World) -> None:
    screen = world.watcher()
    world.hub.set_thresholds("f", {"d": Thresholds(600, None)})
    world.publish("d")
    world.sweep(after=5 * MINUTE)  # offline for all others
    assert read(screen) == ["d@1", "d offline"]


STEPS = st.one_of(
    st.tuples(st.just("publish"), st.sampled_from("abc")),
    st.tuples(st.just("sweep"), st.sampled_from([1, 5, 30, 60, 200, 4_000])),
    st.tuples(st.just("set"), st.sampled_from("abc"), st.sampled_from([None, PATIENT, HASTY, Thresholds(30, None)])),
)


@given(st.lists(STEPS, max_size=40))
@examples(300)
def test_the_presence_of_each_driver_follows_from_its_own_silence(steps: list[tuple[object, ...]]) -> None:
    world = World()
    screen, heard, own = world.watcher(), {}, {}
    said: dict[str, str] = {}
    for step in steps:
        match step:
            case ("publish", str(driver_id)):
                world.publish(driver_id)
                heard[driver_id] = world.now
                said[driver_id] = "online"
            case ("set", str(driver_id), thresholds):
                world.hub.set_thresholds("f", {driver_id: thresholds})  # type: ignore[dict-item]
                own[driver_id] = thresholds
            case ("sweep", int(seconds)):
                world.sweep(after=seconds * SECOND)
                for message in screen.read():
                    if message["type"] == "status":
                        said[message["driverId"]] = message["status"]
                for driver_id, at in heard.items():
                    stale, offline = own.get(driver_id) or (None, None)
                    silence = world.now - at
                    offline_after = timedelta(seconds=offline or 300)
                    stale_after = min(timedelta(seconds=stale or 60), offline_after)
                    expected = "online" if silence < stale_after else "stale" if silence < offline_after else "offline"
                    assert world.hub.fleet("f").away.get(driver_id, "online") == said[driver_id] == expected
                    assert world.hub.fleet("f").heard_at(driver_id) == at
        screen.read() if step[0] == "publish" else None


def test_signs_without_a_recent_position_are_told_to_the_other_nodes_from_time_to_time() -> None:
    hub = Hub("e")
    fleet, start = hub.fleet("f"), datetime(2026, 1, 1, tzinfo=UTC)
    hub.publish(fleet, "a", Fix(1, 2), start)
    hub.hear(fleet, "unknown", start)
    told = []
    for second in range(40):
        now = start + timedelta(seconds=second)
        hub.hear(fleet, "a", now)
        told += [(second, drivers) for drivers in hub.presence.take_signs(now).values()]
    assert told == [(second, ["a"]) for second in (11, 18, 25, 32, 39)]


def test_a_sign_at_another_node_makes_a_driver_online() -> None:
    hub = Hub("e")
    fleet, start = hub.fleet("f"), datetime(2026, 1, 1, tzinfo=UTC)
    hub.publish(fleet, "a", Fix(1, 2), start)
    limits = timedelta(seconds=30), timedelta(seconds=300)
    hub.sweep_presence(start + timedelta(seconds=40), *limits)
    assert fleet.away == {"a": "stale"}
    hub.presence.hear_elsewhere(fleet, ["a", "unknown"], start + timedelta(seconds=39))
    assert fleet.away == {} and hub.presence.take_signs(start) == {}
    hub.presence.hear_elsewhere(fleet, ["a"], start)  # an older one
    assert fleet.heard_at("a") == start + timedelta(seconds=39)
