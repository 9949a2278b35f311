"""Alerts: one row an episode, and the messages about them for screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import asyncpg
import msgspec
from msgspec import Struct

from hub.core.alerts.rules import Rule
from hub.stores.postgres.connection import Connection, collect, columns, statements
from hub.wire.notices.alerts import Alert, message

SQL = statements(Path(__file__).with_name("alerts.sql"))

NAMESPACE = UUID("5b0d7a3c-8f0e-4f57-9a3a-1d1b6c7e2f44")
"""UUIDv5 namespace of alert ids."""

NEWEST = 2**63 - 1
"""Beyond every number."""


class Told(Struct):
    """What is kept of the rule at the time of an alert."""

    kind: str
    title: str
    text: str
    severity: str
    details: dict[str, Any]


class LastSent(NamedTuple):
    """When a rule was last sent, about a driver and about any."""

    driver: datetime | None
    rule: datetime | None


class Numbered(NamedTuple):
    """An alert and its place in the list."""

    number: int
    alert: Alert


class Filters(NamedTuple):
    """Which alerts to list; None: all."""

    driver_id: str | None = None
    rule_id: UUID | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    unacknowledged: bool = False
    drivers: list[str] | None = None


class NewAlert(NamedTuple):
    """An alert to open."""

    fleet: str
    episode: str
    alert: Alert


def alert_id(rule_id: UUID, driver_id: str, episode: str) -> UUID:
    """The id of the alert of an episode: the same whenever and wherever it is noticed."""
    return uuid5(NAMESPACE, f"{rule_id}/{driver_id}/{episode}")


async def open_alerts(connection: Connection, new: Sequence[NewAlert]) -> set[UUID]:
    """Insert alerts in their order, with the messages for screens. Returns the ids of those that are new; the episodes
    of the others have an alert. No two of ``new`` may have one id."""
    rows = [
        (
            one.alert_id, fleet, one.rule_id, one.driver_id, episode, one.at, one.noticed_at, one.sent_at, one.held,
            msgspec.json.encode(Told(one.kind, one.title, one.text, one.severity, one.details)).decode(),
            msgspec.json.encode(message("opened", one)).decode(),
        )
        for fleet, episode, one in new
    ]  # fmt: skip
    return {row["id"] for row in await connection.fetch(SQL.open_alerts, *columns(rows))} if rows else set()


async def last_sent(connection: Connection, rule_id: UUID, driver_id: str, since: datetime) -> LastSent:
    """When a rule was last sent, not before ``since``."""
    return LastSent(*await connection.fetchrow(SQL.last_sent, rule_id, driver_id, since))


async def resolve(connection: Connection, id: UUID, at: datetime) -> Alert | None:
    """The alert, if it was open until now."""
    return _maybe(await connection.fetchrow(SQL.resolve, id, at))


async def channel_works(connection: asyncpg.Connection, fleet: str, channel_id: UUID, now: datetime) -> None:
    """A channel that was disabled is so no more: end its alert, and tell the screens."""
    for row in await connection.fetch(SQL.channel_works, channel_id, now):
        await announce(connection, fleet, "resolved", alert_of(row))


async def close_abandoned(connection: Connection, now: datetime, limit: int) -> int:
    """Close open alerts whose rule is switched off or deleted, with the reason in their details, and tell the screens;
    in the open transaction. Returns how many, at most ``limit``."""
    found = await connection.fetch(SQL.abandoned, limit)
    for row in found:
        await _close(connection, row, "rule_deleted" if row["deleted"] else "rule_off", now)
    return len(found)


async def close_unwatched(connection: Connection, rule: Rule, now: datetime, limit: int) -> int:
    """The same for open alerts of a rule about drivers and fences that it does not watch any more."""
    drivers = None if rule.drivers is None else list(rule.drivers)
    found = await connection.fetch(SQL.unwatched, rule.id, drivers, rule.fences, limit)
    for row in found:
        await _close(connection, row, "not_watched", now)
    return len(found)


async def close_of_deleted_fences(connection: Connection, now: datetime, limit: int) -> int:
    """The same for open alerts about deleted fences: a driver that sends nothing more does not leave them."""
    await connection.execute(SQL.leave_deleted_fences)
    found = await connection.fetch(SQL.of_deleted_fences, limit)
    for row in found:
        await _close(connection, row, "fence_deleted", now)
    return len(found)


async def _close(connection: Connection, row: asyncpg.Record, why: str, now: datetime) -> None:
    told = msgspec.json.decode(row["data"], type=Told)
    told.details["closed"] = why
    alert = _maybe(await connection.fetchrow(SQL.close, row["id"], now, msgspec.json.encode(told).decode()))
    if alert is not None:
        await announce(connection, row["fleet"], "resolved", alert)


async def rules_with_open(connection: Connection) -> set[UUID]:
    """Rules with an open alert."""
    return {row["rule_id"] for row in await connection.fetch(SQL.rules_with_open)}


async def correct(connection: Connection, id: UUID) -> Alert | None:
    """The alert, if it was not corrected before."""
    return _maybe(await connection.fetchrow(SQL.correct, id))


async def open_of(connection: Connection, rule_id: UUID, driver_id: str, fence_id: str) -> list[UUID]:
    """Open alerts of a rule about a driver and a fence."""
    return [row["id"] for row in await connection.fetch(SQL.open_of, rule_id, driver_id, fence_id)]


async def open_episodes(connection: Connection, rule_id: UUID) -> list[tuple[str, str]]:
    """Driver and episode of the open alerts of a rule."""
    return [(row["driver_id"], row["episode"]) for row in await connection.fetch(SQL.open_episodes, rule_id)]


async def alert(connection: asyncpg.Connection, fleet: str, id: UUID) -> Alert | None:
    """An alert of a fleet; None for an unknown id."""
    return _maybe(await connection.fetchrow(SQL.alert, fleet, id))


async def listed(
    connection: asyncpg.Connection, fleet: str, limit: int, filters: Filters, before: int = NEWEST
) -> list[Numbered]:
    """Alerts of a fleet, newest first, at most ``limit``, before a number."""
    return await collect(
        connection,
        lambda row: Numbered(row["number"], alert_of(row)),
        SQL.list_alerts,
        fleet,
        before,
        limit,
        *filters,
    )


async def acknowledge(
    connection: asyncpg.Connection, fleet: str, id: UUID, version: int | None, user: str, now: datetime
) -> Alert | None:
    """Note that a user has seen an alert, and tell the screens; None if no alert has this ``version``, or it is
    acknowledged."""
    found = _maybe(await connection.fetchrow(SQL.acknowledge, fleet, id, version, user, now))
    if found is not None:
        await announce(connection, fleet, "acknowledged", found)
    return found


async def digests(connection: Connection, wanted: Sequence[tuple[UUID, float]], now: datetime) -> list[UUID]:
    """Of rules with the seconds of their digest, those with gathered alerts to send now."""
    if not wanted:
        return []
    return [row["id"] for row in await connection.fetch(SQL.digests, *columns(wanted), now)]


async def take_digest(connection: Connection, rule_id: UUID, now: datetime) -> list[Numbered]:
    """The gathered alerts of a rule, which are gathered no more."""
    return [Numbered(row["number"], alert_of(row)) for row in await connection.fetch(SQL.take_digest, rule_id, now)]


async def announce(connection: asyncpg.Connection, fleet: str, event: str, alert: Alert) -> None:
    """Put a message for the screens into the outbox, in the open transaction."""
    payload = msgspec.json.encode(message(event, alert)).decode()
    await connection.execute(SQL.put_message, fleet, alert.driver_id, payload)


async def messages(connection: Connection, limit: int) -> list[tuple[int, str, str, bytes]]:
    """Messages that are not in the stream: id, fleet, driver and payload."""
    rows = await connection.fetch(SQL.messages, limit)
    return [(row["id"], row["fleet"], row["driver_id"], row["payload"].encode()) for row in rows]


async def delete_messages(connection: Connection, ids: Sequence[int]) -> None:
    await connection.execute(SQL.delete_messages, ids)


async def expire(connection: Connection, before: datetime, limit: int) -> None:
    """Delete the oldest alerts."""
    await connection.execute(SQL.expire_alerts, before, limit)


def _maybe(row: Any) -> Alert | None:
    return None if row is None else alert_of(row)


def alert_of(row: Any) -> Alert:
    """The alert of a row."""
    told = msgspec.json.decode(row["data"], type=Told)
    return Alert(
        alert_id=row["id"],
        rule_id=row["rule_id"],
        kind=told.kind,
        title=told.title,
        text=told.text,
        severity=told.severity,
        driver_id=row["driver_id"],
        state=row["state"],
        at=row["at"],
        noticed_at=row["noticed_at"],
        details=told.details,
        version=row["version"],
        resolved_at=row["resolved_at"],
        acknowledged_at=row["acknowledged_at"],
        acknowledged_by=row["acknowledged_by"],
        sent_at=row["sent_at"],
        held=row["held"],
    )
