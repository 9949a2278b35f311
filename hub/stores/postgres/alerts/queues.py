"""What waits to be sent, by kind of channel: figures for the metrics."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from hub.stores.postgres.connection import Connection, statements
from hub.wire.notices.queues import Queues

SQL = statements(Path(__file__).with_name("queues.sql"))


async def queues(connection: Connection, now: datetime) -> Queues:
    """The queues of all fleets."""
    waiting = await connection.fetch(SQL.deliveries, now)
    behind = await connection.fetch(SQL.positions, now)
    channels = await connection.fetch(SQL.channels)
    return Queues(
        {row["kind"]: row["waiting"] for row in waiting},
        {row["kind"]: round(max(0.0, row["oldest"]), 3) for row in waiting},
        {row["kind"]: round(max(0.0, row["behind"]), 3) for row in behind},
        [(row["kind"], row["state"], row["count"]) for row in channels],
    )
