"""How much of a fleet could not be stored and is kept to be looked at."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("kept.sql"))


class Kept(Struct, rename="camel"):
    """Numbers of dead letters, of ``payloads`` in the quarantine, and of the refused ``points`` in these."""

    dead_letters: int
    payloads: int
    points: int


async def kept(connection: Connection, fleet: str) -> Kept:
    """What is kept of a fleet."""
    return Kept(*await connection.fetchrow(SQL.kept, fleet))
