"""The hub's time, while the system's clock is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.clock import SystemClock
from hub.edge.clock import BELIEVED, Clock

START = datetime(2026, 1, 1, tzinfo=UTC)


class Hands(SystemClock):
    """The two clocks of a machine: one that an operator sets, one that only runs."""

    __slots__ = ("steady", "wall")

    def __init__(self) -> None:
        self.wall, self.steady = START.timestamp(), 1_000.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.steady

    def run(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


def seconds(ours: Clock) -> float:
    return (ours.now() - START).total_seconds()


def test_it_is_the_wall_clock(hands: Hands) -> None:
    ours = Clock(hands)
    for _ in range(5):
        hands.run(0.25)
        assert ours.now() == datetime.fromtimestamp(hands.wall, UTC)


@pytest.mark.parametrize("step", [1.0, 3_600.0, 10 * 365 * 86_400.0])
def test_set_forward_it_follows(hands: Hands, step: float) -> None:
    ours = Clock(hands)
    hands.wall += step
    assert seconds(ours) == step


def test_set_back_it_runs_at_half_speed_until_both_agree(hands: Hands) -> None:
    ours = Clock(hands)
    hands.wall -= 3_600
    told = []
    for _ in range(8):
        hands.run(900)
        told.append(seconds(ours))
    assert told == [450, 900, 1_350, 1_800, 2_250, 2_700, 3_150, 3_600]
    assert hands.wall == START.timestamp() + 3_600
    hands.run(900)
    assert seconds(ours) == 4_500


def test_set_back_and_forth_it_never_goes_back(hands: Hands) -> None:
    ours = Clock(hands)
    before = ours.now()
    for step in (-5, 30, -60, 3_600, -3_600, -1, 7_200, -80_000, 80_000):
        hands.wall += step
        hands.run(1)
        now = ours.now()
        assert now > before
        before = now


def test_set_back_by_years_it_was_wrong_before(hands: Hands) -> None:
    ours = Clock(hands)
    hands.wall -= BELIEVED + 1
    assert ours.now() - START == -timedelta(seconds=BELIEVED + 1)
