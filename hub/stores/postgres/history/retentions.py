"""Drivers whose positions are kept longer or shorter than those of others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from hub.stores.postgres.connection import Connection, statements
from hub.stores.postgres.history.partitions import horizon
from hub.stores.postgres.history.positions import Driver

SQL = statements(Path(__file__).with_suffix(".sql"))

ROWS_AT_ONCE = 50_000
"""Positions of a driver that are deleted in one call, for which recording waits. A call every ten minutes deletes 80
times as many as a driver at 1 Hz makes."""


async def retention(connection: Connection, fleet: str, driver_id: str) -> int | None:
    """The months of a driver's own retention; None without one."""
    months: int | None = await connection.fetchval(SQL.retention, fleet, driver_id)
    return months


async def put_retention(connection: Connection, fleet: str, driver_id: str, months: int) -> None:
    """Keep a driver's positions for so many whole months before the current one; 0 keeps all."""
    await connection.execute(SQL.put, fleet, driver_id, months)


async def delete_retention(connection: Connection, fleet: str, driver_id: str) -> bool:
    """Keep a driver's positions as long as those of others; False if it had no retention of its own."""
    return await connection.fetchval(SQL.delete, fleet, driver_id) is not None


async def retentions(connection: Connection) -> dict[Driver, int]:
    """The months of every driver with a retention of its own."""
    return {(fleet, driver_id): months for fleet, driver_id, months in await connection.fetch(SQL.all)}


async def expire_own(connection: Connection, own: Mapping[Driver, int], now: datetime) -> None:
    """Delete the positions and checkpoints that a driver's own retention does not keep, at most ``ROWS_AT_ONCE`` of
    each driver; the next call deletes the rest. What ``Partitions.maintain`` has dropped is gone already."""
    for driver, months in own.items():
        if not months:
            continue
        before = horizon(months, now)
        end = await connection.fetchval(SQL.end_older, *driver, before, ROWS_AT_ONCE)
        if end is not None:
            await connection.execute(SQL.delete_older, *driver, end)
        await connection.execute(SQL.delete_default, *driver, before)
        await connection.execute(SQL.delete_checkpoints, *driver, before)
