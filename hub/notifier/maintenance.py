"""The rule ``maintenance``: its distance is asked after each trip, its days by the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from hub.core.alerts.changes import Change, Correct, Open
from hub.core.alerts.maintenance import Counted, due
from hub.core.alerts.rules import Rule
from hub.stores.postgres.alerts import maintenance
from hub.stores.postgres.connection import Connection

KIND = "maintenance"


async def after_trip(
    connection: Connection, rules: Iterable[Rule], driver_id: str, at: datetime, *, revised: bool
) -> list[Change]:
    """What is due by the distance at the end of a trip. After a revision also what is not, as the trip was shorter."""
    changes: list[Change] = []
    for rule in rules:
        if rule.kind != KIND or rule.params.every is None or not rule.concerns(driver_id):
            continue
        counted = await maintenance.driven(connection, rule, driver_id)
        found = due(rule, counted, at)
        changes += await _new(connection, rule, counted, found)
        if revised:
            since, number = counted.since.isoformat(), 0 if found is None else found.details["number"]
            gone = await maintenance.ahead(connection, rule.id, driver_id, since, number)
            changes += [Correct(rule, driver_id, episode) for episode in gone]
    return changes


async def after_days(connection: Connection, rules: Iterable[Rule], now: datetime) -> list[Change]:
    """What is due by the days that have passed."""
    changes: list[Change] = []
    for rule in rules:
        if rule.kind == KIND and rule.params.days is not None:
            until = now - timedelta(days=rule.params.days)
            for counted in await maintenance.aged(connection, rule, rule.drivers, until):
                changes += await _new(connection, rule, counted, due(rule, counted, now))
    return changes


async def _new(connection: Connection, rule: Rule, counted: Counted, found: Open | None) -> list[Change]:
    if found is None:
        return []
    since, number = found.details["since"], found.details["number"]
    return [] if await maintenance.told(connection, rule.id, counted.driver_id, since, number) else [found]
