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
    assert probe_pause(10_000, None, 0.5) == STEPS[-1]
