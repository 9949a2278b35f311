"""Channels of a fleet, and the browsers of its webpush channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Raw, Struct

from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("channels.sql"))

FIRST = UUID(int=0)
"""Before every id."""


class Channel(Struct, rename="camel"):
    """A channel without its secrets. ``reason``: why it is disabled, or how the last try failed. Instants in UTC."""

    id: UUID
    name: str
    kind: str
    config: Raw
    events: list[str]
    state: str
    reason: str | None
    failing_since: datetime | None
    retry_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class Working(NamedTuple):
    """What a sender needs of a channel. ``config`` is JSON, ``sealed`` is encrypted."""

    id: UUID
    fleet: str
    name: str
    kind: str
    config: str
    sealed: bytes
    state: str
    failures: int
    failing_since: datetime | None
    retry_at: datetime | None


class Receiver(NamedTuple):
    """What the notifier needs of a channel."""

    id: UUID
    fleet: str
    kind: str
    events: list[str]
    state: str


async def channels(connection: asyncpg.Connection, fleet: str, limit: int, after: UUID = FIRST) -> list[Channel]:
    """Channels of a fleet by id, at most ``limit``, after an id."""
    return [_channel(row) for row in await connection.fetch(SQL.list_channels, fleet, after, limit)]


async def channel(connection: asyncpg.Connection, fleet: str, id: UUID) -> Channel | None:
    """A channel of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.channel, fleet, id)
    return None if row is None else _channel(row)


async def sealed(connection: asyncpg.Connection, fleet: str, id: UUID) -> tuple[str, bytes] | None:
    """Kind and sealed secrets of a channel, which no other transaction changes meanwhile."""
    row = await connection.fetchrow(SQL.sealed, fleet, id)
    return None if row is None else (row["kind"], row["sealed"])


async def count(connection: asyncpg.Connection, fleet: str) -> int:
    """How many channels a fleet has, those of concurrent transactions included."""
    return int(await connection.fetchval(SQL.count_channels, fleet))


async def add(
    connection: asyncpg.Connection,
    fleet: str,
    id: UUID,
    *,
    name: str,
    kind: str,
    config: str,
    events: Sequence[str],
    sealed: bytes,
) -> Channel:
    return _channel(await connection.fetchrow(SQL.add_channel, id, fleet, name, kind, config, list(events), sealed))


async def change(
    connection: asyncpg.Connection,
    fleet: str,
    id: UUID,
    version: int | None,
    *,
    name: str | None = None,
    config: str | None = None,
    events: Sequence[str] | None = None,
    sealed: bytes | None = None,
    state: str | None = None,
) -> Channel | None:
    """Change what is not None; None if no channel has this ``version`` (None: any)."""
    row = await connection.fetchrow(
        SQL.change_channel, fleet, id, version, name, config, None if events is None else list(events), sealed, state
    )
    return None if row is None else _channel(row)


async def delete(connection: asyncpg.Connection, fleet: str, id: UUID, version: int | None) -> bool:
    """Delete a channel of this ``version`` (None: any); False if there is none."""
    return await connection.fetchval(SQL.delete_channel, fleet, id, version) is not None


async def reseal(connection: asyncpg.Connection, id: UUID, before: bytes, after: bytes) -> None:
    """Replace the sealed secrets by the same, sealed with the present key."""
    await connection.execute(SQL.reseal, id, before, after)


async def receivers(connection: Connection) -> list[Receiver]:
    """All channels."""
    return [Receiver(*row) for row in await connection.fetch(SQL.receivers)]


async def browsers(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Webpush channel -> ids of its subscriptions."""
    found: dict[UUID, list[UUID]] = {}
    if ids:
        for channel_id, id in await connection.fetch(SQL.subscribers, ids):
            found.setdefault(channel_id, []).append(id)
    return found


async def working(connection: asyncpg.Connection, id: UUID) -> Working | None:
    row = await connection.fetchrow(SQL.working, id)
    return None if row is None else Working(*row)


async def due(connection: asyncpg.Connection, now: datetime) -> list[UUID]:
    """Channels with something to send."""
    return [row["id"] for row in await connection.fetch(SQL.due, now)]


async def lock(connection: Connection, id: UUID) -> bool:
    """Take the lock of a channel for the session. False while another session has it."""
    return bool(await connection.fetchval(SQL.lock, str(id)))


async def unlock(connection: Connection, id: UUID) -> None:
    await connection.execute(SQL.unlock, str(id))


async def succeeded(connection: asyncpg.Connection, id: UUID) -> None:
    """Forget the failures of a channel."""
    await connection.execute(SQL.succeeded, id)


async def failed(
    connection: asyncpg.Connection, id: UUID, now: datetime, reason: str, retry_at: datetime | None
) -> None:
    """Count a failure. ``retry_at``: when everything fails, the next try of the channel."""
    await connection.execute(SQL.failed, id, now, reason, retry_at)


async def try_now(connection: asyncpg.Connection, id: UUID, now: datetime) -> None:
    """End the pause of a channel that is failing: one try, which may be that of another delivery."""
    await connection.execute(SQL.try_now, id, now)


async def one_disables(connection: asyncpg.Connection) -> None:
    """Let other transactions that disable channels wait for the end of this one. Comes before locks of channels."""
    await connection.execute(SQL.one_disables)


async def disable(connection: asyncpg.Connection, id: UUID, reason: str) -> bool:
    """Switch a channel off, and skip what waits; False if it was off."""
    await one_disables(connection)
    return await connection.fetchval(SQL.disable, id, reason) is not None


async def mailboxes(connection: asyncpg.Connection, id: UUID) -> tuple[str, str, list[str]] | None:
    """Fleet, name and mailboxes of a channel, which no other transaction changes meanwhile; None if there is none."""
    row = await connection.fetchrow(SQL.mailboxes, id)
    return None if row is None else (row["fleet"], row["name"], msgspec.json.decode(row["config"])["to"])


async def keep_mailboxes(connection: asyncpg.Connection, id: UUID, left: Sequence[str]) -> None:
    """Only these mailboxes of a channel remain."""
    await connection.execute(SQL.unsubscribe, id, msgspec.json.encode({"to": left}).decode())


async def subscribe(
    connection: asyncpg.Connection, fleet: str, channel_id: UUID, digest: bytes, user: str, id: UUID, sealed: bytes
) -> UUID | None:
    """Id of the browser's subscription; None for a channel that does not exist or is of another kind."""
    made = await connection.fetchval(SQL.add_subscription, fleet, channel_id, digest, user, id, sealed)
    if made is None and (await channel(connection, fleet, channel_id)) is not None:
        made = await connection.fetchval(SQL.subscription_of, channel_id, digest)
    found: UUID | None = made
    return found


async def unsubscribe(connection: asyncpg.Connection, fleet: str, channel_id: UUID, id: UUID, user: str | None) -> bool:
    """Remove a browser, of a ``user`` (None: any); False if there is none."""
    return await connection.fetchval(SQL.delete_subscription, fleet, channel_id, id, user) is not None


async def subscription(connection: asyncpg.Connection, channel_id: UUID, id: UUID) -> bytes | None:
    """What is sealed of a browser."""
    found: bytes | None = await connection.fetchval(SQL.subscription, channel_id, id)
    return found


async def drop_subscription(connection: asyncpg.Connection, channel_id: UUID, id: UUID) -> None:
    await connection.execute(SQL.drop_subscription, channel_id, id)


def _channel(row: Any) -> Channel:
    fields = dict(row)
    return Channel(**{**fields, "config": msgspec.Raw(fields["config"])})
