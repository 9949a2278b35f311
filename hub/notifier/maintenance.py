"""The rule ``maintenance``: its distance is asked after each trip, its days by the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hub.core.alerts.changes import Change, Correct
from hub.core.alerts.maintenance import due
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
        since, number = counted.since.isoformat(), 0 if found is None else found.details["number"]
        if found is not None and not await maintenance.told(connection, rule.id, driver_id, since, number):
            changes.append(found)
        if revised:
            gone = await maintenance.ahead(connection, rule.id, driver_id, since, number)
            changes += [Correct(rule, driver_id, episode) for episode in gone]
    return changes


async def after_days(connection: Connection, rules: Iterable[Rule], now: datetime) -> list[Change]:
    """What is due by the days that have passed."""
    changes: list[Change] = []
    for rule in rules:
        if rule.kind == KIND and rule.params.days is not None:
            aged = await maintenance.aged(connection, rule, rule.drivers, now)
            changes += [found for counted in aged if (found := due(rule, counted, now)) is not None]
    return changes
