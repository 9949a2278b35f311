"""Batches, ``left`` and ``maxHz``, as the watching clients read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from hub.core.geo.areas import BBox
from hub.core.live.broadcast import Broadcaster, settle_pending
from hub.core.live.client import Client
from hub.core.live.fleet import Fleet
from hub.core.live.log_place import LogPlace
from hub.core.live.subscriptions import Subscription
from hub.core.live.update import Update
from hub.core.messages import Message
from hub.core.principal import Principal, Role

NINE = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
# Within the area: places in a tile that it covers whole, in another such tile, in one that it cuts; and one outside.
AREA = BBox(54.9, 24.9, 55.4, 25.4)
INSIDE, BEYOND, RIM, OUTSIDE = (25.1, 55.1), (25.3, 55.3), (24.9, 54.9), (24.89, 54.89)


class Watcher:
    """A client that keeps what was written to it, write by write."""

    def __init__(self, world: World, *subscriptions: Subscription, plain: bool = False) -> None:
        self.writes: list[str] = []
        world.clients += 1
        self.client = Client(world.clients, Principal("f", Role.OPEN), self._write)
        self.client.plain = plain
        self.client.subscriptions = {subscription.id: subscription for subscription in subscriptions}
        world.fleet.join(self.client)

    def _write(self, data: bytes) -> None:
        self.writes.append(data.decode().rstrip("\n").replace("\n", " "))

    def read(self) -> list[str]:
        """The writes since the last call."""
        writes, self.writes = self.writes, []
        return writes


class World:
    """One fleet. A frame is the driver's id and the position's seq; ``left`` is ``-`` id driver."""

    def __init__(self) -> None:
        self.broadcaster = Broadcaster(self.message)
        self.fleet = Fleet("f", LogPlace())
        self.seq = self.clients = 0

    @staticmethod
    def message(message: Message) -> bytes:
        fields: dict[str, Any] = msgspec.to_builtins(message)
        assert fields["type"] == "left"
        return f"-{fields['id']}:{fields['driverId']}\n".encode()

    def publish(self, driver_id: str, place: tuple[float, float] = INSIDE, origin: int = 0) -> None:
        self.seq += 1
        update = Update(
            driver_id,
            *place,
            NINE + timedelta(seconds=self.seq),
            self.seq,
            f"{driver_id}@{self.seq}\n".encode(),
            origin,
        )
        self.broadcaster.publish(self.fleet, update, self.fleet.latest.get(driver_id))


@pytest.fixture
def world() -> World:
    return World()


def everything(id: str = "all", max_hz: float | None = None) -> Subscription:
    return Subscription(id, max_hz=max_hz)


def drivers(*names: str, id: str = "drivers", max_hz: float | None = None) -> Subscription:
    return Subscription(id, drivers=frozenset(names), max_hz=max_hz)


def area(id: str = "area", max_hz: float | None = None) -> Subscription:
    return Subscription(id, area=AREA, max_hz=max_hz)


def test_one_write_a_turn(world: World) -> None:
    plain, all_, some, here = (
        Watcher(world, plain=True),
        Watcher(world, everything()),
        Watcher(world, drivers("d1", "d3")),
        Watcher(world, area()),
    )
    world.publish("d1")
    world.publish("d2", OUTSIDE)
    world.publish("d1")
    assert [watcher.read() for watcher in (plain, all_, some, here)] == [[], [], [], []]
    assert world.broadcaster.waiting == 3
    world.broadcaster.flush()
    assert plain.read() == all_.read() == ["d1@1 d2@2 d1@3"]
    assert some.read() == here.read() == ["d1@1 d1@3"]
    assert world.broadcaster.waiting == 0
    assert (world.broadcaster.delivered, world.broadcaster.writes) == (10, 4)
    world.broadcaster.flush()
    assert plain.read() == []


def test_nobody_watches(world: World) -> None:
    world.publish("d1")
    assert world.fleet.latest["d1"].seq == 1
    assert world.fleet.grid.near(AREA) == ("d1",)
    assert world.broadcaster.waiting == 0
    world.broadcaster.flush()
    assert world.broadcaster.delivered == 0


def test_overlapping_subscriptions_get_a_position_once(world: World) -> None:
    watcher = Watcher(world, everything(), drivers("d1"), area())
    world.publish("d1")
    world.publish("d2", RIM)
    world.publish("d3", OUTSIDE)
    assert watcher.read() == ["d1@1", "d2@2", "d3@3"]
    assert world.broadcaster.delivered == 3


def test_a_driver_that_changes_tiles_within_a_turn_keeps_its_order(world: World) -> None:
    watcher = Watcher(world, area())
    for place in (INSIDE, BEYOND, INSIDE, RIM, INSIDE):
        world.publish("d1", place)
    world.broadcaster.flush()
    assert " ".join(watcher.read()) == "d1@1 d1@2 d1@3 d1@4 d1@5"


def test_a_driver_that_changes_tiles_between_turns_ends_none(world: World) -> None:
    watcher = Watcher(world, area())
    world.publish("d1", INSIDE)
    world.broadcaster.flush()
    world.publish("d2", INSIDE)
    world.publish("d1", BEYOND)
    assert watcher.read() == ["d1@1"] and world.broadcaster.waiting == 2
    world.broadcaster.flush()
    assert watcher.read() == ["d2@2", "d1@3"]  # by two cohorts


def test_each_area_is_left_once(world: World) -> None:
    """The driver leaves a tile of each of two levels, and a client finds it in both."""
    wide = Subscription("wide", area=BBox(50, 24.895, 60, 30))
    watcher = Watcher(world, area(), wide)
    world.publish("d1", RIM)
    world.publish("d1", OUTSIDE)
    assert watcher.read() == ["d1@1", "-area:d1", "-wide:d1"]


def test_left(world: World) -> None:
    here, everywhere = Watcher(world, area()), Watcher(world, everything(), area())
    world.publish("d1", INSIDE)
    world.broadcaster.flush()
    world.publish("d1", OUTSIDE)  # out of a tile that the area covers whole
    world.broadcaster.flush()
    assert here.read() == ["d1@1", "-area:d1"]
    # Also who has it by another subscription is told, and has the new position.
    assert everywhere.read() == ["d1@1", "-area:d1", "d1@2"]
    world.publish("d1", RIM)
    world.publish("d1", OUTSIDE)  # within the tile that the area cuts
    world.publish("d1", OUTSIDE)  # said once
    world.broadcaster.flush()
    assert here.read() == ["d1@3", "-area:d1"]


def test_left_behind_what_is_owed(world: World) -> None:
    here, everywhere = Watcher(world, area()), Watcher(world, everything(), area())
    for watcher in (here, everywhere):
        watcher.client.block()
    world.publish("d1", INSIDE)
    world.publish("d2", INSIDE)
    world.broadcaster.flush()
    world.publish("d1", OUTSIDE)
    for watcher in (here, everywhere):
        watcher.client.drain()
    assert here.read() == ["d2@2 -area:d1"]  # d1's old position went
    assert everywhere.read() == ["d1@3 d2@2 -area:d1"]


def test_a_driver_that_comes_back_has_not_left(world: World) -> None:
    """A blocked client's `left` must not stand behind a position that is newer."""
    several = Watcher(world, area("one"), drivers("d9"))
    several.client.block()
    world.publish("d1", INSIDE)
    world.publish("d1", OUTSIDE)
    world.publish("d1", INSIDE)
    several.client.drain()
    assert several.read() == ["d1@3"]


