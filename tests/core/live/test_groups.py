"""The members of groups, after each change of the groups of drivers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.core.live.facts.groups import members_of, regroup
from hub.core.live.hub import Hub
from tests.support.laws import examples

DRIVERS = ["d1", "d2", "d3", "d4"]

groups_of_drivers = st.dictionaries(st.sampled_from(DRIVERS), st.frozensets(st.sampled_from("gh"), min_size=1))


@given(st.lists(groups_of_drivers, min_size=1))
@examples(20)
def test_members_of_a_group_follow_each_change(changes: list[dict[str, frozenset[str]]]) -> None:
    hub = Hub(epoch="t")
    for groups in changes:
        regroup(hub, {"f": groups})
        for group in "ghi":
            expected = {driver for driver in DRIVERS if group in groups.get(driver, ())}
            assert set(members_of(hub.fleet("f"), group)) == expected
