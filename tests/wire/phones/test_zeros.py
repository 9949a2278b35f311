"""Coordinates of exactly zero."""

from __future__ import annotations

import pytest

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.phones.readings import fix
from hub.wire.phones.zeros import refuse_zeros

LAGOS, TEMA = (6.45, 3.39), (5.62, 0.01)


def kept(latest: tuple[float, float] | None, *places: tuple[float, float]) -> list[bool]:
    fixes: list[Fix | BadMessage] = [Fix(*place, driver_id="d") for place in places]
    refuse_zeros(fixes, lambda driver: latest if driver == "d" else None)
    return [isinstance(one, Fix) for one in fixes]


def test_a_lone_zero_far_from_the_driver_is_not_a_place() -> None:
    assert kept(LAGOS, (6.45, 0.0)) == [False]
    assert kept(LAGOS, (0.0, 3.39)) == [False]
    assert kept(None, LAGOS, (6.45, 0.0), (0.0, 3.39), LAGOS) == [True, False, False, True]
    assert kept(None, (6.45, 0.0), LAGOS) == [False, True]


def test_a_lone_zero_near_the_driver_is_a_place() -> None:
    assert kept(TEMA, (5.62, 0.0), (5.62, -0.001)) == [True, True]
    assert kept(None, (5.62, -0.001), (5.62, 0.0)) == [True, True]
    assert kept(LAGOS, TEMA, (5.62, 0.0)) == [True, True]  # the place before counts, not the latest
    assert kept(None, (5.62, 0.0)) == [True]  # nothing says that the driver is elsewhere


def test_other_drivers_say_nothing() -> None:
    fixes: list[Fix | BadMessage] = [Fix(*LAGOS, driver_id="a"), Fix(6.45, 0.0, driver_id="b")]
    refuse_zeros(fixes, lambda driver: None)
    assert all(isinstance(one, Fix) for one in fixes)


@pytest.mark.parametrize("zero", [0, 0.0, -0.0, "0", "0.000000", "-0.0"])
def test_zero_zero_is_not_a_place(zero: object) -> None:
    with pytest.raises(BadMessage):
        fix(zero, zero)
