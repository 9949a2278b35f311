"""Passwords: slow hashes that never hold up the loop, and what a password may be."""

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
"""Characters. Ten that people choose outlast what the limits of logins let anybody try; the longest is a sentence."""

AT_ONCE = 2
"""Hashes under way at once: each takes a core for 0.05 to 0.2 s, and 64 MiB."""

NICENESS = 10
"""As the recorder's. On two busy cores the loop is then late by a third of what it is otherwise (99th of 100 turns)."""

WAITING = 40
"""Requests that may wait for their turn, which takes up to four seconds where nothing else runs; more are told to come
back."""

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what looks alike on paper."""

_HASHER = PasswordHasher()
# The library's defaults are the second choice of RFC 9106 (Argon2id, 64 MiB, 3 passes, 4 lanes).


class Busy(Exception):
    """``WAITING`` requests wait for a hash already; the message is safe to show."""

    retry_after = 5.0
    """Seconds."""


class Passwords:
    """Hashes and checks passwords, a few at a time, on threads."""

    def __init__(self, hasher: PasswordHasher = _HASHER) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords", _go_last)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """What is stored of a password, with the parameters of today. Raises ``Busy``."""
        return await self._in_turn(lambda: hash_of(password, self._hasher))

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether this is the password. Without a stored hash it is not, and to find that out takes as long. Raises
        ``Busy``."""
        return await self._in_turn(lambda: _matches(self._hasher, password, stored))

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    async def _in_turn(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= WAITING:
            raise Busy("too many logins at once")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def hash_of(password: str, hasher: PasswordHasher = _HASHER) -> str:
    """The same at once, for where there is no loop to hold up."""
    return hasher.hash(_normal(password))


def one_time_password() -> str:
    """A random password that can be read out and typed: 79 bits in four groups."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _go_last() -> None:
    """Live positions go first when CPU is scarce. The threads that Argon2 makes inherit it."""
    if sys.platform == "linux":  # where a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe())


def _matches(hasher: PasswordHasher, password: str, stored: str | None) -> bool:
    nobodys = _nobodys(hasher)  # made by the first login, whoever that is of
    try:
        return hasher.verify(stored or nobodys, _normal(password)) and stored is not None
    except VerificationError:
        return False


def _normal(password: str) -> str:
    """One form for what keyboards write in several (é as one character or two), as RFC 8265 asks."""
    return unicodedata.normalize("NFC", password)
