"""Dead letters: content of the log that could not be stored, to be looked at, and sent again after a fix. The recorder
writes them (``positions.bury``)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from hub.stores.postgres.connection import Connection, collect, statements
from hub.stores.postgres.history.positions import DeadLetter

SQL = statements(Path(__file__).with_name("dead_letters.sql"))

NEWEST = 2**63 - 1
"""Beyond every id."""


class ListedLetter(Struct, rename="camel", gc=False):
    """A dead letter in a list; ``size`` in bytes, ``fleet`` is None where it could not be read."""

    id: int
    entry_id: str
    fleet: str | None
    reason: str
    buried_at: datetime
    size: int


async def letters(connection: Connection, fleet: str | None, limit: int, before: int = NEWEST) -> list[ListedLetter]:
    """Dead letters of a fleet, or of all fleets and of unknown ones for None; newest first, at most ``limit``: those
    before an id."""
    return await collect(connection, lambda row: ListedLetter(**row), SQL.list_letters, fleet, limit, before)


async def letter(connection: Connection, id: int) -> DeadLetter | None:
    """A dead letter, which the transaction then holds; None for an unknown id."""
    row = await connection.fetchrow(SQL.letter, id)
    return None if row is None else DeadLetter(*row)


async def delete_letter(connection: Connection, id: int) -> None:
    """Delete a dead letter."""
    await connection.execute(SQL.delete_letter, id)


async def clear_letters(connection: Connection, fleet: str | None) -> dict[str | None, int]:
    """Delete the dead letters of a fleet, or all for None, and return the number of each fleet; None stands for letters
    whose fleet could not be read."""
    return {of: count for of, count in await connection.fetch(SQL.clear, fleet)}


async def letters_of(connection: Connection, entry_id: str) -> list[ListedLetter]:
    """Dead letters of an entry of the log."""
    return [ListedLetter(**row) for row in await connection.fetch(SQL.of_entry, entry_id)]


async def is_read(connection: Connection, log: str, entry_id: str) -> bool:
    """Whether the recorder has committed an entry of a log."""
    numbers = map(int, entry_id.split("-"))
    return bool(await connection.fetchval(SQL.is_read, log, *numbers))
