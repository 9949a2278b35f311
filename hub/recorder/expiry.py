"""What the recorder deletes because nobody needs it any more, besides the months of ``positions``."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import asyncpg

from hub.stores.postgres.connection import statements

SQL = statements(Path(__file__).with_name("expiry.sql"))

EVENTS_KEPT_FOR = timedelta(days=7)
"""How long events stay that were published. The hub never reads them again; a week lets people look into what was said
over a long weekend."""

AT_ONCE = 50_000
"""Rows of a table that are deleted in one go: recording waits for it, for a second or so. It is done every ten
minutes, in which 5,000 positions/s make half as many checkpoints and far fewer events."""


async def expire(connection: asyncpg.Connection, now: datetime, horizon: datetime) -> None:
    """Delete published events that are old, and checkpoints of trips before ``horizon`` (where retention has removed
    positions) except each driver's newest there; ``AT_ONCE`` of each, the rest the next time."""
    await connection.execute(SQL.expire_events, now - EVENTS_KEPT_FOR, AT_ONCE)
    await connection.execute(SQL.expire_checkpoints, horizon, AT_ONCE)
