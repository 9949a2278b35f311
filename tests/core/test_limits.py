from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from hub.core.limits import TokenBucket, TokenBuckets


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
