"""Positions of other nodes that are not applied: nothing would remain of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as some

from hub.core.live.hub import Hub
from hub.core.live.others import Others, Row
from hub.core.live.subscriptions import Subscription
from hub.core.live.update import Update
from hub.core.nouns import Position
from tests.support.live.fakes import DISPATCHER, Peer, line, unline

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Node:
    def __init__(self) -> None:
        self.hub = Hub("me", line, unline)
        self.inverted: set[str] = set()
        self.others = Others(self.hub, lambda _, update: self.inverted.add(update.driver_id))
        self.fleet = self.hub.fleet("f")

    def read(self, payloads: list[bytes], entry: int, *, all: bool) -> int:
        """Apply an entry; the number of rows that were applied."""
        rows = [msgspec.json.decode(payload, type=Row) for payload in payloads]
        needed = list(range(len(rows))) if all else self.others.needed(self.fleet, rows, NOW)
        for index in needed:
            self.others.apply(self.fleet, rows[index], payloads[index], entry, NOW)
        return len(needed)

    @property
    def state(self) -> Any:
        def of(update: Update) -> Any:
            return update.latitude, update.recorded_at, update.accuracy, update.entry

        heard = {driver: self.fleet.heard_at(driver) for driver in self.fleet.latest}
        return {driver: of(update) for driver, update in self.fleet.latest.items()}, heard


def position(driver: str, recorded: int, received: int, offset: float | None, accuracy: float | None) -> bytes:
    """Of a driver, recorded and received so many seconds after a point in the past."""
    at = NOW - timedelta(seconds=100)
    recorded_at, received_at = at + timedelta(seconds=recorded), at + timedelta(seconds=received)
    return msgspec.json.encode(
        Position(driver, recorded / 10, 1.0, recorded_at, received_at, recorded, accuracy=accuracy, clock_offset=offset)
    )


positions = some.builds(
    position,
    some.sampled_from(["a", "b"]),
    # Up to 20 s beyond what may be in the future.
    some.integers(0, 180),
    some.integers(0, 100),
    some.sampled_from([None, None, None, 30.0]),
    some.sampled_from([None, 5.0]),
)


@given(some.lists(some.lists(positions, max_size=8), max_size=4))
def test_without_the_rows_that_are_not_needed_the_same_remains(entries: list[list[bytes]]) -> None:
    every, few = Node(), Node()
    for number, payloads in enumerate(entries, 1):
        every.read(payloads, number, all=True)
        few.read(payloads, number, all=False)
    assert few.state == every.state
    # An entry leaves its newest position of a driver as the stored one, so an older one in it inverts nothing.
    assert few.inverted <= every.inverted


def array(count: int) -> list[bytes]:
    return [position("a", number, number, None, None) for number in range(count)]


def test_of_an_array_the_newest_is_needed() -> None:
    node = Node()
    assert node.read(array(50), 1, all=False) == 1
    assert node.fleet.latest["a"].latitude == 4.9


def test_a_screen_gets_all() -> None:
    node = Node()
    peer = Peer(node.hub, DISPATCHER)
    node.hub.subscribe(peer.client, Subscription("s"))
    peer.read()
    assert node.read(array(50), 1, all=False) == 50
    node.hub.flush()
    assert len([message for message in peer.read() if message["type"] == "location"]) == 50
    node.hub.disconnect(peer.client)
    assert node.read(array(50), 2, all=False) == 1


def test_one_in_the_future_replaces_nothing() -> None:
    node = Node()
    assert node.read([position("a", 50, 60, None, None), position("a", 180, 61, None, None)], 1, all=False) == 2
    assert node.fleet.latest["a"].latitude == 5.0
