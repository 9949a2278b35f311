"""The audit log: who changed or exported what. Entries are added and read, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from hub.core.audit import Actor, Audited
from hub.stores.postgres.connection import Connection, collect, statements, storable

SQL = statements(Path(__file__).with_suffix(".sql"))

Detail = str | int | float | bool | list[str] | None


class AuditEntry(Struct, rename="camel", gc=False):
    """``actor_kind`` and ``actor_id`` name who acted, ``actor_name`` is the user's name at that time. ``kind`` and
    ``subject_id`` name what ``action`` was done to. ``request_id`` is that of the request, null for a command."""

    id: int
    happened_at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str | None
    action: str
    kind: str
    subject_id: str
    request_id: str | None
    details: dict[str, Detail]


class AuditFilter(Struct, frozen=True):
    """None: any. ``actor`` is an id or a user's name; ``since`` is included, ``until`` is not."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    action: str | None = None
    kind: str | None = None
    subject_id: str | None = None


async def audit(
    connection: Connection, actor: Actor, action: Audited, subject_id: str | UUID, **details: Detail
) -> None:
    """Record that ``actor`` did ``action`` to a subject. Call it in the transaction of the change, so that neither is
    stored without the other.

    ``details`` are few and short: names of changed fields, states, roles, ids. Secrets, places, names and phone numbers
    of people must not be in them, because entries outlive what they are about.
    """
    await audit_each(connection, actor, action, [subject_id], **details)


async def audit_each(
    connection: Connection, actor: Actor, action: Audited, subject_ids: Sequence[UUID | str], **details: Detail
) -> None:
    """The same for each of some subjects, by one statement."""
    await connection.execute(
        SQL.add,
        actor.fleet,
        actor.kind.value,
        storable(actor.id),
        actor.user_id,
        action.value,
        action.kind,
        list(map(str, subject_ids)),
        actor.request_id,
        msgspec.json.encode(details).decode(),
    )


async def audit_entries(
    connection: Connection,
    fleet: str,
    limit: int,
    wanted: AuditFilter = AuditFilter(),  # noqa: B008 (frozen)
    after: tuple[datetime, int] | None = None,
) -> list[AuditEntry]:
    """Entries of a fleet, newest first, at most ``limit``: those older than the entry ``after`` (instant, id)."""
    return await collect(
        connection, _entry, SQL.list, fleet, *(after or (None, None)), *msgspec.structs.astuple(wanted), limit
    )


async def is_there(connection: Connection) -> bool:
    """Whether the database has an audit log; those of earlier releases have none."""
    return bool(await connection.fetchval(SQL.is_there))


async def fleets(connection: Connection) -> list[str]:
    """Fleets with users, registered drivers, or days of drivers."""
    return [row["fleet"] for row in await connection.fetch(SQL.fleets)]


async def expire_audit(connection: Connection, before: datetime, limit: int) -> None:
    """Delete the oldest entries from before an instant, at most ``limit``."""
    await connection.execute(SQL.expire, before, limit)


def _entry(row: object) -> AuditEntry:
    fields = dict(row)  # type: ignore[call-overload]
    return AuditEntry(**{**fields, "details": msgspec.json.decode(fields["details"])})
