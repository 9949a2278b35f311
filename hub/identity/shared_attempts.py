"""Login attempts that count at all nodes: in Redis, and in this process while Redis is away."""

from __future__ import annotations

from contextlib import suppress
from math import ceil

from redis.asyncio import Redis

from hub.core.network import network_of
from hub.identity.attempts import WINDOW, Logins, TooManyAttempts
from hub.settings import Settings
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.limits import logins
from hub.stores.redis.limits.logins import Attempt, Numbers


class SharedLogins:
    """``Logins`` of all nodes with one Redis. Attempts are counted here as well, so that an attacker gains no guess at
    the moment when Redis goes away."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        self._redis, self._own = redis, Logins(settings)
        self._numbers = Numbers(
            WINDOW, settings.login_attempts_per_address, settings.login_attempts, settings.login_attempts_per_user
        )
        self._remembered = settings.session_lifetime

    async def attempt(self, username: str, address: str) -> None:
        """Count an attempt before its password is checked, so that concurrent attempts all count. Raises
        ``TooManyAttempts``."""
        try:
            wait = await logins.attempt(self._redis, self._numbers, _of(username, address))
        except UNAVAILABLE:
            self._own.attempt(username, address)
            return
        if wait:
            raise TooManyAttempts(ceil(wait))
        with suppress(TooManyAttempts):
            self._own.attempt(username, address)

    async def withdraw(self, username: str, address: str) -> None:
        """Withdraw an attempt with the right password that lacks something else."""
        self._own.withdraw(username, address)
        with suppress(*UNAVAILABLE):
            await logins.withdraw(self._redis, self._numbers, _of(username, address))

    async def right(self, username: str, address: str) -> None:
        """Withdraw an attempt that logged in, and remember its address for the user."""
        self._own.right(username, address)
        with suppress(*UNAVAILABLE):
            await logins.withdraw(self._redis, self._numbers, _of(username, address), remember=self._remembered)

    async def attempt_of_address(self, address: str) -> None:
        """Count an attempt before its user is known. Raises ``TooManyAttempts``."""
        try:
            wait = await logins.attempt(self._redis, self._numbers, _of("", address))
        except UNAVAILABLE:
            self._own.attempt_of_address(address)
            return
        if wait:
            raise TooManyAttempts(ceil(wait))
        with suppress(TooManyAttempts):
            self._own.attempt_of_address(address)

    async def withdraw_of_address(self, address: str) -> None:
        """Withdraw such an attempt."""
        self._own.withdraw_of_address(address)
        with suppress(*UNAVAILABLE):
            await logins.withdraw(self._redis, self._numbers, _of("", address))


def _of(username: str, address: str) -> Attempt:
    return Attempt(username, network_of(address))
