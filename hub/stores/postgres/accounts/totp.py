"""Second factors of users: sealed secrets, the last accepted code, and hashes of recovery codes."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import statements

SQL = statements(Path(__file__).with_suffix(".sql"))

FREE = 5
"""Wrong codes in a row without a wait."""

FIRST_WAIT, LONGEST_WAIT = 30.0, 86_400.0
"""Seconds. The waits double, so that an attacker with the password can try 17 codes on the first day and one on each of
the following ones, at all nodes together. Three of a million codes are right at a time."""


class Factor(Struct):
    """``confirmed``: a code has shown that the user has the secret. ``recovery_codes``: how many are left."""

    confirmed: bool
    recovery_codes: int


class Attempt(Struct):
    """What a code is checked with. ``last_step``: the time step of the last accepted code."""

    secret: bytes
    confirmed: bool
    last_step: int


async def factor(connection: asyncpg.Connection, user_id: UUID) -> Factor | None:
    """The second factor of a user, confirmed or not."""
    row = await connection.fetchrow(SQL.factor, user_id)
    return None if row is None else Factor(**row)


async def begin(connection: asyncpg.Connection, user_id: UUID, secret: bytes) -> bool:
    """Keep a sealed secret until a code confirms it; False if the user has a confirmed one."""
    return await connection.fetchval(SQL.begin, user_id, secret) is not None


async def attempt(connection: asyncpg.Connection, user_id: UUID) -> Attempt | int | None:
    """Count a code before it is checked; the caller commits whatever the check says. Seconds if the user has to wait;
    None without a secret."""
    row = await connection.fetchrow(SQL.attempt, user_id, FREE, FIRST_WAIT, LONGEST_WAIT)
    if row is not None:
        return Attempt(**row)
    seconds = await connection.fetchval(SQL.wait, user_id, FREE, FIRST_WAIT, LONGEST_WAIT)
    return None if seconds is None else max(1, ceil(seconds))


async def accept(connection: asyncpg.Connection, user_id: UUID, secret: bytes, step: int, sealed: bytes) -> bool:
    """Accept the code of a time step, which confirms the secret; False if it was used, or the secret is not ``secret``
    any more. ``sealed``: the secret as it is kept from now on."""
    return await connection.fetchval(SQL.accept, user_id, secret, step, sealed) is not None


async def keep_recovery(connection: asyncpg.Connection, user_id: UUID, hashes: list[bytes]) -> None:
    """Replace the recovery codes."""
    await connection.execute(SQL.keep_recovery, user_id, hashes)


async def use_recovery(connection: asyncpg.Connection, user_id: UUID, hash: bytes) -> bool:
    """Use a recovery code; False if the user has no such code."""
    return await connection.fetchval(SQL.use_recovery, user_id, hash) is not None


async def remove(connection: asyncpg.Connection, fleet: str, user_id: UUID) -> bool:
    """Remove the second factor of a user; False if there was none."""
    return await connection.fetchval(SQL.remove, fleet, user_id) is not None