def test_slow_and_fast_beside_each_other(world: World) -> None:
    slow, fast = Watcher(world, everything()), Watcher(world, everything())
    slow.client.block()
    for turn in range(3):
        for driver_id in ("d1", "d2"):
            world.publish(driver_id)
        world.broadcaster.flush()
        assert fast.read() == [f"d1@{2 * turn + 1} d2@{2 * turn + 2}"]
    assert slow.read() == []
    assert len(slow.client.owed or ()) == 2 and slow.client.conflated == 4
    slow.client.drain()
    assert slow.read() == ["d1@5 d2@6"]


def test_nobody_is_sent_its_own(world: World) -> None:
    plain, all_, paced = (
        Watcher(world, plain=True),
        Watcher(world, everything()),
        Watcher(world, everything(max_hz=1)),
    )
    world.publish("d1", origin=plain.client.id)
    world.publish("d2", origin=all_.client.id)
    world.publish("d3", origin=paced.client.id)
    world.broadcaster.flush()
    world.broadcaster.tick(0)
    assert plain.read() == ["d2@2", "d3@3"]
    assert all_.read() == ["d1@1", "d3@3"]
    assert paced.read() == ["d1@1", "d2@2"]
    world.publish("d4")
    world.publish("d5")
    world.broadcaster.flush()  # the authors of a turn are forgotten with it
    assert plain.read() == all_.read() == ["d4@4 d5@5"]


