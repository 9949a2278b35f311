"""Inserting positions, and keeping what cannot be inserted as dead letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("positions.sql"))


Driver = tuple[str, str]
"""(fleet, driver id)."""


class PositionRow(NamedTuple):
    """A row of ``positions``."""

    recorded_at: datetime
    received_at: datetime
    latitude_e7: int
    longitude_e7: int
    speed: float | None
    heading: float | None
    accuracy: float | None
    altitude: float | None
    battery: float | None
    fleet: str
    driver_id: str
    attributes: str | None

    @property
    def identity(self) -> Identity:
        """Rows with the same identity are the same position."""
        return Identity(self.fleet, self.driver_id, self.recorded_at, self.latitude_e7, self.longitude_e7)


class Identity(NamedTuple):
    """The columns of the constraint ``positions_identity``."""

    fleet: str
    driver_id: str
    recorded_at: datetime
    latitude_e7: int
    longitude_e7: int


class DeadLetter(NamedTuple):
    """Content of the log that cannot be stored, as it was in the log, and the reason."""

    entry_id: str
    fleet: str | None
    reason: str
    payload: bytes


async def prepare(connection: Connection) -> None:
    """Create the session's temporary table; once, before ``insert``."""
    await connection.execute(SQL.create_incoming)


async def insert(connection: Connection, rows: Iterable[PositionRow]) -> set[Identity] | None:
    """Insert the rows that are not stored yet. Returns their identities, or None if all rows were new (the usual case,
    for which the set is not made). Raises one of ``BAD_ROW`` for rows that cannot be stored.

    Part of a transaction. Call ``clear`` before another ``insert`` in the same one.
    """
    copied = await connection.copy_records_to_table("incoming", columns=PositionRow._fields, records=rows)
    count = int(copied.removeprefix("COPY "))
    inserted = await connection.fetch(SQL.insert_positions, count)
    new = inserted[0]["rows"]
    return None if new == count else {Identity(*row[1:]) for row in inserted} if new else set()


async def clear(connection: Connection) -> None:
    """Empty the temporary table within a transaction."""
    await connection.execute(SQL.empty_incoming)


async def bury(connection: Connection, letters: Iterable[DeadLetter]) -> None:
    """Store dead letters. NUL, which text columns cannot hold, becomes U+FFFD."""
    await connection.executemany(SQL.bury, [_printable(letter) for letter in letters])


def _printable(letter: DeadLetter) -> DeadLetter:
    fleet = letter.fleet and letter.fleet.replace("\0", "\ufffd")
    return letter._replace(fleet=fleet, reason=letter.reason.replace("\0", "\ufffd"))
