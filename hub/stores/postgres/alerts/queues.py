"""The channels as queues: what waits in the outbox, and what was given up."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from hub.stores.postgres.connection import Connection, collect, statements
from hub.wire.notices.queues import Queues

SQL = statements(Path(__file__).with_name("queues.sql"))


class ChannelQueue(Struct, rename="camel"):
    """A channel with its ``pending`` deliveries, the oldest since ``oldestAt``; ``dead`` ones were given up. ``reason``
    says why the channel fails or is disabled."""

    id: UUID
    name: str
    kind: str
    state: str
    reason: str | None
    pending: int
    oldest_at: datetime | None
    dead: int


async def queues(connection: Connection, fleet: str) -> list[ChannelQueue]:
    """The channels of a fleet, by name."""
    return await collect(connection, lambda row: ChannelQueue(**row), SQL.queues, fleet)


async def by_kind(connection: Connection, now: datetime) -> Queues:
    """The channels of all fleets, by kind: figures for the metrics."""
    waiting = await connection.fetch(SQL.deliveries, now)
    behind = await connection.fetch(SQL.positions, now)
    channels = await connection.fetch(SQL.channels)
    return Queues(
        {row["kind"]: row["waiting"] for row in waiting},
        {row["kind"]: round(max(0.0, row["oldest"]), 3) for row in waiting},
        {row["kind"]: round(max(0.0, row["behind"]), 3) for row in behind},
        [(row["kind"], row["state"], row["count"]) for row in channels],
    )
