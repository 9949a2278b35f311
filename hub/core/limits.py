"""Token buckets, which limit rates; also rates that several nodes share.

Each node limits by buckets of its own, so that no request waits for another node. Of a key that uses more than
``NOTICED`` of its limit a node tells the others how much, each second; each then takes its share of the rate: what the
others leave, at least its part of all that is asked for. Together they so allow about one limit, once all have heard of
each other, and a key below ``NOTICED`` at each node costs nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from math import inf
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

NOTICED = 0.1
"""Part of a limit above which its use is told to the other nodes: few keys of a busy fleet, and of ten nodes none can
hide more than one limit."""

WINDOW = 1.0
"""Seconds in which that part of a second's tokens is spent by a key that is told."""


class TokenBucket:
    """``rate`` tokens a second, at most ``burst`` saved up. Time is an argument, in seconds of any steady clock."""

    __slots__ = ("burst", "rate", "spent", "threshold", "tokens", "updated")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate, self.burst = rate, burst
        self.tokens, self.updated = burst, now
        self.spent, self.threshold = 0.0, inf

    def spend(self, amount: float, now: float) -> float:
        """Take ``amount`` tokens, even if there are too few. Returns the seconds until the debt is paid, 0.0 without a
        debt."""
        tokens = self.tokens + (now - self.updated) * self.rate
        tokens = (tokens if tokens < self.burst else self.burst) - amount
        self.tokens, self.updated = tokens, now
        self.spent += amount
        if self.spent > self.threshold:
            self.notice(now)
        return 0.0 if tokens >= 0 else -tokens / self.rate

    def take(self, amount: float, now: float) -> float:
        """Take ``amount`` tokens only if there are enough. Returns 0.0, or the seconds until there will be."""
        wait = self.spend(amount, now)
        if wait:
            self.tokens += amount
        return wait

    def notice(self, now: float) -> None:
        """More than ``threshold`` was asked for since ``spent`` was zero."""


class TokenBuckets(Generic[Key]):
    """One bucket per key, for the ``most`` keys used last; a dropped key starts with a full one again."""

    def __init__(self, rate: float, burst: float, most: int) -> None:
        self.rate, self.burst, self.most = rate, burst, most
        self._buckets: OrderedDict[Key, TokenBucket] = OrderedDict()

    def of(self, key: Key, now: float) -> TokenBucket:
        """The bucket of a key; a full one for a new key."""
        bucket = self._buckets.get(key)
        if bucket is not None:
            self._buckets.move_to_end(key)
            return bucket
        if len(self._buckets) >= self.most:
            self._buckets.popitem(last=False)
        bucket = self._buckets[key] = self._full(key, now)
        return bucket

    def _full(self, key: Key, now: float) -> TokenBucket:
        return TokenBucket(self.rate, self.burst, now)

    def __len__(self) -> int:
        return len(self._buckets)


class SharedBucket(TokenBucket, Generic[Key]):
    """A bucket whose rate nodes share. ``asked``: tokens a second that were asked for in the last window."""

    __slots__ = ("_buckets", "asked", "began", "key")

    def __init__(self, buckets: SharedBuckets[Key], key: Key, now: float) -> None:
        super().__init__(buckets.rate, buckets.burst, now)
        self.key, self._buckets = key, buckets
        self.began, self.asked = now, 0.0
        self.threshold = buckets.threshold

    def notice(self, now: float) -> None:
        if now - self.began > WINDOW:  # slowly: a new window
            self.began, self.spent = now, 0.0
        else:
            self.threshold = inf
            self._buckets.noticed.append(self)

    def exchange(self, now: float) -> bool:
        """Begin another window; whether the key is still to be told."""
        # A short window says little: one message may have the fixes of minutes.
        self.asked = self.spent / max(now - self.began, WINDOW / 2)
        self.began, self.spent = now, 0.0
        told = self.asked > NOTICED * self._buckets.rate
        if not told:
            self.threshold, self.asked = self._buckets.threshold, 0.0
        return told

    def restrict(self, rate: float, burst: float, least_burst: float, now: float) -> None:
        """Go on with another rate and burst from now on. What was saved up is shared like the rate, even where more may
        be saved up again because the burst is at least ``least_burst``."""
        self.tokens = min(self.burst, self.tokens + (now - self.updated) * self.rate)
        if rate < self.rate:
            self.tokens = min(self.tokens, burst)
        self.updated, self.rate, self.burst = now, rate, max(burst, least_burst)


class SharedBuckets(TokenBuckets[Key]):
    """Buckets whose rates nodes share. ``least_burst``: of a key that other nodes use, too; what is taken at once must
    fit."""

    def __init__(self, rate: float, burst: float, most: int, least_burst: float = 1.0) -> None:
        super().__init__(rate, burst, most)
        self._least_burst = least_burst
        self.threshold = NOTICED * rate * WINDOW
        self.noticed: list[SharedBucket[Key]] = []
        self._restricted: dict[Key, SharedBucket[Key]] = {}

    def _full(self, key: Key, now: float) -> TokenBucket:
        return SharedBucket(self, key, now)

    def asked(self, now: float) -> dict[Key, float]:
        """Tokens a second that were asked for since the last call, of the keys that are to be told."""
        self.noticed = [bucket for bucket in self.noticed if bucket.exchange(now)]
        return {bucket.key: bucket.asked for bucket in self.noticed}

    def share(self, elsewhere: Mapping[Key, float], now: float) -> None:
        """Take the share of each rate that is left by what is asked for at other nodes, in tokens a second."""
        for key in [key for key in self._restricted if key not in elsewhere]:
            self._restricted.pop(key).restrict(self.rate, self.burst, self._least_burst, now)
        for key, others in elsewhere.items():
            bucket = self._buckets.get(key)
            if not isinstance(bucket, SharedBucket):
                continue
            # A key that is not told may use that much.
            own = max(bucket.asked, NOTICED * self.rate)
            rate = max(self.rate * own / (own + others), self.rate - others)
            bucket.restrict(rate, self.burst * rate / self.rate, self._least_burst, now)
            self._restricted[key] = bucket
