"""Clocks of drivers: which offsets are believed, when, and that a backlog or one wrong fix is no wrong clock."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.live.hub import Hub
from hub.core.nouns import Fix, Position
from tests.support.laws import examples
from tests.support.live.conversations import NINE, SECOND

FUTURE = timedelta(seconds=60)


class Device:
    """A driver whose fixes carry the time of its clock; ``longitude`` numbers them."""

    def __init__(self) -> None:
        self.hub, self.now, self.sent = Hub("e"), NINE, 0
        self.fleet = self.hub.fleet("f")

    def send(self, *offs: timedelta | None, after: timedelta = SECOND) -> list[bool]:
        """Fixes of one reception, each off by so much, None without a time. For each: whether it is live."""
        self.now += after
        live = []
        for off in offs:
            self.sent += 1
            recorded_at = None if off is None else self.now + off
            fix = Fix(1.0, self.sent / 1000, recorded_at=recorded_at)
            live.append(self.hub.publish(self.fleet, "d", fix, self.now)[1] is not None)
        return live

    def every_second(self, off: timedelta, count: int) -> list[bool]:
        return [live for _ in range(count) for live in self.send(off)]

    @property
    def shown(self) -> dict[str, object]:
        """The latest position as subscribers get it."""
        return dict(json.loads(self.fleet.latest["d"].frame))

    @property
    def offset(self) -> object:
        return self.shown.get("clockOffset")


WRONG = [
    timedelta(seconds=80),
    timedelta(minutes=3),
    timedelta(hours=1),
    timedelta(weeks=1_024),
    timedelta(days=300_000),
]


@pytest.mark.parametrize("off", WRONG, ids=str)
def test_a_driver_whose_clock_is_ahead_is_shown_from_its_first_fix_on(off: timedelta) -> None:
    device = Device()
    assert device.every_second(off, 5) == [True] * 5
    assert device.offset == off.total_seconds()
    assert device.shown["recordedAt"] == (device.now + off).isoformat().replace("+00:00", "Z")
    assert device.fleet.latest["d"].recorded_at == device.now
    assert device.fleet.clocks.news == {"d": off}
    assert device.fleet.clocks.wrong() == [off]


@pytest.mark.parametrize("off", WRONG[:-1], ids=str)
def test_a_clock_that_becomes_wrong_is_noticed_within_seconds(off: timedelta) -> None:
    ahead, behind = Device(), Device()
    for device in (ahead, behind):
        assert device.every_second(timedelta(), 3) == [True] * 3
    assert ahead.every_second(off, 5) == [False, False, False, True, True]
    assert behind.every_second(-off, 8) == [False] * 5 + [True] * 3
    assert (ahead.offset, behind.offset) == (off.total_seconds(), -off.total_seconds())
    assert ahead.fleet.late.future == 3
    assert behind.fleet.late.drivers["d"].count == 5
    assert behind.fleet.late.drivers["d"].most == pytest.approx(off.total_seconds(), abs=10)


@pytest.mark.parametrize("off", [-off for off in WRONG[:-1]], ids=str)
def test_a_driver_whose_clock_is_behind_is_shown_and_warned_of(off: timedelta) -> None:
    device = Device()
    assert device.every_second(off, 8) == [True] * 8
    assert device.offset == off.total_seconds()
    assert device.fleet.latest["d"].recorded_at == device.now


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1)], ids=str)
def test_a_clock_that_is_set_right_costs_one_fix_at_most(off: timedelta) -> None:
    device = Device()
    device.every_second(off, 10)
    assert device.every_second(timedelta(), 4)[1:] == [True] * 3
    assert device.offset is None
    assert device.fleet.clocks.news == {"d": None} and not device.fleet.clocks.watched


def test_one_wrong_fix_is_not_a_wrong_clock() -> None:
    device, years = Device(), timedelta(days=3_000)
    for _ in range(20):
        assert device.send(timedelta()) == [True]
        assert device.send(years) == [False]
    assert device.send(None) == [True]
    assert not device.fleet.clocks.news and device.offset is None


def test_a_wrong_fix_of_a_wrong_clock_changes_nothing() -> None:
    device, hour = Device(), timedelta(hours=1)
    device.every_second(hour, 5)
    for off in (timedelta(days=3_000), timedelta(days=-3_000), timedelta(days=2_000_000), timedelta(days=-10_000)):
        assert device.send(off) == [False]
        assert device.every_second(hour, 2) == [True, True]
    assert device.offset == 3_600


def test_the_first_fix_of_a_driver_is_wrong() -> None:
    """Whatever the second one says, if it is in time it is shown."""
    device = Device()
    assert device.send(timedelta(days=3_000)) == [True]
    assert device.send(timedelta(seconds=-20), after=timedelta()) == [True]
    assert device.offset is None


def test_a_fix_that_is_sent_again_proves_nothing() -> None:
    device = Device()
    device.send(timedelta())
    fix = Fix(1.0, 2.0, recorded_at=device.now + timedelta(minutes=2))
    for _ in range(100):
        device.now += SECOND / 4
        assert device.hub.publish(device.fleet, "d", fix, device.now)[1] is None
    assert not device.fleet.clocks.news


@pytest.mark.parametrize("speed", [0.5, 2, 10, 100])
def test_a_backlog_is_not_a_wrong_clock(speed: float) -> None:
    """An hour of fixes, one in ten seconds, sent one by one after the newest, at a multiple of their speed."""
    device = Device()
    device.send(timedelta())
    begin = device.now - timedelta(hours=1)
    for number in range(360):
        device.now += timedelta(seconds=10 / speed)
        fix = Fix(1.0, 3.0, recorded_at=begin + timedelta(seconds=10 * number))
        if fix.recorded_at < device.fleet.latest["d"].recorded_at:  # type: ignore[operator]
            assert device.hub.publish(device.fleet, "d", fix, device.now)[1] is None
    assert not device.fleet.clocks.news


def test_a_batch_counts_by_its_newest_fix() -> None:
    """Every minute six fixes: of a right clock no word, of a wrong one its offset."""
    right, wrong = Device(), Device()
    batch = [timedelta(seconds=-10 * number) for number in reversed(range(6))]
    for _ in range(10):
        assert right.send(*batch, after=timedelta(minutes=1)) == [True] * 6
        wrong.send(*[off + timedelta(seconds=80) for off in batch], after=timedelta(minutes=1))
    assert right.offset is None and not right.fleet.clocks.watched
    assert wrong.offset == 80


def test_around_the_limit_nobody_freezes() -> None:
    """A clock that drifts across the tolerance."""
    device = Device()
    frozen = longest = 0
    for step in range(600):
        (live,) = device.send(timedelta(seconds=55 + step / 60 + (step % 3) * 0.2))
        frozen = 0 if live else frozen + 1
        longest = max(longest, frozen)
    assert longest <= 5
    assert device.offset is not None


def test_after_a_restart_the_clock_is_known() -> None:
    old, hub = Device(), Hub("e2")
    old.every_second(timedelta(hours=1), 5)
    position = Position("d", 1.0, 2.0, old.now + timedelta(hours=1), old.now, 7, clock_offset=3_600.0)
    hub.load("f", [position])
    fleet = hub.fleet("f")
    assert fleet.latest["d"].recorded_at == old.now
    for second in range(1, 4):
        now = old.now + second * SECOND
        assert hub.publish(fleet, "d", Fix(1, 2, recorded_at=now + timedelta(hours=1)), now)[1] is not None


offsets = st.sampled_from([-86_400, -3_600, -180, -80, -59, -5, 0, 0, 0, 5, 59, 80, 180, 3_600, 86_400])


@given(st.lists(st.tuples(offsets, st.integers(1, 12), st.sampled_from([0.2, 1.0, 5.0, 60.0])), max_size=12))
@examples(300)
def test_a_driver_that_keeps_sending_is_never_frozen_for_long(course: list[tuple[int, int, float]]) -> None:
    """Its clock jumps at will. After some receptions with one offset the newest fix is the latest position, which is
    never far in the future."""
    device = Device()
    for off, count, pause in course:
        span = 0.0
        for number in range(1, count + 1):
            (live,) = device.send(timedelta(seconds=off), after=timedelta(seconds=pause))
            span += pause if number > 1 else 0.0
            latest = device.fleet.latest["d"].recorded_at
            assert latest <= device.now + FUTURE
            # Jumps of less than the tolerance may hide fixes for as long as they amount to.
            if number >= 4 and span >= 6.0 + (60 if abs(off) <= 60 else 0):
                assert live, (off, number)
