"""Events: folds put them in, consumers take them in order, each from an offset of its own.

Events are in the order of the log whose recorder wrote them, and consumers take them log by log: one recorder at a time
writes for a log, so ids rise with the commits there, but not over several logs.

A consumer is a name: the hubs' stream goes by its Redis key. It calls ``register`` at start, then repeats
``unpublished`` and ``advance``; after a crash between the two it gets the same events again. A consumer of all logs
needs no ``register`` for logs that begin later. Events stay until every registered consumer has taken them
(``expiry.py``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hub.stores.postgres.connection import Connection, columns, statements
from hub.wire.events import Event
from hub.wire.log import LOG_KEY

SQL = statements(Path(__file__).with_name("events.sql"))


class NewEvent(NamedTuple):
    """``payload`` is the message of subscribers, as JSON."""

    fleet: str
    driver_id: str
    payload: str


class LoggedEvent(NamedTuple):
    """An event and its log."""

    event: Event
    log: str


async def prepare(connection: Connection, log: str) -> None:
    """The events that this session puts from now on are of ``log``; without it, of ``LOG_KEY``."""
    await connection.execute(SQL.write_for, log)


async def put(connection: Connection, events: Sequence[NewEvent]) -> int:
    """Store events in their order, in the open transaction. Returns how many."""
    if events:
        await connection.execute(SQL.put_events, *columns(events))
    return len(events)


async def register(connection: Connection, consumer: str, log: str = LOG_KEY) -> None:
    """Create the offset of a consumer if it does not exist."""
    await connection.execute(SQL.create_event_offset, consumer, log)


async def unpublished(connection: Connection, consumer: str, limit: int, log: str = LOG_KEY) -> list[Event]:
    """The next events of ``log`` that ``consumer`` has not taken, at most ``limit``."""
    return [_event(row) for row in await connection.fetch(SQL.unpublished_events, consumer, log, limit)]


async def unpublished_of_all(connection: Connection, consumer: str, limit: int) -> list[LoggedEvent]:
    """The next events of all logs that ``consumer`` has not taken, at most ``limit``."""
    rows = await connection.fetch(SQL.unpublished_of_all, consumer, limit)
    return [LoggedEvent(_event(row), row["log"]) for row in rows]


async def advance(connection: Connection, consumer: str, last_id: int, log: str = LOG_KEY) -> None:
    """Note that ``consumer`` has taken all events of ``log`` up to ``last_id``."""
    await connection.execute(SQL.advance_event_offset, consumer, log, last_id)


async def advance_all(connection: Connection, consumer: str, taken: Iterable[LoggedEvent]) -> None:
    """Note that ``consumer`` has taken these events of ``unpublished_of_all``."""
    for log, last_id in {log: event.id for event, log in taken}.items():
        await advance(connection, consumer, last_id, log)


def _event(row: Any) -> Event:
    return Event(row["id"], row["fleet"], row["driver_id"], row["payload"].encode())
