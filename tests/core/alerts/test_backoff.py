"""The times of the tries: for about a day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.alerts.backoff import LONGEST_ASKED, SPREAD, STEPS, pause, probe_pause


def test_the_tries_take_about_a_day() -> None:
    assert 20 * 3_600 < sum(STEPS) < 26 * 3_600
    assert pause(len(STEPS), None, 0.5) is None
    assert pause(1, None, 0.9) == 5.0


@given(st.integers(2, len(STEPS) - 1), st.floats(0, 1))
def test_pauses_vary_a_little(failures: int, chance: float) -> None:
    found = pause(failures, None, chance)
    assert found is not None
    assert STEPS[failures] * (1 - SPREAD) <= found <= STEPS[failures] * (1 + SPREAD) * 1.000001


@pytest.mark.parametrize(("asked", "expected"), [(0.0, 5.0), (60.0, 60.0), (1e9, LONGEST_ASKED)])
def test_a_receiver_can_ask_for_longer(asked: float, expected: float) -> None:
    assert pause(1, asked, 0.5) == expected


def test_a_channel_is_probed_for_ever() -> None:
    assert probe_pause(1e6, None, 0.5) == STEPS[-1]
    assert probe_pause(0.0, None, 0.5) == 5.0


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 10)), min_size=len(STEPS), max_size=len(STEPS)))
def test_each_step_is_one_probe(tries: list[tuple[float, float]]) -> None:
    """Whatever the pauses and the tries take, which may last as long as HUB_HOOK_TIMEOUT."""
    failing_for = 0.0
    for step, (chance, takes) in zip((*STEPS[1:], STEPS[-1]), tries, strict=True):
        found = probe_pause(failing_for, None, chance)
        assert step * (1 - SPREAD) <= found <= step * (1 + SPREAD) * 1.000001
        failing_for += found + takes
