"""The laws of the counters: each follower of a position receives it, and screens get what their filters promise."""

from __future__ import annotations

import pytest

from hub.capacity.plan import load_of, partitions_of
from hub.capacity.simulation import Case, Placement, View, followed, simulate
from hub.wire.layout import Layout

SMALL = Case(drivers=400, screens=80, fleets=8, sample=8, partitions=4, seconds=5.0)


def case(nodes: int, placement: Placement = "anywhere", view: View = "all", turn: float = 0.005) -> Case:
    return Case(**{**{name: getattr(SMALL, name) for name in SMALL.__struct_fields__},
                   "nodes": nodes, "placement": placement, "view": view, "turn": turn})  # fmt: skip


@pytest.mark.parametrize("view", ["all", "mixed"])
@pytest.mark.parametrize("placement", ["anywhere", "fleet", "partition"])
def test_every_position_is_delivered_as_the_filters_promise(placement: Placement, view: View) -> None:
    counts, nodes = simulate(case(4, placement, view))
    # Each driver sends once in five seconds.
    assert counts.ingested == 400
    assert counts.deliveries == counts.promised > 0
    assert counts.deliveries <= 400 * 10 and (counts.deliveries == 400 * 10) == (view == "all")
    assert counts.shown == counts.received
    assert counts.bytes >= 100 * counts.deliveries and 0 < counts.writes <= counts.deliveries
    # Every node that follows a partition knows where its drivers are.
    known: dict[tuple[str, str], tuple[float, float]] = {}
    for node in nodes:
        for fleet in node.hub.fleets.values():
            for update in fleet.latest.values():
                place = update.latitude, update.longitude
                assert known.setdefault((fleet.id, update.driver_id), place) == place
    assert len(known) == 400


def test_a_position_is_received_by_all_others_that_follow_it() -> None:
    for nodes in (1, 2, 4, 8):
        counts, _ = simulate(case(nodes))
        assert counts.received == counts.ingested * (nodes - 1)
        assert counts.entries_received == counts.entries * (nodes - 1)
        assert counts.entries_skipped == counts.entries


def test_with_partitions_on_two_nodes_each_node_receives_less_the_more_there_are() -> None:
    received = []
    for nodes in (2, 4):
        counts, _ = simulate(case(nodes, "partition"))
        # One other node follows each.
        assert counts.received == counts.ingested
        received.append(counts.received / nodes)
    assert received[1] == received[0] / 2


def test_a_node_follows_what_its_clients_need() -> None:
    layout = Layout("virtual", 4)
    whole = followed(case(8, "partition"), layout)
    used = {layout.holding(f"fleet-{number}")[0].number for number in range(8)}
    assert set().union(*whole) == used
    assert sum(map(len, whole)) == 2 * len(used)
    assert followed(case(8), layout) == [used] * 8
    # The clients that connect need no others.
    _, nodes = simulate(case(8, "partition"))
    for node, partitions in zip(nodes, whole, strict=True):
        needed = {number for number, place in enumerate(node.hub.log_places) if place.clients}
        assert needed <= partitions


def test_screens_that_are_written_to_less_often_get_the_same() -> None:
    often, _ = simulate(case(2))
    seldom, _ = simulate(case(2, turn=0.25))
    assert often.deliveries == seldom.deliveries
    assert often.bytes == seldom.bytes
    assert seldom.writes < often.writes / 2


def test_the_rates_of_the_log_agree_with_what_was_counted() -> None:
    """They are not scaled from a sample, but follow from all fleets. This sample is all of them."""
    for placement in ("anywhere", "partition"):
        asked = case(4, placement)
        counts, _ = simulate(asked)
        load, seconds = load_of(asked, counts), asked.seconds * asked.nodes
        assert load.transactions == pytest.approx(counts.entries / seconds, rel=0.15)
        assert load.entries == pytest.approx((counts.entries_received + counts.entries_skipped) / seconds, rel=0.15)
        assert load.reads == pytest.approx(counts.reads / seconds, rel=0.15)
        assert load.ingested == counts.ingested / seconds


def test_partitions_are_as_many_as_recorders_need_and_with_placement_as_nodes() -> None:
    large = Case(drivers=1_000_000, screens=100_000, fleets=2_000)
    assert partitions_of(large, 1) == 8 and partitions_of(SMALL, 4) == 1
    assert partitions_of(case(4, "partition"), 16) == 16