def test_an_author_is_told_by_nobody_that_it_left(world: World) -> None:
    author, other = Watcher(world, area()), Watcher(world, area())
    for place in (RIM, OUTSIDE):
        world.publish("d1", place, origin=author.client.id)
    world.broadcaster.flush()
    assert author.read() == []
    assert other.read() == ["d1@1", "-area:d1"]


def test_max_hz_thins_and_gives_the_last_position_before_silence(world: World) -> None:
    watcher = Watcher(world, everything(max_hz=2))
    sent: list[tuple[float, str]] = []
    # Ten positions a second of two drivers, for three seconds; then silence.
    for step in range(60):
        now = 100 + step / 10
        if step < 30:
            world.publish("d1")
            world.publish("d2")
        if world.broadcaster.pacing:
            world.broadcaster.tick(now)
        sent += [(now, write) for write in watcher.read()]
    for driver_id, last in (("d1", "d1@59"), ("d2", "d2@60")):
        times = [now for now, write in sent if write.startswith(driver_id)]
        assert all(after - before >= 0.5 - 1e-9 for before, after in pairwise(times))
        assert len(times) == 7
        assert [write for _, write in sent if write.startswith(driver_id)][-1] == last
    assert not world.broadcaster.pacing


def test_the_fastest_subscription_that_matches_counts(world: World) -> None:
    watcher = Watcher(world, everything(max_hz=1), drivers("d1"), drivers("d2", id="slow", max_hz=0.1))
    world.publish("d1")
    world.publish("d2")
    assert watcher.read() == ["d1@1"]
    world.broadcaster.tick(0)
    assert watcher.read() == ["d2@2"]
    world.publish("d2")
    world.broadcaster.tick(0.9)
    assert watcher.read() == [] and world.broadcaster.pacing
    world.broadcaster.tick(1)
    assert watcher.read() == ["d2@3"]


def test_what_is_held_back_never_follows_a_newer_one(world: World) -> None:
    """Held back for the fleet, then sent at once for the area."""
    watcher = Watcher(world, everything(max_hz=1), area())
    world.publish("d1", OUTSIDE)
    world.publish("d1", INSIDE)
    world.broadcaster.tick(0)
    assert watcher.read() == ["d1@2"]


def test_what_is_held_back_is_not_sent_after_the_driver_left(world: World) -> None:
    watcher = Watcher(world, area(max_hz=1))
    world.publish("d1", INSIDE)
    world.publish("d2", INSIDE)
    world.publish("d1", OUTSIDE)
    world.broadcaster.tick(0)
    assert watcher.read() == ["-area:d1", "d2@2"]


def test_release(world: World) -> None:
    watcher = Watcher(world, everything(max_hz=0.01), area(max_hz=0.02))
    world.broadcaster.tick(0)
    world.publish("d1")
    world.publish("d2")
    world.broadcaster.release(watcher.client, "d1")
    assert watcher.read() == ["d1@1"]
    world.broadcaster.tick(1000)
    assert watcher.read() == ["d2@2"]


def test_settle_pending(world: World) -> None:
    watcher = Watcher(world, everything(max_hz=1), area(max_hz=2))
    settle_pending(watcher.client)
    world.publish("d1", OUTSIDE)
    world.publish("d2", INSIDE)
    settle_pending(watcher.client)
    assert watcher.read() == ["d1@1 d2@2"]
    world.broadcaster.tick(1000)
    assert watcher.read() == []


def test_tick_while_blocked(world: World) -> None:
    watcher = Watcher(world, everything(max_hz=1))
    world.publish("d1")
    watcher.client.block()
    world.broadcaster.tick(0)
    world.publish("d1")
    world.broadcaster.tick(1)
    assert watcher.read() == []
    watcher.client.drain()
    assert watcher.read() == ["d1@2"]


def test_withdraw(world: World) -> None:
    watcher = Watcher(world, everything(max_hz=1))
    world.publish("d1")
    world.fleet.leave(watcher.client)
    world.broadcaster.withdraw(watcher.client)
    assert not world.broadcaster.pacing
    world.broadcaster.tick(1000)
    assert watcher.read() == []
