"""Rules: what they watch."""

from __future__ import annotations

import msgspec
import pytest

from hub.core.alerts.rules import AT_BEGIN, CONDITIONS, KINDS, RuleWatch, drivers_of
from tests.core.alerts.test_changes import rule


def test_an_empty_watch_is_everything() -> None:
    found = rule("fence.entered")
    assert found.concerns("d") and found.concerns("d", "f")
    one = rule("fence.entered", watch=RuleWatch(["d"], ["f"]))
    assert one.concerns("d", "f")
    assert not one.concerns("d", "g") and not one.concerns("e", "f")


def test_the_drivers_of_groups_are_watched() -> None:
    groups = {"a": frozenset({"vans", "north"}), "b": frozenset({"south"})}
    found = rule("alarm", watch=RuleWatch(["d"], groups=["vans"]), groups=groups)
    assert [found.concerns(driver) for driver in ("a", "b", "d")] == [True, False, True]
    # Without a member it watches no driver, instead of all.
    found = rule("alarm", watch=RuleWatch(groups=["none"]), groups=groups)
    assert not found.concerns("a")
    assert drivers_of(RuleWatch(), groups) is None


def test_the_groups_of_kinds_are_kinds() -> None:
    assert KINDS.keys() >= CONDITIONS | AT_BEGIN


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("overspeed", {}),
        ("overspeed", {"limit": 0}),
        ("overspeed", {"limit": 30, "hold": 5}),
        ("offline", {"after": 5}),
        ("battery", {"below": 2}),
        ("stopped", {"after": 10}),
        ("maintenance", {"every": 1}),
        ("maintenance", {"days": 0}),
        ("maintenance", {"days": 1.5}),
        ("trip.ended", {"x": 1}),
        ("alarm", {"alarms": "sos"}),
    ],
)
def test_params_are_checked(kind: str, params: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(params, KINDS[kind])
