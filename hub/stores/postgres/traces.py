"""Which trace a stored position belongs to, and everything that is stored of a trace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from hub.stores.postgres.connection import Connection, columns, statements

SQL = statements(Path(__file__).with_suffix(".sql"))


class TracedPosition(NamedTuple):
    """A position of a trace. ``entry_id``: of the entry of the log that held it."""

    fleet: str
    driver_id: str
    recorded_at: datetime
    trace_id: UUID
    entry_id: str


class Found(NamedTuple):
    """Something that is stored of a trace or request. ``kind``: ``position``, ``dead letter``, ``quarantine`` or
    ``audit``."""

    kind: str
    at: datetime
    fleet: str | None
    text: str


async def add(connection: Connection, traced: Sequence[TracedPosition]) -> None:
    """Note the traces of positions that the open transaction has stored."""
    await connection.execute(SQL.add, *columns(traced))


async def expire(connection: Connection, before: datetime, most: int) -> None:
    """Forget at most ``most`` traces of positions that were stored before an instant."""
    await connection.execute(SQL.expire, before, most)


async def find(connection: Connection, id: str, fleet: str | None, most: int) -> list[Found]:
    """What is stored of a trace, or of a request with this id, at most ``most`` of each kind. ``fleet``: None for all.
    Quarantine, audit log and dead letters are searched from end to end."""
    found: list[Found] = []
    if len(id) == 32 and set(id) <= set("0123456789abcdef"):
        for of, driver_id, recorded_at, received_at, stored_at, entry_id in await connection.fetch(
            SQL.positions, UUID(id), fleet, most
        ):
            text = (
                f"driver {driver_id}, recorded at {recorded_at.isoformat()}, received at {received_at.isoformat()}, "
                f"entry {entry_id}"
            )
            found.append(Found("position", stored_at, of, text))
    for number, entry_id, of, at, reason in await connection.fetch(SQL.dead_letters, id, fleet, most):
        found.append(Found("dead letter", at, of, f"{number}, entry {entry_id}: {reason}"))
    for payload_id, of, driver_id, at, detail in await connection.fetch(SQL.payloads, id, fleet, most):
        found.append(Found("quarantine", at, of, f"{payload_id}, driver {driver_id or 'unknown'}: {detail}"))
    for number, of, at, action, subject in await connection.fetch(SQL.entries, id, fleet, most):
        found.append(Found("audit", at, of, f"{number}, {action} {subject}"))
    return found
