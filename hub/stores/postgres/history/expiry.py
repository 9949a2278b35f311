"""Deletes old events and checkpoints; ``partitions.py`` deletes old positions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("expiry.sql"))

EVENTS_KEPT_FOR = timedelta(days=7)
"""Age at which published events are deleted. The hub does not read them again; after a long weekend an operator still
can."""

ROWS_AT_ONCE = 50_000
"""Rows of a table deleted in one call. Recording waits for it, a second or so. A call every ten minutes is enough: in
that time 5,000 positions/s make half as many checkpoints and far fewer events."""


async def expire(connection: Connection, now: datetime, horizon: datetime) -> None:
    """Delete old published events, and checkpoints before ``horizon`` (where retention has deleted positions) except
    each driver's newest there. At most ``ROWS_AT_ONCE`` of each; the next call deletes the rest."""
    await connection.execute(SQL.expire_events, now - EVENTS_KEPT_FOR, ROWS_AT_ONCE)
    await connection.execute(SQL.expire_checkpoints, horizon, ROWS_AT_ONCE)
    await connection.execute(SQL.expire_fence_checkpoints, horizon, ROWS_AT_ONCE)
