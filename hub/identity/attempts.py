"""Limits of login attempts: they slow guessing down without locking users out."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from math import ceil
from typing import Any

from hub.core.limits import TokenBucket, TokenBuckets
from hub.core.network import network_of
from hub.settings import Settings

WINDOW = 600.0
"""Seconds in which the configured numbers of attempts are allowed: the time in which an empty bucket fills."""

REMEMBERED = 10_000
"""Most buckets of each kind, and most remembered pairs of user and address: a few MB. The longest unused is removed."""


class TooManyAttempts(Exception):
    """Login attempts exceed a limit; the next one is possible after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong logins: the next attempt is possible in {seconds} s")
        self.seconds = seconds


class Logins:
    """Recent login attempts in this process. ``clock`` gives seconds."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_pair = _attempts(settings.login_attempts)
        self._by_address = _attempts(settings.login_attempts_per_address)
        self._by_user = _attempts(settings.login_attempts_per_user)
        self._known: OrderedDict[Hashable, None] = OrderedDict()

    def attempt(self, username: str, address: str) -> None:
        """Count an attempt before its password is checked, so that concurrent attempts all count. Raises
        ``TooManyAttempts``."""
        now = self._clock()
        # A limited address does not reach the other buckets: with many usernames it could push those of others out.
        wait = self._by_address.of(network_of(address), now).take(1, now)
        if not wait:
            buckets = self._buckets(username, address)
            wait = max(bucket.spend(1, now) for bucket in buckets[1:])
            if wait:
                # A refused attempt is not counted: repeating it must not prolong the wait.
                for bucket in buckets:
                    bucket.spend(-1, now)
        if wait:
            raise TooManyAttempts(ceil(wait))

    def withdraw(self, username: str, address: str) -> None:
        """Withdraw an attempt with the right password that lacks something else."""
        now = self._clock()
        for bucket in self._buckets(username, address):
            bucket.spend(-1, now)

    def right(self, username: str, address: str) -> None:
        """Withdraw an attempt that logged in, and remember its address for the user."""
        self.withdraw(username, address)
        pair = (username, network_of(address))
        self._known[pair] = None
        self._known.move_to_end(pair)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def attempt_of_address(self, address: str) -> None:
        """Count an attempt before its user is known. Raises ``TooManyAttempts``."""
        now = self._clock()
        wait = self._by_address.of(network_of(address), now).take(1, now)
        if wait:
            raise TooManyAttempts(ceil(wait))

    def withdraw_of_address(self, address: str) -> None:
        """Withdraw such an attempt."""
        now = self._clock()
        self._by_address.of(network_of(address), now).spend(-1, now)

    def _buckets(self, username: str, address: str) -> Sequence[TokenBucket]:
        """Buckets of an attempt, that of the address first."""
        now, net = self._clock(), network_of(address)
        buckets: list[TokenBucket] = [self._by_address.of(net, now), self._by_pair.of((username, net), now)]
        # Guesses from other addresses must not lock users out at addresses where they logged in before.
        return buckets if (username, net) in self._known else [*buckets, self._by_user.of(username, now)]


def _attempts(number: int) -> TokenBuckets[Any]:
    return TokenBuckets(number / WINDOW, number, REMEMBERED)
