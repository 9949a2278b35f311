"""Limits of login attempts: who guesses passwords is slowed down, and locks nobody out by it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil

from hub.core.limits import TokenBucket, TokenBuckets
from hub.core.network import network_of
from hub.settings import Settings

WINDOW = 600.0
"""Seconds in which the settings' numbers of attempts are allowed: a bucket of that many that is full again after it."""

REMEMBERED = 10_000
"""Buckets of each kind, and pairs of user and address that logged in: a few MB. Beyond it the longest unused goes."""


class TooManyAttempts(Exception):
    """Login attempts exceed a limit; the next one is possible after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong passwords: the next attempt is possible in {seconds} s")
        self.seconds = seconds


class Logins:
    """What was tried of late, in this process. ``clock`` gives seconds."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_pair = _attempts(settings.login_attempts)
        self._by_address = _attempts(settings.login_attempts_per_address)
        self._by_user = _attempts(settings.login_attempts_per_user)
        self._known: OrderedDict[Hashable, None] = OrderedDict()

    def attempt(self, username: str, address: str) -> None:
        """Count an attempt before its password is looked at, so that many at once are many. Raises
        ``TooManyAttempts``."""
        now = self._clock()
        # An address that has to wait is not asked for whom: it could name so many that everybody's count is forgotten.
        wait = self._by_address.of(network_of(address), now).take(1, now)
        if not wait:
            buckets = self._buckets(username, address)
            wait = max(bucket.spend(1, now) for bucket in buckets[1:])
            if wait:
                # A refused attempt costs nothing: repeating it must not make the wait longer.
                for bucket in buckets:
                    bucket.spend(-1, now)
        if wait:
            raise TooManyAttempts(ceil(wait))

    def right(self, username: str, address: str) -> None:
        """The attempt had the right password: it does not count, and the address is one of the user's own."""
        now = self._clock()
        for bucket in self._buckets(username, address):
            bucket.spend(-1, now)
        pair = (username, network_of(address))
        self._known[pair] = None
        self._known.move_to_end(pair)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _buckets(self, username: str, address: str) -> list[TokenBucket]:
        """What an attempt counts for, the address first."""
        now, net = self._clock(), network_of(address)
        buckets = [self._by_address.of(net, now), self._by_pair.of((username, net), now)]
        # Guesses from elsewhere must not keep a user out who comes from where they always come from.
        return buckets if (username, net) in self._known else [*buckets, self._by_user.of(username, now)]


def _attempts(number: int) -> TokenBuckets:
    return TokenBuckets(number / WINDOW, number, REMEMBERED)
