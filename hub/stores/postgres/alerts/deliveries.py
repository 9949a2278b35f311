"""Deliveries: the outbox of channels. Each belongs to a lane, whose deliveries are numbered and sent in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Raw, Struct

from hub.stores.postgres.connection import Connection, collect, columns, statements

SQL = statements(Path(__file__).with_name("deliveries.sql"))

NEWEST = 2**63 - 1
"""Beyond every id."""


class NewDelivery(NamedTuple):
    """``data`` is JSON. ``message_id`` and ``lane`` make it one: a delivery that is sent again has the same."""

    channel_id: UUID
    lane: str
    message_id: str
    type: str
    driver_id: str | None
    at: datetime
    data: str
    state: str = "pending"


class Waiting(NamedTuple):
    """A delivery to send. ``missed`` deliveries of its lane before it were given up."""

    id: int
    lane: str
    sequence: int
    message_id: str
    type: str
    driver_id: str | None
    at: datetime
    created_at: datetime
    attempts: int
    data: str
    missed: int


class Delivery(Struct, rename="camel", gc=False):
    """A line of the log. ``messageId`` is what the receiver gets as the id of the message."""

    id: int
    state: str
    type: str
    message_id: str
    lane: str
    sequence: int
    driver_id: str | None
    at: datetime
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    attempts: int
    last_status: int | None
    last_error: str | None
    last_ms: int | None
    data: Raw


async def put(connection: Connection, new: Sequence[NewDelivery], now: datetime) -> list[NewDelivery]:
    """Add deliveries in their order, numbered lane by lane, in the open transaction. What is pending is skipped if its
    channel is disabled by now, and left out if the channel is deleted. Returns what was added."""
    channels = sorted({one.channel_id for one in new})
    states = {row["id"]: row["state"] for row in await connection.fetch(SQL.hold, channels)} if new else {}
    new = [
        one._replace(state="skipped") if one.state == "pending" and states[one.channel_id] == "disabled" else one
        for one in new
        if one.channel_id in states
    ]
    if not new:
        return []
    counts = Counter((one.channel_id, one.lane) for one in new)
    skipped = Counter((one.channel_id, one.lane) for one in new if one.state == "skipped")
    wanted = [(*key, amount, skipped[key]) for key, amount in counts.items()]
    last = {(row[0], row[1]): row[2] for row in await connection.fetch(SQL.number, *columns(wanted))}
    following = {key: last[key] - amount for key, amount in counts.items()}
    rows = []
    for one in new:
        key = one.channel_id, one.lane
        following[key] += 1
        rows.append((*key, following[key], one.message_id, one.type, one.driver_id, one.at, one.state, one.data))
    parts = columns(rows)
    await connection.execute(SQL.put, *parts[:7], now, *parts[7:])
    return new


async def heads(
    connection: asyncpg.Connection, channel_id: UUID, now: datetime, busy: Iterable[str], limit: int
) -> list[Waiting]:
    """The first delivery of each lane that may be sent now, without the ``busy`` lanes; least tried first."""
    return [Waiting(*row) for row in await connection.fetch(SQL.heads, channel_id, now, list(busy), limit)]


async def following(
    connection: asyncpg.Connection, channel_id: UUID, lane: str, sequence: int, limit: int
) -> list[Waiting]:
    """The deliveries of a lane after a number."""
    return [Waiting(*row) for row in await connection.fetch(SQL.following, channel_id, lane, sequence, limit)]


async def sent(connection: asyncpg.Connection, id: int, now: datetime, status: int | None, milliseconds: int) -> None:
    await connection.execute(SQL.sent, id, now, status, milliseconds)


async def failed(
    connection: asyncpg.Connection,
    id: int,
    status: int | None,
    error: str,
    milliseconds: int,
    next_at: datetime | None,
) -> None:
    """Note a failed try; without ``next_at`` the delivery is dead, and its lane continues."""
    await connection.execute(SQL.failed, id, status, error, milliseconds, next_at)


async def give_up(connection: asyncpg.Connection, channel_id: UUID, before: datetime) -> int:
    """Give up what waits since before an instant. Returns how many deliveries."""
    return int(await connection.fetchval(SQL.give_up, channel_id, before))


async def stop_lane(connection: asyncpg.Connection, channel_id: UUID, lane: str, reason: str) -> None:
    await connection.execute(SQL.stop_lane, channel_id, lane, reason)


async def log(
    connection: asyncpg.Connection,
    fleet: str,
    channel_id: UUID,
    limit: int,
    before: int = NEWEST,
    state: str | None = None,
) -> list[Delivery]:
    """The log of a channel, newest first."""
    return await collect(connection, _delivery, SQL.log, fleet, channel_id, before, limit, state)


async def again(
    connection: asyncpg.Connection, channel_id: UUID, since: datetime, until: datetime, limit: int, *, sent: bool
) -> list[NewDelivery]:
    """Deliveries of a time to send once more: those that failed or were skipped, with ``sent`` all; each once."""
    rows = await connection.fetch(SQL.again, channel_id, sent, since, until, limit)
    return [
        NewDelivery(channel_id, row["lane"], row["message_id"], row["type"], row["driver_id"], row["at"], row["data"])
        for row in rows
    ]


async def expire(connection: Connection, before: datetime, limit: int) -> None:
    """Delete the oldest lines of the log."""
    await connection.execute(SQL.expire, before, limit)


def _delivery(row: Any) -> Delivery:
    fields = dict(row)
    return Delivery(**{**fields, "data": msgspec.Raw(fields["data"])})
