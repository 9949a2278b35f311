"""Tables in a straight line, and those of a provider with gaps."""

from __future__ import annotations

import pytest

from hub.core.eta.model import Law, Model
from hub.core.plans.matrix import UNROUTABLE, completed, straight

POINTS = [(25.20, 55.27), (25.25, 55.27), (25.20, 55.27)]


def test_a_straight_line_takes_the_default_pace() -> None:
    found = straight(POINTS)
    assert found.basis == "default" and found.unroutable == 0
    assert found.metres[0][1] == pytest.approx(1.35 * 5_539, rel=0.01)
    assert found.seconds[0][1] == pytest.approx(found.metres[0][1] / 8.0)
    assert found.seconds[1][0] == found.seconds[0][1]
    assert [found.seconds[a][b] for a, b in ((0, 0), (1, 1), (0, 2))] == [0.0, 0.0, 0.0]


def test_a_learned_pace_is_used() -> None:
    law = Law(0.0, 0.5, 0.0)
    found = straight(POINTS, Model(law, law, samples=500, trips=20))
    line = found.metres[0][1] / 1.35
    assert found.basis == "learned" and found.seconds[0][1] == pytest.approx(max(line**0.5, line / 35.0))


def test_ways_that_a_provider_does_not_find_are_longer_lines() -> None:
    line = straight(POINTS)
    gap: list[list[float | None]] = [[0.0, None, 1.0], [10.0, 0.0, 2.0], [1.0, 2.0, 0.0]]
    found = completed(gap, gap, line)
    assert (found.basis, found.unroutable) == ("roads", 1)
    assert found.seconds[0] == (0.0, UNROUTABLE * line.seconds[0][1], 1.0)
    assert found.metres[1] == (10.0, 0.0, 2.0)
