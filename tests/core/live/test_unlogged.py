"""Group commit: what is in which batch; and go-back-N, which keeps a cumulative ack from covering what is lost."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hub.core.live.client import Client
from hub.core.live.unlogged import RESTORED_AT_ONCE, Batch, Unlogged
from hub.core.live.update import Update
from hub.core.principal import Principal, Role
from tests.support.laws import examples

NINE = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def client(id: int = 1) -> Client:
    return Client(id, Principal("f", Role.GATEWAY), bytes)


def update(driver_id: str, seq: int) -> Update:
    return Update(driver_id, 1.0, 2.0, NINE, seq, b"frame", 0)


def test_a_batch_holds_positions_by_fleet_and_the_newest_live_one_of_each_driver() -> None:
    unlogged = Unlogged(limit=100, entry=100)
    first, late, second, other = update("d1", 1), b"late", update("d1", 3), update("d1", 4)
    unlogged.add("f", b"d1 at 1", first)
    unlogged.add("f", late, None)
    unlogged.add("f", b"d1 at 3", second)
    unlogged.add("g", b"another d1", other)
    batch = unlogged.take()
    assert batch is not None and batch.size == 4
    assert batch.payloads == {"f": [b"d1 at 1", late, b"d1 at 3"], "g": [b"another d1"]}
    assert batch.latest == {"f": {"d1": (second, b"d1 at 3")}, "g": {"d1": (other, b"another d1")}}
    assert unlogged.take() is None


def test_batches_are_bounded_and_taken_in_order() -> None:
    unlogged = Unlogged(limit=5, entry=2)
    for number in range(5):
        assert not unlogged.full
        unlogged.add("f", b"%d" % number, None)
    assert unlogged.full
    taken = []
    while (batch := unlogged.take()) is not None:
        taken.append(batch)
    assert [batch.payloads["f"] for batch in taken] == [[b"0", b"1"], [b"2", b"3"], [b"4"]]
    assert unlogged.full and unlogged.size == 5  # what is under way counts until it is durable
    unlogged.settle(taken[0])
    assert not unlogged.full and unlogged.size == 3
    unlogged.settle(taken[1])
    unlogged.settle(taken[2])
    assert unlogged.size == 0


def test_acks_and_callers_wait_for_the_batch_of_the_last_position() -> None:
    unlogged = Unlogged(limit=100, entry=2)
    one, two = client(1), client(2)
    called: list[str] = []
    for number in range(3):
        unlogged.add("f", b"", None)
        unlogged.acknowledge(one, number)
        unlogged.when_logged(lambda number=number: called.append(number))
    unlogged.acknowledge(two, 9)
    first, second = unlogged.take(), unlogged.take()
    assert first is not None and second is not None
    assert first.acks == {one: 1} and second.acks == {one: 2, two: 9}
    assert [len(batch.waiters) for batch in (first, second)] == [2, 1]
    assert called == []


def test_a_caller_without_a_position_waits_behind_what_is_under_way() -> None:
    unlogged = Unlogged(limit=100, entry=2)
    unlogged.add("f", b"", None)
    under_way = unlogged.take()
    unlogged.when_logged(lambda: None)
    batch = unlogged.take()
    assert under_way is not batch is not None
    assert batch.size == 0 and len(batch.waiters) == 1


def fill(unlogged: Unlogged) -> None:
    while not unlogged.full:
        unlogged.add("f", b"", None)


def empty(unlogged: Unlogged) -> None:
    while (batch := unlogged.take()) is not None:
        unlogged.settle(batch)


def test_what_follows_a_refused_message_is_refused_until_it_is_sent_again() -> None:
    unlogged, driver = Unlogged(limit=2, entry=2), client()
    assert not driver.refuses(1, unlogged.full)
    fill(unlogged)
    assert driver.refuses(2, unlogged.full) and driver.refused_from == 2
    assert driver.refuses(3, unlogged.full) and driver.refused_from == 2
    empty(unlogged)
    assert driver.refuses(4, unlogged.full)  # there is room, but 2 and 3 are missing
    assert not driver.refuses(2, unlogged.full)
    assert not driver.refuses(3, unlogged.full)
    fill(unlogged)
    assert driver.refuses(3, unlogged.full)
    assert driver.refuses(2, unlogged.full) and driver.refused_from == 2  # it went further back


def test_other_clients_and_messages_without_a_number_are_not_held_up() -> None:
    unlogged, driver, other = Unlogged(limit=2, entry=2), client(1), client(2)
    fill(unlogged)
    assert driver.refuses(5, unlogged.full)
    assert driver.refuses(None, unlogged.full) and other.refuses(None, unlogged.full)
    empty(unlogged)
    assert not driver.refuses(None, unlogged.full)
    assert not other.refuses(9, unlogged.full)
    assert driver.refused_from == 5


def test_a_closed_log_takes_nothing() -> None:
    unlogged, driver = Unlogged(limit=2, entry=2), client()
    unlogged.closed = True
    assert unlogged.full and driver.refuses(1, unlogged.full) and driver.refuses(None, unlogged.full)
    unlogged.closed = False
    assert driver.refuses(2, unlogged.full)
    assert not driver.refuses(1, unlogged.full) and not driver.refuses(2, unlogged.full)


class Course:
    """A driver that follows the protocol, a hub of little room, a log that takes batches now and then.

    The driver sends its messages in order, reads answers late, goes back to a message that was refused, and after a
    reconnect to its oldest unanswered one. ``bad`` messages are refused for good, with an error of their own.
    """

    def __init__(self, seed: int, limit: int, entry: int) -> None:
        self.random = Random(seed)
        self.unlogged = Unlogged(limit, entry)
        self.client = client(1)
        self.bad = {number for number in range(400) if self.random.random() < 0.1}
        self.logged: set[int] = set()
        self.under_way: Batch | None = None
        self.answers: deque[tuple[str, int]] = deque()
        # The driver's side: what waits for an answer, and the next one to send.
        self.unanswered: deque[int] = deque()
        self.last = self.next = 0
        self.done: set[int] = set()

    def run(self, steps: int) -> None:
        for _ in range(steps):
            name = self.random.choices(["send", "answer", "take", "settle", "reconnect"], [20, 10, 5, 6, 0.3])[0]
            getattr(self, name)()
        # In calm weather everything is answered.
        for _ in range(10_000):
            if not self.unanswered and self.next > self.last:
                break
            self.send()
            self.answer()
            self.take()
            self.settle()
        assert self.done == set(range(1, self.last + 1))
        assert self.done <= self.logged | self.bad

    def send(self) -> None:
        """The driver sends its next message, a new one when it has sent the others."""
        if self.next > self.last:
            if self.last >= 300:
                return
            self.last += 1
            self.unanswered.append(self.last)
        number = self.next = max(self.next, 1)
        self.next += 1
        if number not in self.done:
            self.receive(number)

    def receive(self, number: int) -> None:
        """As the edge does."""
        if number in self.bad:
            self.answers.append(("invalid", number))
        elif self.client.refuses(number, self.unlogged.full):
            if number == self.client.refused_from:
                self.answers.append(("unavailable", number))
        else:
            self.unlogged.add("f", b"%d" % number, None)
            self.unlogged.acknowledge(self.client, number)

    def answer(self) -> None:
        """The driver reads an answer."""
        if not self.answers:
            return
        kind, number = self.answers.popleft()
        if kind == "unavailable":
            self.next = number
            return
        answered = {number} if kind == "invalid" else {waiting for waiting in self.unanswered if waiting <= number}
        if kind == "ack":
            lost = answered - self.logged - self.bad
            assert not lost, f"the ack of {number} covers {lost}, which the log does not have"
        self.done |= answered
        self.unanswered = deque(waiting for waiting in self.unanswered if waiting not in answered)

    def take(self) -> None:
        if self.under_way is None:
            self.under_way = self.unlogged.take()

    def settle(self) -> None:
        batch, self.under_way = self.under_way, None
        if batch is None:
            return
        self.logged |= {int(payload) for payload in batch.payloads.get("f", [])}
        self.answers += [("ack", number) for waiting, number in batch.acks.items() if waiting is self.client]
        self.unlogged.settle(batch)
        assert self.unlogged.size <= self.unlogged.limit

    def reconnect(self) -> None:
        """What was answered and not read is lost; acks of the old connection are not given on the new one."""
        self.client = client(self.client.id + 1)
        self.answers.clear()
        self.next = self.unanswered[0] if self.unanswered else self.next


@given(st.integers(0, 2**32), st.integers(1, 8), st.integers(1, 4))
@examples(200)
def test_no_ack_covers_what_is_lost(seed: int, limit: int, entry: int) -> None:
    Course(seed, limit, entry).run(400)


def test_what_is_restored_is_spread_over_batches() -> None:
    unlogged = Unlogged(10, 10)
    for number in range(2 * RESTORED_AT_ONCE):
        unlogged.restore("f", update(str(number), number))
    sizes = [len(batch.restored["f"]) for batch in unlogged.waiting]
    assert sizes == [RESTORED_AT_ONCE, RESTORED_AT_ONCE]
