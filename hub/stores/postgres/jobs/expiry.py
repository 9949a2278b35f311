"""Deletes what is kept of jobs for a time only."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs.facts import expire_checkpoints
from hub.stores.postgres.jobs.jobs import expire_recipients

CHECKPOINTS_KEPT_FOR = timedelta(days=32)
"""Age of checkpoints, in recorded time, at which they are deleted: routes are older then than those that count."""

ROWS_AT_ONCE = 50_000
"""Checkpoints deleted in one call."""


async def expire_jobs(connection: Connection, now: datetime, recipient_days: int) -> None:
    """Delete old checkpoints of arrivals, and recipients and notes of jobs that ended ``recipient_days`` days ago."""
    await expire_checkpoints(connection, now - CHECKPOINTS_KEPT_FOR, ROWS_AT_ONCE)
    await expire_recipients(connection, now, recipient_days)
