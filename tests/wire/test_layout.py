"""Partitions of the log: their keys, and the partition of each driver."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from hub.wire.layout import MOST, ONE, ONLY, SLOTS, Layout, Partition, load, slot

NUMBERS = [15, 0, 2, 5]

COUNTS = [2, 3, 4, 8, 12, 16, 48, 64, MOST]


@cache
def partitions_of(count: int) -> list[Partition]:
    return Layout("id", count).partitions


def test_one_partition_has_the_keys_of_a_log_without_partitions() -> None:
    assert ONE.partitions == [ONLY]
    assert ONLY[2:] == ("hub:log", "hub:events", "hub:recorder", "hub:fleets")
    assert ONLY.latest("f") == "hub:latest:f"
    assert ONE.of("f", "d") is ONLY


@pytest.mark.parametrize("count", COUNTS)
def test_all_keys_of_a_partition_are_in_one_slot_and_the_slots_are_spread(count: int) -> None:
    partitions = partitions_of(count)
    assert [partition.number for partition in partitions] == list(range(count))
    slots = []
    for partition in partitions:
        keys = [*partition[2:], partition.latest("f"), partition.latest("g{x}")]
        (one,) = {slot(key) for key in keys}
        slots.append(one)
    assert [int(one * count / SLOTS) for one in slots] == list(range(count))


@pytest.mark.parametrize(
    ("count", "primaries"), [(count, primaries) for count in COUNTS for primaries in (3, 4, 6) if count >= primaries]
)
def test_each_primary_of_a_cluster_has_its_share(count: int, primaries: int) -> None:
    """As even as the number allows where each has two or more; with fewer, none has more than one above its share."""
    ends = [round(number * SLOTS / primaries) for number in range(1, primaries + 1)]
    shares = Counter(
        next(primary for primary, end in enumerate(ends) if slot(partition.log) < end)
        for partition in partitions_of(count)
    )
    assert max(shares.values()) <= count / primaries + 1
    assert count < 2 * primaries or min(shares[primary] for primary in range(primaries)) >= count / primaries - 1


def test_the_partition_of_a_driver_never_changes() -> None:
    """The numbers are those of the first release with partitions: positions in a log stay where they are."""
    layout = Layout("id", 16)
    fleets = ("default", "f", "north", "ü")
    assert [layout.of(fleet, "d").number for fleet in fleets] == NUMBERS
    assert [layout.of(fleet, "another").number for fleet in fleets] == NUMBERS
    assert [layout.holding(fleet) for fleet in fleets] == [[layout.partitions[number]] for number in NUMBERS]


def test_drivers_of_a_fleet_are_spread_where_it_is_asked_for() -> None:
    layout = Layout("id", 16, spread=4)
    found = Counter(layout.of("default", f"d{n}").number for n in range(4_000))
    assert set(found) == {partition.number for partition in layout.holding("default")}
    assert min(found.values()) > 800


def test_fleets_are_spread() -> None:
    layout = Layout("id", 16)
    found = Counter(layout.of(f"fleet-{n}", "").number for n in range(16_000))
    assert len(found) == 16 and min(found.values()) > 800


def test_a_layout_comes_back_as_it_was() -> None:
    layout = Layout("some id", 16)
    again = load(layout.dump())
    assert (again.id, again.partitions) == (layout.id, layout.partitions)


@pytest.mark.parametrize("text", [b"", b"{}", b'{"id":"x","partitions":0}', b'{"id":"x","partitions":257}'])
def test_what_is_no_layout_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        load(text)
