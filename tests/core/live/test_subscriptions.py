from __future__ import annotations

import pytest

from hub.core.geo.areas import BBox, Circle, tile
from hub.core.live.subscriptions import Subscription

DUBAI = BBox(54.9, 24.9, 55.4, 25.4)


@pytest.mark.parametrize(
    ("subscription", "driver_id", "matches"),
    [
        (Subscription("s"), "d1", True),
        (Subscription("s", drivers=frozenset({"d1", "d2"})), "d1", True),
        (Subscription("s", drivers=frozenset({"d1", "d2"})), "d3", False),
        (Subscription("s", drivers=frozenset()), "d1", False),  # no drivers is not all drivers
        (Subscription("s", area=DUBAI), "d1", True),
        (Subscription("s", area=BBox(0, 0, 1, 1)), "d1", False),
        (Subscription("s", area=Circle(25.2, 55.2, 1000)), "d1", True),
        (Subscription("s", area=Circle(25.2, 55.3, 1000)), "d1", False),
    ],
)
def test_matches(subscription: Subscription, driver_id: str, matches: bool) -> None:
    assert subscription.matches(driver_id, 25.2, 55.2) is matches


def test_an_area_has_tiles_of_one_level() -> None:
    subscription = Subscription("s", area=DUBAI)
    assert subscription.level == 12
    assert tile(12, 25.2, 55.2) in subscription.tiles()
    assert {key >> 48 for key in subscription.tiles()} == {12}


@pytest.mark.parametrize("subscription", [Subscription("s"), Subscription("s", drivers=frozenset({"d1"}))])
def test_others_have_none(subscription: Subscription) -> None:
    assert subscription.tiles() == []


@pytest.mark.parametrize(("max_hz", "period"), [(None, 0.0), (2.0, 0.5), (0.01, 100.0)])
def test_period(max_hz: float | None, period: float) -> None:
    assert Subscription("s", max_hz=max_hz).period == period
