"""Rules of a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Raw, Struct

from hub.core.alerts.rules import KINDS, Rule, RuleWatch, Severity, drivers_of
from hub.core.alerts.schedules import Schedule
from hub.stores.postgres.alerts.channels import FIRST
from hub.stores.postgres.connection import Connection, statements
from hub.stores.postgres.registry.groups import current

SQL = statements(Path(__file__).with_name("rules.sql"))


class StoredRule(Struct, rename="camel"):
    """A rule. Seconds; ``version`` rises with each change; instants are in UTC."""

    id: UUID
    name: str
    kind: str
    params: Raw
    watch: RuleWatch
    schedule: Schedule | None
    channels: list[UUID]
    severity: Severity
    cooldown: float
    digest: float
    max_age: float
    tell_resolved: bool
    enabled: bool
    version: int
    created_at: datetime
    updated_at: datetime


class RuleValues(Struct):
    """What users can change of a rule. ``params`` is JSON."""

    name: str
    params: str
    watch: RuleWatch
    schedule: Schedule | None
    channels: list[UUID]
    severity: Severity
    cooldown: float
    digest: float
    max_age: float
    tell_resolved: bool
    enabled: bool

    def columns(self) -> tuple[Any, ...]:
        schedule = None if self.schedule is None else msgspec.json.encode(self.schedule).decode()
        watch = msgspec.json.encode(self.watch).decode()
        rest = self.severity, self.cooldown, self.digest, self.max_age, self.tell_resolved, self.enabled
        return (self.params, watch, schedule, self.channels, *rest)


async def rules(connection: asyncpg.Connection, fleet: str, limit: int, after: UUID = FIRST) -> list[StoredRule]:
    """Rules of a fleet by id, at most ``limit``, after an id."""
    return [_stored(row) for row in await connection.fetch(SQL.list_rules, fleet, after, limit)]


async def rule(connection: asyncpg.Connection, fleet: str, id: UUID) -> StoredRule | None:
    """A rule of a fleet; None for an unknown id."""
    row = await connection.fetchrow(SQL.rule, fleet, id)
    return None if row is None else _stored(row)


async def count(connection: asyncpg.Connection, fleet: str) -> int:
    """How many rules a fleet has, those of concurrent transactions included."""
    return int(await connection.fetchval(SQL.count_rules, fleet))


async def add(connection: asyncpg.Connection, fleet: str, kind: str, values: RuleValues) -> StoredRule:
    return _stored(await connection.fetchrow(SQL.add_rule, fleet, values.name, kind, *values.columns()))


async def put(
    connection: asyncpg.Connection, fleet: str, id: UUID, version: int | None, values: RuleValues
) -> StoredRule | None:
    """Replace the values; None if no rule has this ``version`` (None: any)."""
    row = await connection.fetchrow(SQL.put_rule, fleet, id, version, values.name, *values.columns())
    return None if row is None else _stored(row)


async def delete(connection: asyncpg.Connection, fleet: str, id: UUID, version: int | None) -> bool:
    """Delete a rule of this ``version`` (None: any); False if there is none."""
    return await connection.fetchval(SQL.delete_rule, fleet, id, version) is not None


async def digest(connection: Connection) -> str:
    """A text that changes with every change of a rule, and of the groups of drivers while a rule watches groups."""
    return str(await connection.fetchval(SQL.rules_digest))


async def enabled(connection: Connection, kinds: Sequence[str] | None = None) -> list[Rule]:
    """The rules that make alerts, of all fleets; with ``kinds`` only those. Their ``drivers`` include those that are
    in their groups now."""
    rows = await connection.fetch(SQL.enabled_rules, None if kinds is None else list(kinds))
    watches = [msgspec.json.decode(row["watch"], type=RuleWatch) for row in rows]
    groups = await current(connection) if any(watch.groups for watch in watches) else {}
    return [
        Rule(
            id=row["id"],
            fleet=row["fleet"],
            name=row["name"],
            kind=row["kind"],
            params=msgspec.json.decode(row["params"], type=KINDS[row["kind"]]),
            drivers=drivers_of(watch, groups.get(row["fleet"], {})),
            fences=tuple(watch.fences),
            schedule=_schedule(row["schedule"]),
            channels=tuple(row["channels"]),
            severity=row["severity"],
            cooldown=row["cooldown"],
            digest=row["digest"],
            max_age=row["max_age"],
            tell_resolved=row["tell_resolved"],
            since=row["created_at"],
        )
        for row, watch in zip(rows, watches, strict=True)
        # A newer hub may know more kinds.
        if row["kind"] in KINDS
    ]


def _schedule(text: str | None) -> Schedule | None:
    return None if text is None else msgspec.json.decode(text, type=Schedule)


def _stored(row: Any) -> StoredRule:
    fields = dict(row)
    return StoredRule(
        **{
            **fields,
            "params": msgspec.Raw(fields["params"]),
            "watch": msgspec.json.decode(fields["watch"], type=RuleWatch),
            "schedule": _schedule(fields["schedule"]),
        }
    )
