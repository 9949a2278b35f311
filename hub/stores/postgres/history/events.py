"""Events: folds put them in, consumers take them in order, each from an offset of its own.

A consumer is a name: the hubs' stream goes by its Redis key. It calls ``register`` at start, then repeats
``unpublished`` and ``advance``; after a crash between the two it gets the same events again. Events stay until every
registered consumer has taken them (``expiry.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hub.stores.postgres.connection import Connection, columns, statements
from hub.wire.events import Event

SQL = statements(Path(__file__).with_name("events.sql"))


class NewEvent(NamedTuple):
    """``payload`` is the message of subscribers, as JSON."""

    fleet: str
    driver_id: str
    payload: str


async def put(connection: Connection, events: Sequence[NewEvent]) -> int:
    """Store events in their order, in the open transaction. Returns how many."""
    if events:
        await connection.execute(SQL.put_events, *columns(events))
    return len(events)


async def register(connection: Connection, consumer: str) -> None:
    """Create the offset of a consumer if it does not exist."""
    await connection.execute(SQL.create_event_offset, consumer)


async def unpublished(connection: Connection, consumer: str, limit: int) -> list[Event]:
    """The next events that ``consumer`` has not taken, at most ``limit``."""
    rows = await connection.fetch(SQL.unpublished_events, consumer, limit)
    return [Event(row["id"], row["fleet"], row["driver_id"], row["payload"].encode()) for row in rows]


async def advance(connection: Connection, consumer: str, last_id: int) -> None:
    """Note that ``consumer`` has taken all events up to ``last_id``."""
    await connection.execute(SQL.advance_event_offset, consumer, last_id)
