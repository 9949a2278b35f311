"""Passwords: slow hashes, computed off the event loop, and the allowed lengths."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

Result = TypeVar("Result")

SHORTEST, LONGEST = 10, 200
"""Characters. Ten withstand the guesses that the login limits allow; 200 fit a sentence."""

AT_ONCE = 2
"""Concurrent hashes: each takes a core for 0.05 to 0.2 s, and 64 MiB."""

NICENESS = 10
"""The recorder's value. On two busy cores it cuts the delay of the event loop to a third (99th percentile)."""

WAITING = 40
"""Requests that may wait for a hash, up to four seconds on an idle machine; more are refused."""

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without characters that look alike on paper."""

NO_PASSWORD = "!"
"""In place of the hash of a user that has no password: no password matches it."""

_HASHER = PasswordHasher()
# The library's defaults are the second choice of RFC 9106 (Argon2id, 64 MiB, 3 passes, 4 lanes).


class Busy(Exception):
    """``WAITING`` requests wait for a hash. The message is safe to show."""

    retry_after = 5.0
    """Seconds."""


class Passwords:
    """Hashes and checks passwords, a few at a time, on threads."""

    def __init__(self, hasher: PasswordHasher = _HASHER) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords", _go_last)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The stored form of a password, with today's parameters. Raises ``Busy``."""
        return await self._in_turn(lambda: hash_of(password, self._hasher))

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether the password has this hash; False without a hash, after the same time. Raises ``Busy``."""
        return await self._in_turn(lambda: _matches(self._hasher, password, stored))

    def outdated(self, stored: str) -> bool:
        """Whether a hash has other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    async def _in_turn(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= WAITING:
            raise Busy("too many concurrent logins")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def hash_of(password: str, hasher: PasswordHasher = _HASHER) -> str:
    """The stored form of a password, computed in the calling thread."""
    return hasher.hash(_normal(password))


def one_time_password() -> str:
    """A random password that is easy to read out and type: 79 bits in four groups."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _go_last() -> None:
    """Lower the priority of a thread: live positions come first when CPU is scarce. Argon2's own threads inherit it."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


@cache
def _dummy_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe())


def _matches(hasher: PasswordHasher, password: str, stored: str | None) -> bool:
    dummy = _dummy_hash(hasher)  # computed by the first login, for a known user or not
    if stored == NO_PASSWORD:
        stored = None
    try:
        return hasher.verify(stored or dummy, _normal(password)) and stored is not None
    except VerificationError:
        return False


def _normal(password: str) -> str:
    """Normal form NFC (RFC 8265): keyboards produce é as one character or as two."""
    return unicodedata.normalize("NFC", password)
