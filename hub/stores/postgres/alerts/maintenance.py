"""Maintenance of drivers: since when it is counted, and what is due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec

from hub.core.alerts.conditions import Finding
from hub.core.alerts.maintenance import Counted
from hub.core.alerts.rules import Rule
from hub.stores.postgres.alerts import conditions
from hub.stores.postgres.alerts.conditions import NewFinding
from hub.stores.postgres.connection import Connection, statements

SQL = statements(Path(__file__).with_name("maintenance.sql"))


async def driven(connection: Connection, rule: Rule, driver_id: str) -> Counted:
    """What a rule counts of a driver."""
    row = await connection.fetchrow(SQL.driven, rule.fleet, driver_id, rule.id, rule.since)
    return Counted(driver_id, *row)


async def aged(connection: Connection, rule: Rule, drivers: Collection[str] | None, now: datetime) -> list[Counted]:
    """The drivers for which more intervals of days have passed than the rule has told, without the distance;
    ``drivers``: only of these, unless None."""
    rows = await connection.fetch(SQL.aged, rule.fleet, drivers, rule.id, rule.since, now, rule.params.days)
    return [Counted(*row) for row in rows]


async def known(connection: asyncpg.Connection, fleet: str, driver_id: str) -> bool:
    """Whether a driver is registered, or its history has something of it."""
    return bool(await connection.fetchval(SQL.known, fleet, driver_id))


async def told(connection: Connection, rule_id: UUID, driver_id: str, since: str, number: int) -> bool:
    """Whether there is an alert about a maintenance or a later one, of those that are counted since an instant."""
    return bool(await connection.fetchval(SQL.told, rule_id, driver_id, since, number))


async def ahead(connection: Connection, rule_id: UUID, driver_id: str, since: str, number: int) -> list[str]:
    """Episodes of open alerts about a distance that the driver has not driven after all."""
    return [row["episode"] for row in await connection.fetch(SQL.ahead, rule_id, driver_id, since, number)]


async def done(connection: asyncpg.Connection, fleet: str, rule_id: UUID, driver_id: str, at: datetime) -> None:
    """Maintenance was done: count from then on. The open alerts of the rule about the driver end; the notifier ends
    them as it ends conditions."""
    await connection.execute(SQL.done, rule_id, fleet, driver_id, at)
    findings = [
        Finding(str(rule_id), row["at"], row["episode"], max(at, row["at"]))
        for row in await connection.fetch(SQL.open_alerts, rule_id, driver_id)
    ]
    new = [NewFinding(fleet, driver_id, msgspec.json.encode(one).decode()) for one in findings]
    await conditions.put(connection, [], [], new)
