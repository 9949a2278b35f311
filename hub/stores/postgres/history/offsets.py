"""The offset of the log: how far the recorder has read, the lock that makes it the only one, and the losses found."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("offsets.sql"))


class Fenced(Exception):
    """Another recorder has moved the offset, so the data of this one is stale."""


class State(NamedTuple):
    """``current`` is false if a recorder that does not count numbers has moved the offset. ``damaged_at`` is the Unix
    time of the last damage, 0 if there was none."""

    offset: str
    numbers: str
    current: bool
    lost: int
    damaged_at: float


async def lock(connection: Connection, log: str) -> bool:
    """Take the lock of ``log`` for the rest of the session. False while another session holds it."""
    return bool(await connection.fetchval(SQL.try_lock, log))


async def held(connection: Connection) -> bool:
    """Whether a recorder holds the lock of a log. Part of a short transaction."""
    return bool(await connection.fetchval(SQL.held))


async def create(connection: Connection, log: str) -> None:
    """Create the offset of ``log`` if it does not exist."""
    await connection.execute(SQL.create_offset, log)


async def read(connection: Connection, log: str) -> str:
    """Id of the last stored entry."""
    return str(await connection.fetchval(SQL.read_offset, log))


async def stored(connection: Connection, log: str) -> str | None:
    """Id of the last stored entry; None for a log that was never recorded."""
    found: str | None = await connection.fetchval(SQL.read_offset, log)
    return found


async def hold(connection: Connection, log: str) -> str:
    """Id of the last stored entry, which no other recorder can change before the end of the transaction."""
    return str(await connection.fetchval(SQL.hold_offset, log))


async def state(connection: Connection, log: str) -> State:
    """The offset and what is stored with it."""
    return State(*await connection.fetchrow(SQL.read_state, log))


async def advance(
    connection: Connection, log: str, previous: str, offset: str, numbers: str, lost: int, damaged: bool
) -> None:
    """Move the offset from ``previous`` to ``offset`` and add ``lost`` positions. ``damaged``: positions are missing.
    Raises ``Fenced``."""
    if await connection.execute(SQL.advance_offset, log, previous, offset, numbers, lost, damaged) != "UPDATE 1":
        raise Fenced(f"the offset is no longer {previous}")


async def reset(connection: Connection, log: str, previous: str) -> None:
    """Set the offset from ``previous`` back to the beginning of the log. Raises ``Fenced``."""
    if await connection.execute(SQL.reset_offset, log, previous) != "UPDATE 1":
        raise Fenced(f"the offset is no longer {previous}")


async def rewind(connection: Connection, log: str) -> None:
    """Set the offset to the beginning of the log, which is not damaged but restored: it has fewer entries than were
    read."""
    await connection.execute(SQL.rewind_offset, log)
