"""Token buckets, which limit rates."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable


class TokenBucket:
    """``rate`` tokens a second, at most ``burst`` saved up. Time is an argument, in seconds of any steady clock."""

    __slots__ = ("burst", "rate", "tokens", "updated")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate, self.burst = rate, burst
        self.tokens, self.updated = burst, now

    def spend(self, amount: float, now: float) -> float:
        """Take ``amount`` tokens, even if there are too few. Returns the seconds until the debt is paid, 0.0 without a
        debt."""
        tokens = self.tokens + (now - self.updated) * self.rate
        tokens = (tokens if tokens < self.burst else self.burst) - amount
        self.tokens, self.updated = tokens, now
        return 0.0 if tokens >= 0 else -tokens / self.rate

    def take(self, amount: float, now: float) -> float:
        """Take ``amount`` tokens only if there are enough. Returns 0.0, or the seconds until there will be."""
        wait = self.spend(amount, now)
        if wait:
            self.tokens += amount
        return wait


class TokenBuckets:
    """One bucket per key, for the ``most`` keys used last; a dropped key starts with a full one again."""

    def __init__(self, rate: float, burst: float, most: int) -> None:
        self.rate, self.burst, self.most = rate, burst, most
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()

    def of(self, key: Hashable, now: float) -> TokenBucket:
        """The bucket of a key; a full one for a new key."""
        bucket = self._buckets.get(key)
        if bucket is not None:
            self._buckets.move_to_end(key)
            return bucket
        if len(self._buckets) >= self.most:
            self._buckets.popitem(last=False)
        bucket = self._buckets[key] = TokenBucket(self.rate, self.burst, now)
        return bucket

    def __len__(self) -> int:
        return len(self._buckets)
