"""Go-back-N: transcripts, and the law that every fix arrives with any behaviour of hub and network."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from clients.outbox import MemoryOutbox
from clients.window import Window


def window(fixes: int, **limits: int) -> Window:
    outbox = MemoryOutbox()
    for number in range(1, fixes + 1):
        outbox.put(b'{"n":%d}' % number)
    return Window(outbox, **limits)


def numbers(message: bytes | None) -> list[int]:
    """The msgNos of a message."""
    if message is None:
        return []
    decoded = msgspec.json.decode(message)
    return [fix["msgNo"] for fix in (decoded if isinstance(decoded, list) else [decoded])]


def test_one_fix_is_an_object_and_several_an_array() -> None:
    one = window(1)
    assert one.next_message() == b'{"msgNo":1,"n":1}'
    assert one.next_message() is None
    assert window(2).next_message() == b'[{"msgNo":1,"n":1},{"msgNo":2,"n":2}]'


def test_no_more_than_a_message_holds_and_than_may_be_in_flight() -> None:
    sender = window(10, max_batch=2, max_in_flight=5)
    assert numbers(sender.next_message()) == [1, 2]
    assert numbers(sender.next_message()) == [3, 4]
    assert sender.next_message() is None, "a whole batch no longer fits"
    assert sender.acked(1) == 1
    assert numbers(sender.next_message()) == [5, 6]
    assert sender.in_flight == 5


def test_bytes_bound_a_message_and_a_large_fix_goes_alone() -> None:
    sender = window(0, max_bytes=60)
    for size in (20, 20, 100, 20):
        sender.outbox.put(b'{"x":"%b"}' % (b"x" * size))
    assert [numbers(sender.next_message()) for _ in range(4)] == [[1], [2], [3], [4]]
    sender = window(0, max_bytes=100)
    for _ in range(3):
        sender.outbox.put(b'{"x":"%b"}' % (b"x" * 20))
    assert [numbers(sender.next_message()) for _ in range(2)] == [[1, 2], [3]]


def test_a_nack_goes_back() -> None:
    sender = window(6, max_batch=2)
    for _ in range(3):
        sender.next_message()
    sender.acked(2)
    sender.nacked(4)
    assert sender.in_flight == 1
    assert numbers(sender.next_message()) == [4, 5]
    sender.nacked(6)  # of what was sent before: not again, since it has not been sent again yet
    assert numbers(sender.next_message()) == [6]


def test_a_rejected_fix_is_removed_and_delays_no_other() -> None:
    sender = window(3)
    sender.next_message()
    assert sender.rejected(2) == b'{"n":2}'
    assert sender.rejected(2) is None
    assert sender.acked(3) == 2
    assert len(sender.outbox) == 0


def test_a_new_connection_sends_everything_again() -> None:
    sender = window(3)
    assert numbers(sender.next_message()) == [1, 2, 3]
    sender.acked(1)
    sender.restart()
    assert sender.in_flight == 0
    assert numbers(sender.next_message()) == [2, 3]


def test_an_ack_settles_only_what_was_sent_over_this_connection() -> None:
    sender = window(3, max_batch=1)
    sender.next_message()
    assert sender.acked(3) == 1
    assert len(sender.outbox) == 2


class GoBackNHub:
    """The hub's side of the contract: messages wait on the wire; a full hub refuses from a number on."""

    def __init__(self, bad: set[int]) -> None:
        self.bad = bad
        self.logged: list[int] = []
        self.wire: list[list[int]] = []
        self.refused_from: int | None = None

    def cut(self) -> None:
        self.wire.clear()
        self.refused_from = None

    def read(self, sender: Window, full: bool) -> None:
        if not self.wire:
            return
        through = 0
        for number in self.wire.pop(0):
            if self.refused_from is not None and number > self.refused_from:
                continue
            if full:
                if self.refused_from != number:
                    self.refused_from = number
                sender.nacked(number)
                continue
            self.refused_from = None
            if number in self.bad:
                sender.rejected(number)
            else:
                self.logged.append(number)
            through = number
        if through:
            sender.acked(through)


@given(
    fixes=st.integers(0, 30),
    bad=st.sets(st.integers(1, 30)),
    script=st.lists(st.sampled_from(["put", "send", "read", "full", "cut"]), max_size=80),
)
def test_everything_arrives_in_order_and_nothing_acked_is_missing(fixes: int, bad: set[int], script: list[str]) -> None:
    sender = window(fixes, max_batch=3, max_in_flight=7)
    hub = GoBackNHub(bad)
    put = fixes
    for step in [*script, *["cut"], *["send", "read"] * (fixes + len(script) + 1)]:
        match step:
            case "put":
                put = sender.outbox.put(b'{"n":1}')
            case "send" if message := sender.next_message():
                hub.wire.append(numbers(message))
            case "read":
                hub.read(sender, full=False)
            case "full":
                hub.read(sender, full=True)
            case "cut":
                hub.cut()
                sender.restart()
        waiting = {number for number, _ in sender.outbox.after(0, 99)}
        assert set(range(1, put + 1)) - waiting <= set(hub.logged) | bad
        assert sender.in_flight <= 7
    assert len(sender.outbox) == 0
    assert set(hub.logged) == set(range(1, put + 1)) - bad
    firsts = list(dict.fromkeys(hub.logged))
    assert firsts == sorted(firsts)
