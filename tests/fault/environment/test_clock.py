"""Clocks that are wrong: those of devices, by hours or years, and the hub's own, set while it runs (P12)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from hub.clock import SystemClock
from hub.embedded.services import Services
from hub.settings import Settings
from hub.wire.log import LOG_KEY, decode_entry
from tests.support.peers import Peer
from tests.support.running import Edge, edge, until

FULL = "/ws?subscribe=none"
WEEK_ROLLOVER = timedelta(weeks=1_024)
"""A GPS receiver counts weeks in ten bits."""


class Wall(SystemClock):
    """The machine's clocks with an offset that the test sets."""

    __slots__ = ("offset",)

    def __init__(self) -> None:
        self.offset = 0.0

    def time(self) -> float:
        return time.time() + self.offset


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def hub(wall: Wall, services: Services) -> Iterator[Edge]:
    with redis.Redis.from_url(services.settings.redis_url) as client:
        client.flushall()
    settings = Settings(
        port=0,
        redis_url=services.settings.redis_url,
        database_url="postgresql://unused",
        stale_after=0.5,
        offline_after=1.5,
        heartbeat_interval=60.0,
    )
    with edge(settings, wall) as running:
        yield running


class Phone:
    """A driver whose clock is wrong by ``off``, and the screen that follows it."""

    def __init__(self, hub: Edge, name: str) -> None:
        self.name = name
        self.driver, self.screen = Peer(hub.address, FULL), Peer(hub.address, FULL)
        self.screen.say({"type": "subscribe", "id": "s", "drivers": [name]})
        self.sent = 0
        assert [message["type"] for message in self.screen.hear_all()] == ["subscribed", "synced"]

    def send(self, off: timedelta | None = timedelta()) -> None:
        """A fix by this phone's clock, or without a time; returns when it is acked."""
        self.sent += 1
        fix: dict[str, Any] = {"latitude": 1, "longitude": self.sent, "driverId": self.name, "msgNo": self.sent}
        if off is not None:
            fix["recordedAt"] = (datetime.now(UTC) + off).isoformat()
        self.driver.say(fix)
        assert self.driver.hear() == {"type": "ack", "msgNo": self.sent}

    def shown(self) -> list[int]:
        """The numbers that the screen has been told since it was last asked."""
        return [int(message["longitude"]) for message in self.screen.hear_all() if message["type"] == "location"]


def logged(hub: Edge) -> list[int]:
    """The numbers of everything in the log."""
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        entries = client.xrange(LOG_KEY)
    return [int(p.longitude) for _, fields in entries for p in decode_entry(fields)[1]["default"]]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "off", [timedelta(hours=-1), timedelta(days=-1), -WEEK_ROLLOVER, timedelta(seconds=59)], ids=str
)
def test_a_device_that_is_always_wrong_is_followed(hub: Edge, off: timedelta) -> None:
    phone = Phone(hub, "d")
    for _ in range(3):
        phone.send(off)
        assert phone.shown() == [phone.sent]


@pytest.mark.parametrize("off", [timedelta(seconds=70), timedelta(hours=1), timedelta(days=3_650)], ids=str)
def test_a_device_from_the_future_hides_nothing_that_is_real(hub: Edge, off: timedelta) -> None:
    phone = Phone(hub, "d")
    phone.send(off)
    phone.send()
    phone.send(off)
    phone.send()
    assert phone.shown() == [1, 2, 4]  # the first, since nothing else was known of the driver
    assert logged(hub) == [1, 2, 3, 4]


@pytest.mark.parametrize("off", [timedelta(seconds=80), timedelta(hours=1), -WEEK_ROLLOVER], ids=str)
def test_a_clock_that_becomes_wrong_is_noticed_and_the_driver_is_followed(hub: Edge, off: timedelta) -> None:
    phone = Phone(hub, "d")
    phone.send()
    until(lambda: (phone.send(off), time.sleep(0.5)) and len(phone.shown()) == 1 and phone.sent > 2)
    for _ in range(2):
        phone.send(off)
        (position,) = [message for message in phone.screen.hear_all() if message["type"] == "location"]
        assert int(position["longitude"]) == phone.sent
        assert abs(position["clockOffset"] - off.total_seconds()) < 10
        late = datetime.fromisoformat(position["recordedAt"]) - off - datetime.now(UTC)
        assert abs(late) < timedelta(seconds=10)  # as the device sent it
    assert logged(hub) == list(range(1, phone.sent + 1))
    # The device learns the time: the second fix is shown at the latest.
    phone.send()
    phone.send()
    last = [message for message in phone.screen.hear_all() if message["type"] == "location"][-1]
    assert (int(last["longitude"]), "clockOffset" in last) == (phone.sent, False)


def test_a_device_that_learns_the_time_is_followed_from_then_on(hub: Edge) -> None:
    phone = Phone(hub, "d")
    for off in (-WEEK_ROLLOVER, -WEEK_ROLLOVER, timedelta(), timedelta()):
        phone.send(off)
    assert phone.shown() == [1, 2, 3, 4]


@pytest.mark.parametrize("step", [-3_600.0, -30.0, 30.0, 3_600.0])
def test_the_hubs_clock_is_set_and_nobody_freezes(hub: Edge, wall: Wall, step: float) -> None:
    """Right devices go on being shown, those without a clock too, in order; all of it is in the log."""
    right, none = Phone(hub, "right"), Phone(hub, "none")
    times = []
    for offset in (0.0, step, step, 0.0, 0.0):
        wall.offset = offset
        right.send()
        none.send(None)
        times += [message["recordedAt"] for message in none.screen.hear_all() if message["type"] == "location"]
        assert right.shown() == [right.sent]
    assert len(times) == 5
    instants = [datetime.fromisoformat(text) for text in times]
    assert instants == sorted(set(instants))
    assert sorted(logged(hub)) == sorted([1, 2, 3, 4, 5] * 2)


def test_a_silent_driver_is_noticed_though_the_clock_was_set_back(hub: Edge, wall: Wall) -> None:
    silent = Phone(hub, "silent")
    silent.send()
    wall.offset = -3_600.0
    assert silent.shown() == [1]
    heard: list[str] = []

    def told() -> bool:
        time.sleep(0.2)  # what asks all the time is no screen
        heard.extend(message["status"] for message in silent.screen.hear_all() if message["type"] == "status")
        return heard == ["stale", "offline"]

    until(told)


def test_set_back_by_years_the_hub_goes_on(hub: Edge, wall: Wall) -> None:
    """As after a boot without a battery: it began in the wrong year, and learned the right one."""
    wall.offset = 10 * 365 * 86_400.0
    phone = Phone(hub, "d")
    phone.send()
    wall.offset = 0.0
    phone.send()
    assert phone.shown() == [1, 2]
    assert logged(hub) == [1, 2]
