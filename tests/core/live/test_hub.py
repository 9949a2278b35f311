"""Who says what to the hub, and what each of the others reads: positions and subscriptions."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from hub.core.fixes.accept import Rejected
from hub.core.geo.areas import Area, BBox, Circle
from hub.core.nouns import Fix, Position
from hub.core.principal import Principal, Role
from tests.support.live.conversations import ABU_DHABI, DUBAI, MINUTE, NINE, SECOND, World, read
from tests.support.live.fakes import DISPATCHER, Peer, line

VIEWPORT = BBox(55, 25, 56, 26)


@pytest.fixture
def world() -> World:
    return World()


def test_the_first_contract(world: World) -> None:
    sender, screen, other = world.plain(), world.plain(), world.plain()
    fix = msgspec.json.decode('{"latitude": 12.345, "longitude": 67.890, "driverId": "driver-xyz-789"}', type=Fix)
    world.hub.publish(world.hub.fleet("f"), "driver-xyz-789", fix, NINE, sender.client.origin)
    world.hub.flush()
    received = screen.read()
    assert received == other.read()
    assert received == [
        {
            "type": "location",
            "driverId": "driver-xyz-789",
            "latitude": 12.345,
            "longitude": 67.890,
            "recordedAt": "2026-03-04T09:00:00Z",
            "receivedAt": "2026-03-04T09:00:00Z",
            "seq": 1,
        }
    ]
    assert sender.read() == []  # every *other* one


def test_a_plain_client_has_the_snapshot_first_and_reads_locations_only(world: World) -> None:
    for driver_id in ("d1", "d2", "d1"):
        world.publish(driver_id)
    screen = world.plain()
    assert sorted(read(screen)) == ["d1@3", "d2@2"]
    world.sweep(after=2 * MINUTE)
    world.publish("d1")
    world.hub.heartbeat(screen.client, NINE)
    world.hub.announce("f", "d1", b'{"type":"trip"}')
    assert read(screen) == ["d1@4"]


def test_subscribe(world: World) -> None:
    world.publish("d1", speed=0, heading=360, battery=0.5, attributes=msgspec.Raw(b'{"hdop": 1}'))
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, "map", area=VIEWPORT)
    snapshot = {
        "type": "location",
        "driverId": "d1",
        "latitude": 25.2,
        "longitude": 55.3,
        "recordedAt": "2026-03-04T09:00:00Z",
        "receivedAt": "2026-03-04T09:00:00Z",
        "seq": 1,
        "speed": 0.0,
        "heading": 0.0,
        "battery": 0.5,
        "attributes": {"hdop": 1},
    }
    assert screen.read() == [
        {"type": "subscribed", "id": "map", "epoch": "e", "seq": 1, "count": 1, "reset": True},
        snapshot,
        {"type": "synced", "id": "map", "seq": 1},
    ]
    world.now += SECOND
    world.publish("d1", (25.3, 55.3))
    live = {"latitude": 25.3, "recordedAt": "2026-03-04T09:00:01Z", "receivedAt": "2026-03-04T09:00:01Z", "seq": 2}
    known = {name: snapshot[name] for name in ("type", "driverId", "longitude")}
    assert screen.read() == [known | live]  # snapshot and live look alike


@pytest.mark.parametrize(
    ("area", "drivers", "expected"),
    [
        (None, None, ["d1@1", "d2@2", "d3@3"]),
        (None, "d1 d3 d9", ["d1@1", "d3@3"]),
        (None, "", []),
        (VIEWPORT, None, ["d1@1"]),
        (BBox(170, -90, 60, 90), None, ["d1@1", "d2@2", "d3@3"]),
        (Circle(24.4, 54.4, 20_000), None, ["d2@2"]),
    ],
)
def test_what_may_be_watched(world: World, area: Area | None, drivers: str | None, expected: list[str]) -> None:
    """The snapshot has what live has."""
    before, after = Peer(world.hub, DISPATCHER), Peer(world.hub, DISPATCHER)
    world.subscribe(before, "s", area, drivers)
    assert read(before) == ["subscribed s 0 reset", "synced s 0"]
    for driver_id, place in (("d1", DUBAI), ("d2", ABU_DHABI), ("d3", (0.0, -180.0))):
        world.publish(driver_id, place)
    assert read(before) == expected
    world.subscribe(after, "s", area, drivers)
    first, *snapshot, last = read(after)
    assert (first, sorted(snapshot), last) == (f"subscribed s {len(expected)} reset", expected, "synced s 3")


def test_a_subscription_in_the_middle_of_a_turn_has_no_gap_and_no_double(world: World) -> None:
    fleet, origin = world.hub.fleet("f"), world.gateway.client.origin
    before, plain_before = world.watcher(), world.plain()
    world.hub.publish(fleet, "d1", Fix(*DUBAI), NINE, origin)
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen)
    world.hub.publish(fleet, "d1", Fix(*DUBAI), NINE, origin)
    plain = world.plain()
    world.hub.publish(fleet, "d2", Fix(*DUBAI), NINE, origin)
    world.hub.flush()
    assert read(before) == read(plain_before) == ["d1@1", "d1@2", "d2@3"]
    assert read(screen) == ["subscribed s 1 reset", "d1@1", "synced s 1", "d1@2", "d2@3"]
    assert read(plain) == ["d1@2", "d2@3"]


def test_moving_a_subscription(world: World) -> None:
    for driver_id, longitude in (("west", 55.1), ("middle", 55.5), ("east", 55.9), ("far", 58)):
        world.publish(driver_id, (25.5, longitude))
    screen = world.watcher(BBox(55, 25, 55.6, 26))
    world.subscribe(screen, "s", BBox(55.4, 25, 56, 26))
    assert read(screen) == ["subscribed s 1", "west left s", "east@3", "synced s 4"]
    world.publish("west", (25.5, 55.1))
    world.publish("middle", (25.5, 55.55))
    assert read(screen) == ["middle@6"]
    world.subscribe(screen, "s", drivers="middle far")
    assert read(screen) == ["subscribed s 1", "east left s", "far@4", "synced s 6"]


def test_a_second_subscription_brings_only_what_is_new(world: World) -> None:
    world.publish("d1")
    world.publish("d2", ABU_DHABI)
    screen = world.watcher(VIEWPORT)
    world.subscribe(screen, "list", drivers="d1 d2")
    assert read(screen) == ["subscribed list 1 reset", "d2@2", "synced list 2"]
    world.publish("d1")
    world.publish("d1", ABU_DHABI)
    assert read(screen) == ["d1@3", "d1 left s", "d1@4"]  # once each, though both match


def test_unsubscribe(world: World) -> None:
    screen = world.watcher()
    world.subscribe(screen, "list", drivers="d1")
    screen.read()
    assert world.hub.unsubscribe(screen.client, "s")
    assert read(screen) == ["unsubscribed"]
    world.publish("d1")
    world.publish("d2")
    assert read(screen) == ["d1@1"]
    assert not world.hub.unsubscribe(screen.client, "s")
    assert world.hub.unsubscribe(screen.client, "list")
    world.publish("d1")
    assert read(screen) == ["unsubscribed"]
    assert not world.hub.unsubscribe(Peer(world.hub, DISPATCHER).client, "s")


def test_a_plain_client_that_subscribes_gets_the_full_protocol(world: World) -> None:
    screen = world.plain()
    world.subscribe(screen, area=VIEWPORT)
    world.publish("d1")
    world.publish("d1", ABU_DHABI)
    assert read(screen) == ["subscribed s 0 reset", "synced s 0", "d1@1", "d1 left s"]
    world.hub.unsubscribe(screen.client, "s")
    world.publish("d1")
    assert read(screen) == ["unsubscribed"]


def test_resume(world: World) -> None:
    for driver_id in ("d1", "d2", "d3"):
        world.publish(driver_id)
    away = world.watcher(VIEWPORT)
    world.hub.disconnect(away.client)
    world.publish("d2")
    world.publish("d3", ABU_DHABI)
    back = Peer(world.hub, DISPATCHER)
    world.subscribe(back, area=VIEWPORT, since=("e", 3))
    assert read(back) == ["subscribed s 1", "d3 left s", "d2@4", "synced s 5"]
    world.publish("d1")
    assert read(back) == ["d1@6"]


@pytest.mark.parametrize("since", [("another epoch", 2), ("e", 4), ("", 0), None])
def test_a_resumption_that_cannot_be_is_a_reset(world: World, since: tuple[str, int] | None) -> None:
    """Of another run of the hub, or ahead of this one."""
    for driver_id in ("d1", "d2", "d1"):
        world.publish(driver_id)
    back = Peer(world.hub, DISPATCHER)
    world.subscribe(back, since=since)
    assert read(back) == ["subscribed s 2 reset", "d1@3", "d2@2", "synced s 3"]


def test_nothing_new_to_resume(world: World) -> None:
    world.publish("d1")
    back = Peer(world.hub, DISPATCHER)
    world.subscribe(back, since=("e", 1))
    assert read(back) == ["subscribed s 0", "synced s 1"]


def test_moving_is_no_resumption(world: World) -> None:
    world.publish("d1")
    world.publish("d2", ABU_DHABI)
    screen = world.watcher(VIEWPORT)
    world.subscribe(screen, since=("e", 2))
    assert read(screen) == ["subscribed s 1", "d2@2", "synced s 2"]


def test_own_positions_are_not_sent_back(world: World) -> None:
    both, plain = Peer(world.hub, Principal("f", Role.OPEN)), world.plain()
    world.subscribe(both, area=VIEWPORT)
    both.read()
    world.publish("d1", by=both)
    world.publish("d1", by=plain)
    world.publish("d1", by=both)
    world.publish("d2", ABU_DHABI, by=both)
    world.subscribe(both, "all")
    assert read(both) == ["d1@2", "subscribed all 0 reset", "synced all 4"]
    assert read(plain) == ["d1@1", "d1@3", "d2@4"]
    later = world.watcher()
    world.publish("d2", by=later)
    assert read(later) == []


def test_what_is_late_or_ahead_is_logged_and_not_broadcast(world: World) -> None:
    screen = world.watcher()
    payload, update = world.publish("d1", recorded_at=NINE)
    assert update is not None and update.frame == line(payload)
    position = msgspec.json.decode(payload, type=Position)
    assert (position.driver_id, position.recorded_at, position.received_at, position.seq) == ("d1", NINE, NINE, 1)
    world.now += MINUTE
    for off in (0 * SECOND, -SECOND, -timedelta(days=7168), 2 * MINUTE + SECOND, timedelta(days=3650)):
        payload, again = world.publish("d1", recorded_at=NINE + off)
        # What comes again is the latest position still, and Redis may not have it yet.
        assert again is (update if not off else None)
        assert msgspec.json.decode(payload, type=Position).recorded_at == NINE + off
    assert read(screen) == ["d1@1"]
    assert world.publish("d1", ABU_DHABI, recorded_at=NINE)[1] is None  # elsewhere at that time: not the same
    _, update = world.publish("d1", recorded_at=NINE + 2 * MINUTE)
    assert update is not None
    assert read(screen) == ["d1@8"]


def test_a_resumption_after_long_is_a_reset_when_too_many_have_moved_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.core.live.hub.MOST_LEFT", 2)
    world.publish("here")
    for driver_id in ("d1", "d2", "d3"):
        world.publish(driver_id, ABU_DHABI)
    two, three = Peer(world.hub, DISPATCHER), Peer(world.hub, DISPATCHER)
    world.subscribe(two, area=VIEWPORT, since=("e", 2))
    world.subscribe(three, area=VIEWPORT, since=("e", 1))
    assert read(two) == ["subscribed s 0", "d2 left s", "d3 left s", "synced s 4"]
    assert read(three) == ["subscribed s 1 reset", "here@1", "synced s 4"]


def test_what_is_under_way_comes_before_unsubscribed(world: World) -> None:
    screen = world.watcher(drivers="d1 d2", capacity=10)
    for driver_id in ("d1", "d2"):
        world.publish(driver_id)
    world.hub.unsubscribe(screen.client, "s")
    assert read(screen) == ["d1@1", "d2@2", "unsubscribed"]


def test_a_driver_without_a_clock_lives_on_when_ours_is_set_back(world: World) -> None:
    screen = world.watcher()
    world.publish("d1")
    world.now -= timedelta(hours=1)
    world.publish("d1")
    world.publish("d1")
    instants = [message["recordedAt"] for message in screen.read()]
    assert instants == ["2026-03-04T09:00:00Z", "2026-03-04T09:00:00.000001Z", "2026-03-04T09:00:00.000002Z"]


@pytest.mark.parametrize(
    ("driver_id", "fix", "field"),
    [
        ("", Fix(1, 2), "driverId"),
        ("a b", Fix(1, 2), "driverId"),
        ("d" * 65, Fix(1, 2), "driverId"),
        ("d1", Fix(1, 2, recorded_at=-1), "recordedAt"),
        ("d1", Fix(1, 2, recorded_at=1e300), "recordedAt"),
        ("d1", Fix(1, 2, attributes=msgspec.Raw(b"[]")), "attributes"),
    ],
)
def test_a_rejected_fix_changes_nothing(world: World, driver_id: str, fix: Fix, field: str) -> None:
    screen, fleet = world.watcher(), world.hub.fleet("f")
    with pytest.raises(Rejected) as rejected:
        world.hub.publish(fleet, driver_id, fix, NINE, world.gateway.client.origin)
    assert rejected.value.field == field
    world.hub.flush()
    assert read(screen) == []
    assert world.hub.seq == 0 and not fleet.latest and not fleet.heard and not fleet.grid.cells


def test_a_fleet_has_so_many_drivers() -> None:
    world = World(max_drivers=2)
    world.publish("d1")
    world.publish("d2")
    with pytest.raises(Rejected, match="driverId: the fleet has its 2 drivers already"):
        world.publish("d3")
    world.publish("d1")
    world.publish("d3", fleet="another")
    assert set(world.hub.fleet("f").latest) == {"d1", "d2"}


def test_invented_drivers_of_the_future_are_bounded() -> None:
    world = World(max_drivers=2)
    for number in range(2):
        world.publish(f"d{number}", recorded_at=NINE + timedelta(days=1))
    with pytest.raises(Rejected):
        world.publish("d2", recorded_at=NINE + timedelta(days=1))
    fleet = world.hub.fleet("f")
    assert len(fleet.latest) == len(fleet.heard) == len(fleet.clocks.watched) == 2


def test_max_future_is_a_setting() -> None:
    world = World(max_future=5)
    assert world.publish("d1", recorded_at=NINE + 5 * SECOND)[1] is not None
    assert world.publish("d1", recorded_at=NINE + 6 * SECOND)[1] is None


def test_max_hz(world: World) -> None:
    screen = world.watcher(max_hz=1)
    for tenth in range(25):
        world.publish("d1")
        world.hub.tick(100 + tenth / 10)
    assert read(screen) == ["d1@1", "d1@11", "d1@21"]
    world.hub.tick(103)
    assert read(screen) == ["d1@25"]  # the last before silence
    world.publish("d1")
    world.subscribe(screen, "s")  # and no more maxHz: what was held back comes first
    assert read(screen) == ["d1@26", "subscribed s 0", "synced s 26"]


def test_load(world: World) -> None:
    """After a restart: where everybody was, under numbers of this run."""
    for driver_id, age in (("d1", 2), ("d2", 10), ("d3", 1)):
        received_at = NINE - age * MINUTE
        position = Position(driver_id, *DUBAI, received_at - SECOND, received_at, 1000 + age, speed=3.0)
        world.hub.load("f", [position])
    screen = Peer(world.hub, DISPATCHER)
    world.subscribe(screen, area=VIEWPORT)
    messages = screen.read()
    assert [(message["driverId"], message["seq"]) for message in messages[1:-1]] == [("d1", 1), ("d2", 2), ("d3", 3)]
    assert messages[1]["recordedAt"] == "2026-03-04T08:57:59Z" and messages[1]["speed"] == 3.0
    assert messages[-1]["seq"] == 3
    world.publish("d1", recorded_at=NINE - 3 * MINUTE)  # late also after a restart
    world.publish("d1", ABU_DHABI)
    assert read(screen) == ["d1 left s"]


def test_announce(world: World) -> None:
    here, list_, elsewhere, plain = world.watcher(VIEWPORT), world.watcher(drivers="d1"), world.watcher(), world.plain()
    world.subscribe(here, "list", drivers="d1")
    world.subscribe(elsewhere, "s", drivers="d2")
    for peer in (here, elsewhere):
        peer.read()
    fleet = world.hub.fleet("f")
    world.hub.publish(fleet, "d1", Fix(*DUBAI), NINE, world.gateway.client.origin)
    world.hub.announce("f", "d1", b'{"type":"trip","event":"started"}')
    world.hub.announce("f", "unknown", b'{"type":"trip"}')
    world.hub.announce("another", "d1", b'{"type":"trip"}')
    assert read(here) == read(list_) == ["d1@1", "trip"]  # behind the positions of the turn; once
    assert read(elsewhere) == [] and read(plain) == ["d1@1"]
    assert "another" not in world.hub.fleets
    slow = world.watcher(drivers="d1", capacity=10)
    for number in range(3):
        world.hub.announce("f", "d1", b'{"type":"trip %d"}' % number)
    assert read(slow) == ["trip 0", "trip 1", "trip 2"]  # never conflated


def test_a_client_that_is_gone_leaves_nothing_behind(world: World) -> None:
    peers = [world.plain(), world.watcher(VIEWPORT), world.watcher(max_hz=1), world.watcher(drivers="d1")]
    world.publish("d1")
    for peer in peers:
        peer.read()
    for peer in peers:
        world.hub.disconnect(peer.client)
        world.hub.disconnect(peer.client)
    assert not world.hub.broadcaster.pacing
    world.publish("d1")
    world.hub.tick(1e9)
    world.hub.announce("f", "d1", b"{}")
    assert [peer.read() for peer in peers] == [[], [], [], []]
    fleet = world.hub.fleet("f")
    assert not (fleet.tiles or fleet.levels or fleet.drivers or fleet.plain.members)
    assert set(world.hub.clients) == {world.gateway.client.id}


def test_clients_have_different_ids(world: World) -> None:
    first = Peer(world.hub).client
    world.hub.disconnect(first)
    assert Peer(world.hub).client.id != first.id  # or it would be taken for the author of old positions


def test_nobody_learns_of_another_fleet(world: World) -> None:
    ours, theirs = world.watcher(VIEWPORT), world.plain("another")
    world.publish("d1")
    world.publish("d1", ABU_DHABI, by=theirs, fleet="another")
    world.publish("d2", by=theirs, fleet="another")
    assert read(ours) == ["d1@1"]  # and d1 did not leave
    late = world.plain("another")
    assert read(late) == ["d1@2", "d2@3"]
    world.sweep(after=2 * MINUTE)
    world.publish("d2", fleet="another")
    world.hub.announce("another", "d1", b'{"type":"trip"}')
    assert read(ours) == ["d1 stale"]


def test_the_most_exact_of_one_instant_is_the_latest(world: World) -> None:
    world.publish("d1", accuracy=1038.0, recorded_at=NINE)
    screen = world.plain()
    assert read(screen) == ["d1@1"]
    world.publish("d1", accuracy=10.0, recorded_at=NINE, place=(25.3, 55.3))
    world.publish("d1", accuracy=10.0, recorded_at=NINE, place=(25.3, 55.3))  # sent again
    world.publish("d1", accuracy=40.0, recorded_at=NINE, place=(25.4, 55.3))
    assert read(screen) == ["d1@2"]
    assert world.hub.fleet("f").latest["d1"].latitude == 25.3


def test_a_stored_position_with_an_absurd_clock_offset_is_loaded(world: World) -> None:
    world.hub.load("f", [Position("d", *DUBAI, NINE, NINE, 7, clock_offset=1e12)])
    assert world.hub.fleet("f").latest["d"].recorded_at == NINE
