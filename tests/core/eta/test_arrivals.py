from __future__ import annotations

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from hub.core.eta.arrivals import STALE, Certainty, Leg, arrivals
from hub.core.eta.model import DEFAULT, travel

LEGS = st.lists(
    st.builds(Leg, distance=st.floats(0, 50_000), service=st.floats(0, 1_800), opens=st.floats(0, 30_000)),
    min_size=1,
    max_size=8,
)


def test_places_are_reached_one_after_the_other() -> None:
    one, two, three = arrivals(DEFAULT, [Leg(4_000, 240), Leg(2_000, 60, opens=5_000), Leg(800)], 1_000, 1_010)
    first = 1_000 + travel(DEFAULT, 4_000).seconds
    assert isclose(one.at, first)
    assert two.at == two.earliest == 5_000
    assert isclose(three.at, 5_000 + 60 + travel(DEFAULT, 800).seconds)
    assert one.latest < two.latest < three.latest
    assert {each.certainty for each in (one, two, three)} == {Certainty.ESTIMATED}


def test_a_driver_that_is_due_and_not_there_is_arriving() -> None:
    as_of, due = 1_000.0, 1_000 + travel(DEFAULT, 500).seconds
    (before,) = arrivals(DEFAULT, [Leg(500)], as_of, due - 1)
    (after,) = arrivals(DEFAULT, [Leg(500)], as_of, due + 100)
    assert (before.certainty, after.certainty) == (Certainty.ESTIMATED, Certainty.ARRIVING)
    assert after.at == after.earliest == due + 100


def test_a_silent_driver_is_less_certain_and_then_stale() -> None:
    spoke, silent, stale = (arrivals(DEFAULT, [Leg(20_000)], 0, now)[0] for now in (60, 500, STALE + 1))
    assert spoke.at == silent.at == stale.at
    assert spoke.latest < silent.latest < stale.latest
    assert (silent.certainty, stale.certainty) == (Certainty.ESTIMATED, Certainty.STALE)


@given(LEGS, st.floats(0, 10_000), st.floats(-100, 20_000), st.none() | st.floats(0, 40))
def test_no_arrival_is_past_or_before_the_one_before(
    legs: list[Leg], as_of: float, later: float, speed: float | None
) -> None:
    now = max(0.0, as_of + later)
    before = now
    for leg, one in zip(legs, arrivals(DEFAULT, legs, as_of, now, speed), strict=True):
        assert now <= one.earliest <= one.at <= one.latest
        assert one.at >= max(before, leg.opens)
        before = one.at + leg.service
