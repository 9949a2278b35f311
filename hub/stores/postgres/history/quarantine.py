"""Payloads of phones with points that were refused, kept for a while: to be looked at, and sent again after a fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from hub.stores.postgres.connection import Connection, collect, columns, statements, storable

SQL = statements(Path(__file__).with_name("quarantine.sql"))


class Payload(Struct, frozen=True):
    """A request of a phone as it came, without credentials. ``driver_id`` is the driver that its token names,
    ``sender`` the one that its headers or query name. ``path`` has no token, ``coding`` is its ``Content-Encoding``.
    ``code``, ``field`` and ``detail`` are of the first refused point, ``points`` is how many are refused.
    ``request_id``: that of the request."""

    fleet: str
    driver_id: str | None
    received_at: datetime
    dialect: str
    code: str
    field: str | None
    detail: str
    points: int
    path: str
    query: str
    sender: str | None
    coding: str
    body: bytes
    request_id: str | None = None

    @property
    def size(self) -> int:
        """Bytes that the payload takes, as the table counts them."""
        return ROW + len(self.query.encode()) + len(self.body)


ROW = 300
"""Bytes of a row without query and body."""


class Listed(Struct, rename="camel", gc=False):
    """A payload in a list. ``size`` in bytes; ``driver_id`` is None where no token names the driver."""

    id: UUID
    driver_id: str | None
    received_at: datetime
    dialect: str
    code: str
    field: str | None
    detail: str
    points: int
    size: int


async def add_payloads(connection: Connection, payloads: Sequence[Payload], most_bytes: int) -> None:
    """Keep payloads. Of each fleet the oldest are deleted beyond ``most_bytes``."""
    rows = [
        (
            one.fleet,
            one.driver_id,
            one.received_at,
            one.dialect,
            one.code,
            one.field and storable(one.field),
            storable(one.detail),
            min(one.points, 2**31 - 1),
            one.path,
            storable(one.query),
            one.sender,
            storable(one.coding),
            one.body,
            one.request_id,
        )
        for one in payloads
    ]
    await connection.execute(SQL.add, *columns(rows))
    for fleet in sorted({one.fleet for one in payloads}):
        await connection.execute(SQL.trim, fleet, most_bytes)


async def expire_payloads(connection: Connection, before: datetime) -> None:
    """Delete the payloads received before an instant."""
    await connection.execute(SQL.expire, before)


async def payloads(
    connection: Connection, fleet: str, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Listed]:
    """Payloads of a fleet, newest first, at most ``limit``: those older than ``after``."""
    instant, id = after or (None, None)
    return await collect(connection, lambda row: Listed(**row), SQL.list_payloads, fleet, instant, id, limit)


async def payload(connection: Connection, fleet: str, id: UUID) -> tuple[Listed, Payload] | None:
    """A payload of a fleet with its entry in the list; None for an unknown id."""
    row = await connection.fetchrow(SQL.payload, fleet, id)
    if row is None:
        return None
    fields = dict(row)
    listed = Listed(**{name: fields[name] for name in Listed.__struct_fields__})
    return listed, Payload(fleet, **{name: fields[name] for name in Payload.__struct_fields__ if name != "fleet"})


async def delete_payloads(connection: Connection, fleet: str, ids: Iterable[UUID]) -> None:
    """Delete payloads of a fleet."""
    for id in ids:
        await connection.execute(SQL.delete_payload, fleet, id)


async def clear_payloads(connection: Connection, fleet: str) -> int:
    """Delete all payloads of a fleet, and return their number."""
    count: int = await connection.fetchval(SQL.clear, fleet)
    return count
