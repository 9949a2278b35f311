"""The outbox against a model: newest frame of each key, oldest debt first, the lane whole and in order."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hub.core.live.outbox import DRAIN_CHUNK, Outbox
from tests.support.laws import examples


class Transport:
    """Takes bytes until more than ``high`` wait, then asks for a pause; ends it when all but ``low`` have been read."""

    def __init__(self, high: int, lane_limit: int = 10**9) -> None:
        self.high, self.low = high, high // 4
        self.waiting = b""
        self.paused = False
        self.outbox = Outbox(self._write, lane_limit)

    def _write(self, data: bytes) -> None:
        assert data, "an empty write"
        assert not self.paused, "a write above the high-water mark"
        self.waiting += data
        if len(self.waiting) > self.high:
            self.paused = True
            self.outbox.block()

    def read(self, size: int = 10**9) -> list[str]:
        """The frames that the peer takes: as many whole ones as begin within ``size``."""
        cut = self.waiting.find(b";", min(size, len(self.waiting)) - 1) + 1 if self.waiting else 0
        data, self.waiting = self.waiting[:cut], self.waiting[cut:]
        if self.paused and len(self.waiting) <= self.low:
            self.paused = False
            self.outbox.drain()
        return data.decode().split(";")[:-1]


def test_while_the_transport_takes_data_everything_is_written_at_once() -> None:
    transport = Transport(high=100)
    transport.outbox.send(b"ack 1;")
    transport.outbox.send(b"ack 2;")
    assert transport.waiting == b"ack 1;ack 2;"
    assert transport.outbox.lane is None and transport.outbox.owed is None


def test_a_debt_is_conflated_in_place() -> None:
    transport = Transport(high=0)
    outbox = transport.outbox
    outbox.send(b"first;")  # and now it blocks
    outbox.owe("a", b"a1;")
    outbox.owe("b", b"b1;")
    outbox.owe("a", b"a2;")
    outbox.send(b"ack;")
    assert outbox.conflated == 1
    transport.high = transport.low = 100
    assert transport.read() == ["first"]
    assert transport.read() == ["ack", "a2", "b1"]  # the lane first, then debts, oldest first
    assert outbox.owed is None and outbox.lane is None and outbox.lane_bytes == 0


def test_owe_last_goes_behind_what_is_owed_now() -> None:
    transport = Transport(high=100)
    outbox = transport.outbox
    outbox.owe_last("left", b"left;")
    outbox.owe("a", b"a1;")
    outbox.owe_last("left", b"left again;")
    outbox.owe("a", b"a2;")
    outbox.drain()
    assert transport.read() == ["a2", "left again"]


def test_forget() -> None:
    transport = Transport(high=100)
    outbox = transport.outbox
    outbox.forget("a")  # nothing is owed
    outbox.owe("a", b"a1;")
    outbox.owe("b", b"b1;")
    outbox.forget("a")
    outbox.drain()
    assert transport.read() == ["b1"]


def test_the_lane_overflows_and_keeps_what_it_has() -> None:
    transport = Transport(high=0, lane_limit=8)
    outbox = transport.outbox
    outbox.send(b"first;")
    outbox.send(b"ack1;")
    assert not outbox.overflowed
    outbox.send(b"ack2;")
    assert outbox.overflowed
    transport.high = transport.low = 100
    assert [*transport.read(), *transport.read()] == ["first", "ack1", "ack2"]


def test_a_snapshot_is_paid_in_chunks() -> None:
    """A subscription to a large fleet costs the transport a chunk above its mark, not the fleet."""
    transport = Transport(high=1_000)
    for number in range(10 * DRAIN_CHUNK):
        transport.outbox.owe(number, b"%099d;" % number)
    transport.outbox.drain()
    assert transport.outbox.blocked
    assert 1_000 < len(transport.waiting) <= 1_000 + DRAIN_CHUNK * 100
    numbers: list[int] = []
    while transport.waiting:
        numbers += map(int, transport.read(500))
    assert numbers == list(range(10 * DRAIN_CHUNK))


class Script:
    """Random calls. The model is the list of debts in order, each with its newest frame, and the list of the lane."""

    def __init__(self, seed: int, high: int, lane_limit: int) -> None:
        self.random = Random(seed)
        self.transport = Transport(high, lane_limit)
        self.outbox = self.transport.outbox
        self.lane_limit = lane_limit
        self.debts: dict[str, str] = {}
        self.lane: list[str] = []
        self.frames = self.conflated = 0
        self.overflowed = False
        self.expected: list[str] = []
        self.delivered: list[str] = []

    def run(self, steps: int) -> None:
        for _ in range(steps):
            name = self.random.choices(["owe", "send", "owe_last", "forget", "read", "drain"], [8, 3, 2, 1, 4, 2])[0]
            getattr(self, name)()
            self.check()
        while self.transport.waiting or self.transport.paused or self.debts:
            self.read()
            self.drain()
        assert self.delivered == self.expected
        assert not self.outbox.owed and not self.outbox.lane

    def check(self) -> None:
        outbox = self.outbox
        assert list((outbox.owed or {}).items()) == [(key, frame.encode()) for key, frame in self.debts.items()]
        assert list(outbox.lane or ()) == [frame.encode() for frame in self.lane]
        assert outbox.lane_bytes == sum(map(len, self.lane))
        assert outbox.overflowed == self.overflowed
        assert outbox.conflated == self.conflated

    def frame(self, name: str) -> str:
        self.frames += 1
        return f"{name}{self.frames:0{self.random.choice([1, 30])}};"

    def owe(self) -> None:
        key = self.random.choice("abcdefgh")
        self.conflated += key in self.debts
        self.debts[key] = self.frame(key)
        self.outbox.owe(key, self.debts[key].encode())

    def owe_last(self) -> None:
        key = self.random.choice("abcdefgh")
        self.debts.pop(key, None)
        self.debts[key] = self.frame(key)
        self.outbox.owe_last(key, self.debts[key].encode())

    def forget(self) -> None:
        key = self.random.choice("abcdefgh")
        self.debts.pop(key, None)
        self.outbox.forget(key)

    def send(self) -> None:
        frame = self.frame("lane")
        if self.outbox.blocked:
            self.lane.append(frame)
            self.overflowed |= sum(map(len, self.lane)) > self.lane_limit
        else:
            self.expected.append(frame[:-1])
        self.outbox.send(frame.encode())

    def read(self) -> None:
        blocked = self.outbox.blocked
        self.delivered += self.transport.read(self.random.choice([1, 40, 10**9]))
        self.paid()
        assert not blocked or self.outbox.blocked or not (self.debts or self.lane), "something waits without need"

    def drain(self) -> None:
        """As after a snapshot was owed."""
        if not self.outbox.blocked:
            self.outbox.drain()
            self.paid()

    def paid(self) -> None:
        """What left the outbox is what the model says comes next."""
        left = len(self.outbox.lane or ())
        self.expected += [frame[:-1] for frame in self.lane[: len(self.lane) - left]]
        self.lane = self.lane[len(self.lane) - left :]
        owed = self.outbox.owed or {}
        paid = [key for key in self.debts if key not in owed]
        assert paid == list(self.debts)[: len(paid)]
        assert not (paid and self.lane), "a debt went ahead of the lane"
        self.expected += [self.debts.pop(key)[:-1] for key in paid]
        assert self.outbox.blocked == self.transport.paused


@given(st.integers(0, 2**32), st.sampled_from([0, 10, 60, 10**6]), st.sampled_from([5, 100, 10**6]))
@examples(300)
def test_any_course_of_events(seed: int, high: int, lane_limit: int) -> None:
    Script(seed, high, lane_limit).run(120)
