"""Acks and HTTP requests over several partitions, which become durable in any order."""

from __future__ import annotations

from collections import deque
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.core.live.client import Client
from hub.core.live.partitioned import Partitioned
from hub.core.live.unlogged import Batch, when_all_logged
from hub.core.principal import Principal, Role
from tests.support.laws import examples

PARTITIONS = 3


def client(id: int = 1) -> Client:
    return Client(id, Principal("f", Role.GATEWAY), bytes)


def queues(limit: int = 300, entry: int = 100) -> Partitioned:
    """Driver ``n`` is in the partition ``n`` modulo ``PARTITIONS``."""
    return Partitioned(limit, entry, PARTITIONS, lambda fleet, driver_id: int(driver_id) % PARTITIONS)


def send(unlogged: Partitioned, sender: Client, msg_no: int, driver: int) -> None:
    queue = unlogged.of("f", str(driver))
    queue.add("f", b"", None)
    queue.acknowledge(sender, msg_no)


def test_an_ack_waits_for_what_was_sent_before_to_another_partition() -> None:
    unlogged, sender = queues(), client()
    for number, driver in enumerate([0, 1, 1, 0, 2]):
        send(unlogged, sender, number, driver)
    batches = [queue.take() for queue in unlogged.queues]
    assert [dict(batch.confirmed()) for batch in reversed(batches) if batch] == [{}, {}, {sender: 4}]


def test_a_message_with_positions_in_several_partitions_is_acked_by_the_last() -> None:
    unlogged, sender = queues(), client()
    for driver in (0, 1, 2, 1):
        send(unlogged, sender, 7, driver)
    batches = [queue.take() for queue in unlogged.queues]
    assert [dict(batch.confirmed()) for batch in batches if batch] == [{}, {}, {sender: 7}]


def test_a_partition_that_does_not_answer_fills_no_other() -> None:
    unlogged = queues(limit=10)
    first, second = unlogged.of("f", "0"), unlogged.of("f", "1")
    while not first.full:
        first.add("f", b"", None)
    assert first.size == 4 and not second.full and unlogged.size == 4
    unlogged.closed = True
    assert second.full


def test_a_request_waits_for_all_of_its_partitions_and_no_other() -> None:
    unlogged = queues()
    done: list[str] = []
    unlogged.of("f", "2").add("f", b"", None)
    when_all_logged({unlogged.of("f", "0"), unlogged.of("f", "1")}, lambda: done.append("both"))
    when_all_logged({unlogged.of("f", "1")}, lambda: done.append("one"))
    second, first = unlogged.queues[1].take(), unlogged.queues[0].take()
    assert first is not None and second is not None
    for batch, told in ((second, ["one"]), (first, ["one", "both"])):
        for waiter in batch.waiters:
            waiter()
        assert done == told


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 1), st.lists(st.integers(0, 5), min_size=1, max_size=3)),
        st.tuples(st.just("take"), st.integers(0, PARTITIONS - 1)),
        st.tuples(st.just("log"), st.integers(0, PARTITIONS - 1)),
    ),
    max_size=60,
)


@given(STEPS, st.integers(1, 3))
@examples(400)
def test_an_ack_covers_what_is_logged_in_every_partition_and_all_of_it(steps: list[Any], entry: int) -> None:
    """Against a model that looks at every message: the ack is the highest number below which nothing is missing."""
    unlogged, clients = queues(10_000, entry), [client(1), client(2)]
    sent: list[list[set[int]]] = [[], []]  # of each client and message, its positions that are not logged
    acked = [-1, -1]
    under_way: list[deque[tuple[Batch, list[tuple[int, int, int]]]]] = [deque() for _ in range(PARTITIONS)]
    waiting: list[deque[tuple[int, int, int]]] = [deque() for _ in range(PARTITIONS)]
    count = 0
    rest = [("take", n) for n in range(PARTITIONS)] + [("log", n) for n in range(PARTITIONS)]
    for name, *what in [*steps, *(rest * (6 * len(steps) + 1))]:
        if name == "send":
            number, drivers = what
            sent[number].append(set())
            for driver in drivers:
                msg_no = len(sent[number]) - 1
                send(unlogged, clients[number], msg_no, driver)
                sent[number][msg_no].add(count)
                waiting[driver % PARTITIONS].append((number, msg_no, count))
                count += 1
        elif name == "take":
            batch = unlogged.queues[what[0]].take()
            if batch is not None:
                under_way[what[0]].append((batch, [waiting[what[0]].popleft() for _ in range(batch.size)]))
        elif under_way[what[0]]:
            batch, positions = under_way[what[0]].popleft()
            for number, msg_no, position in positions:
                sent[number][msg_no].discard(position)
            told = {clients.index(one): msg_no for one, msg_no in batch.confirmed()}
            for number in (0, 1):
                right = next((n for n, left in enumerate(sent[number]) if left), len(sent[number])) - 1
                assert told.get(number, acked[number]) == right
                acked[number] = right
    assert acked == [len(messages) - 1 for messages in sent]
