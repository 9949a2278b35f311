from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from hub.core.limits import SharedBuckets, TokenBucket, TokenBuckets


def test_a_burst_then_the_rate() -> None:
    bucket = TokenBucket(rate=10, burst=20, now=100.0)
    assert bucket.spend(20, 100.0) == 0.0
    assert bucket.spend(1, 100.0) == 0.1  # a debt of one token, a tenth of a second
    assert bucket.spend(5, 100.0) == 0.6  # debts add up
    assert bucket.spend(1, 100.6) == approx(0.1)
    assert bucket.spend(1, 100.9) == 0.0
    assert bucket.spend(0, 100.9) == 0.0


def test_no_more_than_the_burst_is_saved() -> None:
    bucket = TokenBucket(rate=10, burst=20, now=0.0)
    assert bucket.spend(20, 3600.0) == 0.0
    assert bucket.spend(20, 3600.0) == 2.0


def test_what_is_refused_is_not_taken() -> None:
    bucket = TokenBucket(rate=10, burst=20, now=0.0)
    assert bucket.take(20, 0.0) == 0.0
    assert [bucket.take(1, 0.0) for _ in range(3)] == [0.1] * 3
    assert bucket.take(1, 0.1) == 0.0
    assert bucket.take(1, 0.1) == approx(0.1)


@given(
    rate=st.floats(0.1, 1000),
    burst=st.floats(1, 1000),
    steps=st.lists(st.tuples(st.floats(0, 10), st.floats(0, 2000)), min_size=1, max_size=30),
)
def test_never_more_than_burst_and_rate_allow(rate: float, burst: float, steps: list[tuple[float, float]]) -> None:
    """From any step to any later one that left no debt, at most the burst and what the time brought was spent."""
    bucket, now = TokenBucket(rate, burst, 0.0), 0.0
    spent: list[tuple[float, float]] = []
    for pause, amount in steps:
        now += pause
        wait = bucket.spend(amount, now)
        spent.append((now, amount))
        if not wait:
            for first, (since, _) in enumerate(spent):
                total = sum(amount for _, amount in spent[first:])
                assert total <= (burst + rate * (now - since)) * (1 + 1e-9) + 1e-6
        # Whoever waits as long as it was told is free again.
        assert TokenBucket.spend(_copy(bucket), 0, now + wait) == approx(0.0, abs=1e-6)


def _copy(bucket: TokenBucket) -> TokenBucket:
    copy = TokenBucket(bucket.rate, bucket.burst, bucket.updated)
    copy.tokens = bucket.tokens
    return copy


def test_those_not_heard_of_for_longest_are_forgotten() -> None:
    rates = TokenBuckets(rate=1, burst=5, most=3)
    rates.of("a", 0.0).spend(5, 0.0)
    for name in "bcd":
        rates.of(name, 0.0).spend(1, 0.0)
        assert rates.of("a", 0.0).take(1, 0.0) > 0  # it asks all the time, so it is remembered
    for number in range(1000):
        rates.of(number, 0.0)
    assert len(rates) == 3
    assert rates.of("a", 0.0).take(5, 0.0) == 0.0


class Nodes:
    """Nodes with a bucket each for the key k, whose requests may be refused, and which exchange once a second."""

    def __init__(self, count: int, rate: float = 100, least_burst: float = 1.0) -> None:
        self.buckets: list[SharedBuckets[str]] = [
            SharedBuckets(rate, rate, most=10, least_burst=least_burst) for _ in range(count)
        ]
        self.accepted = [0.0] * count
        self.now = 0.0

    def run(self, seconds: int, rates: Sequence[float], amount: float = 1.0, exchanging: bool = True) -> float:
        """The tokens that were taken while so many a second were asked for at each node."""
        before = sum(self.accepted)
        step = 0.01
        due = [0.0] * len(rates)
        for number in range(1, round(seconds / step) + 1):
            self.now += step
            for node, rate in enumerate(rates):
                due[node] += rate * step
                while due[node] >= amount:
                    due[node] -= amount
                    if not self.buckets[node].of("k", self.now).take(amount, self.now):
                        self.accepted[node] += amount
            if exchanging and number % 100 == 0:
                told = [buckets.asked(self.now) for buckets in self.buckets]
                for node, buckets in enumerate(self.buckets):
                    others = sum(one.get("k", 0.0) for other, one in enumerate(told) if other != node)
                    buckets.share({"k": others} if others else {}, self.now)
        return sum(self.accepted) - before


def test_nodes_together_allow_about_one_limit() -> None:
    one = Nodes(1).run(30, [300])
    assert one == approx(100 + 30 * 100, rel=0.01)
    assert Nodes(3).run(30, [100, 100, 100], exchanging=False) == approx(3 * one, rel=0.05)
    assert one <= Nodes(3).run(30, [100, 100, 100]) <= 1.2 * one
    assert one <= Nodes(3).run(30, [280, 10, 10]) <= 1.2 * one
    assert one <= Nodes(10).run(30, [30] * 10) <= 1.2 * one


def test_a_node_that_is_asked_for_more_gets_more() -> None:
    nodes = Nodes(2)
    nodes.run(10, [300, 100])
    before = list(nodes.accepted)
    nodes.run(10, [300, 100])
    shares = [now - then for now, then in zip(nodes.accepted, before, strict=True)]
    assert shares == approx([750, 250], rel=0.1)


def test_what_others_leave_is_free() -> None:
    nodes = Nodes(2)
    assert nodes.run(20, [60, 30]) == approx(20 * 90, rel=0.01)
    nodes.run(5, [100, 100])
    # The driver has come over: the rate is whole again two exchanges later.
    nodes.run(2, [100, 0])
    assert nodes.run(10, [100, 0]) == approx(1_000, rel=0.01)
    assert nodes.buckets[0].of("k", nodes.now).rate == 100


def test_a_whole_message_fits_however_small_the_share() -> None:
    nodes = Nodes(4, least_burst=50)
    nodes.run(5, [100] * 4)
    before = list(nodes.accepted)
    nodes.run(20, [100] * 4, amount=50)
    assert all(now >= then + 50 for now, then in zip(nodes.accepted, before, strict=True))


def test_slow_keys_are_not_told() -> None:
    nodes = Nodes(1)
    nodes.run(100, [9], exchanging=False)
    assert nodes.buckets[0].noticed == [] and nodes.buckets[0].asked(nodes.now) == {}
    nodes.run(1, [50], exchanging=False)
    assert nodes.buckets[0].asked(nodes.now) == {"k": approx(50, rel=0.2)}
    nodes.run(1, [5], exchanging=False)
    assert nodes.buckets[0].asked(nodes.now) == {} and nodes.buckets[0].noticed == []
