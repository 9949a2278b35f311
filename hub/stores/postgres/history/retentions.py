"""Drivers whose positions are kept longer or shorter than those of others, by themselves or by their groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from hub.stores.postgres.connection import Connection, columns, statements
from hub.stores.postgres.history.partitions import horizon
from hub.stores.postgres.history.positions import Driver

SQL = statements(Path(__file__).with_suffix(".sql"))

ROWS_AT_ONCE = 50_000
"""Positions of a driver that are deleted in one call, for which recording waits. A call every ten minutes deletes 80
times as many as a driver at 1 Hz makes."""

ROWS_IN_ALL = 400_000
"""After so many deleted positions a call ends, for a group of many drivers: that takes about four seconds."""

DRIVERS_AT_ONCE = 500
"""Drivers whose old positions are looked up by one statement."""


class Retained(NamedTuple):
    """The months of a driver; ``own``: by itself, not by a group."""

    months: int
    own: bool


async def retention(connection: Connection, fleet: str, driver_id: str) -> Retained | None:
    """The months of a driver's own retention, or of that of its groups; None without one."""
    own = await connection.fetchval(SQL.retention, fleet, driver_id)
    if own is not None:
        return Retained(own, True)
    months = await connection.fetchval(SQL.effective, fleet, driver_id)
    return None if months is None else Retained(months, False)


async def put_retention(connection: Connection, fleet: str, driver_id: str, months: int) -> None:
    """Keep a driver's positions for so many whole months before the current one; 0 keeps all."""
    await connection.execute(SQL.put, fleet, driver_id, months)


async def delete_retention(connection: Connection, fleet: str, driver_id: str) -> bool:
    """Keep a driver's positions as long as those of others; False if it had no retention of its own."""
    return await connection.fetchval(SQL.delete, fleet, driver_id) is not None


async def retentions(connection: Connection) -> dict[Driver, int]:
    """The months of every driver with a retention of its own, or of one of its groups (the shortest)."""
    return {(fleet, driver_id): months for fleet, driver_id, months in await connection.fetch(SQL.all)}


async def expire_own(connection: Connection, own: Mapping[Driver, int], now: datetime) -> None:
    """Delete the positions and checkpoints that the retention of these drivers does not keep: at most ``ROWS_AT_ONCE``
    of each driver and about ``ROWS_IN_ALL`` of all; the next call deletes the rest. What ``Partitions.maintain`` has
    dropped is gone already."""
    deleted = 0
    horizons = {months: horizon(months, now) for months in set(own.values())}
    limited = [(*driver, horizons[months]) for driver, months in own.items() if months]
    for start in range(0, len(limited), DRIVERS_AT_ONCE):
        some = columns(limited[start : start + DRIVERS_AT_ONCE])
        for piece in await connection.fetch(SQL.ends_older, *some, ROWS_AT_ONCE):
            # The command tag: DELETE and the number of rows.
            deleted += int((await connection.execute(SQL.delete_older, *piece)).split()[1])
            if deleted >= ROWS_IN_ALL:
                return
        await connection.execute(SQL.delete_default, *some)
        await connection.execute(SQL.delete_checkpoints, *some)
        await connection.execute(SQL.delete_fence_checkpoints, *some)
