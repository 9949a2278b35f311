"""Conditions that hold, and findings: from the recorder to the notifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from hub.stores.postgres.connection import Connection, columns, statements
from hub.stores.postgres.history.positions import Driver

SQL = statements(Path(__file__).with_name("rules.sql"))


class Condition(NamedTuple):
    """``state``: ``hub.core.alerts.conditions.Held`` as MessagePack."""

    rule_id: UUID
    at: datetime
    fleet: str
    driver_id: str
    state: bytes


class NewFinding(NamedTuple):
    """``payload``: ``hub.core.alerts.conditions.Finding`` as JSON."""

    fleet: str
    driver_id: str
    payload: str


class TakenFinding(NamedTuple):
    """``payload`` as of ``NewFinding``."""

    id: int
    fleet: str
    driver_id: str
    payload: str


async def holding(connection: Connection, drivers: Sequence[Driver]) -> dict[Driver, dict[UUID, bytes]]:
    """The states of the conditions that hold, of some drivers."""
    found: dict[Driver, dict[UUID, bytes]] = {driver: {} for driver in drivers}
    if drivers:
        for n, rule_id, state in await connection.fetch(SQL.conditions, *columns(drivers)):
            found[drivers[n - 1]][rule_id] = state
    return found


async def put(
    connection: Connection,
    conditions: Iterable[Condition],
    ended: Iterable[tuple[UUID, str, str]],
    findings: Iterable[NewFinding],
) -> None:
    """Write what a batch changes, in the open transaction. ``ended``: rule, fleet and driver."""
    if rows := list(conditions):
        await connection.execute(SQL.put_conditions, *columns(rows))
    if gone := list(ended):
        await connection.execute(SQL.delete_conditions, *columns(gone))
    if new := list(findings):
        await connection.execute(SQL.put_findings, *columns(new))


async def delete_disabled(connection: Connection) -> None:
    """Delete the conditions of rules that are switched off."""
    await connection.execute(SQL.delete_disabled)


async def take(connection: Connection, limit: int) -> list[TakenFinding]:
    """Take findings out, in the open transaction."""
    return [TakenFinding(*row) for row in await connection.fetch(SQL.take_findings, limit)]


async def erase(connection: Connection, driver: Driver) -> None:
    """Delete the conditions and findings of a driver."""
    await connection.execute(SQL.erase_conditions, *driver)
    await connection.execute(SQL.erase_findings, *driver)
