"""The states of drivers: free, busy, off duty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from msgspec import Struct

from hub.core.live.facts.states import Change
from hub.stores.postgres.connection import PIECE, statements

SQL = statements(Path(__file__).with_suffix(".sql"))

START = datetime(1970, 1, 1, tzinfo=UTC)


class StoredState(Struct, rename="camel"):
    """The state of a driver: ``free``, ``busy`` or ``off_duty``; None, of version 0, for a driver that never had one.
    ``version`` rises with each change."""

    driver_id: str
    state: str | None
    version: int
    changed_at: datetime | None

    def change(self) -> Change:
        """The same for the hub; only of a state that is stored."""
        assert self.changed_at is not None
        return Change(self.state, self.version, self.changed_at)


async def state(connection: asyncpg.Connection, fleet: str, driver_id: str) -> StoredState:
    """The state of a driver, whether or not there is such a driver."""
    row = await connection.fetchrow(SQL.state, fleet, driver_id)
    return StoredState(driver_id, None, 0, None) if row is None else StoredState(**row)


async def put_state(
    connection: asyncpg.Connection, fleet: str, driver_id: str, version: int | None, new: str
) -> tuple[StoredState, bool] | None:
    """Set the state of a driver, and return it and whether it has changed; None if it does not have this ``version``
    (0: no state yet, None: any)."""
    row = await connection.fetchrow(SQL.put_state, fleet, driver_id, version, new)
    if row is None:
        return None
    *stored, changed = row
    return StoredState(*stored), changed


async def all_states(connection: asyncpg.Connection) -> AsyncIterator[list[tuple[str, str, Change]]]:
    """Fleet, driver and state of each row, in pieces."""
    async with connection.transaction(readonly=True):
        cursor = await connection.cursor(SQL.all_states)
        while rows := await cursor.fetch(PIECE):
            yield [(row[0], row[1], Change(row[2], row[3], row[4])) for row in rows]


def notified(text: str) -> tuple[str, str, Change | None]:
    """Fleet, driver and state in a notification of the table's trigger; None where it was deleted. Raises
    ``ValueError``."""
    fleet, driver_id, *rest = text.split(" ")
    if not rest:
        return fleet, driver_id, None
    name, version, seconds = rest
    return fleet, driver_id, Change(name, int(version), START + timedelta(seconds=float(seconds)))
