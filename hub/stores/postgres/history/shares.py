"""Which recorders there are, and which logs none of them records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_suffix(".sql"))


async def join(connection: Connection) -> None:
    """Count as a recorder for the rest of the session."""
    await connection.execute(SQL.join)


async def count(connection: Connection) -> int:
    """How many sessions have joined."""
    return int(await connection.fetchval(SQL.count))


async def free(connection: Connection, logs: Sequence[str]) -> list[str]:
    """The logs whose lock (``offsets.lock``) no session holds."""
    return [row["log"] for row in await connection.fetch(SQL.free, list(logs))]
