"""Token buckets: how much of something a client may do in a time."""

from __future__ import annotations


class TokenBucket:
    """``rate`` tokens a second, at most ``burst`` saved up. Time is an argument, in seconds of any steady clock."""

    __slots__ = ("burst", "rate", "tokens", "updated")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate, self.burst = rate, burst
        self.tokens, self.updated = burst, now

    def spend(self, amount: float, now: float) -> float:
        """Take ``amount`` tokens, also when there are too few. Returns the seconds until the debt is worked off, 0.0
        when there was no debt."""
        tokens = min(self.burst, self.tokens + (now - self.updated) * self.rate) - amount
        self.tokens, self.updated = tokens, now
        return 0.0 if tokens >= 0 else -tokens / self.rate

    def take(self, amount: float, now: float) -> float:
        """Take ``amount`` tokens only if there are enough. Returns 0.0, or the seconds until there will be."""
        wait = self.spend(amount, now)
        if wait:
            self.tokens += amount
        return wait
