"""Upkeep of the database by the recorder: months of positions, and what has been kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.recorder.retention import Retention
from hub.settings import Settings
from hub.stores.postgres import traces
from hub.stores.postgres.audit import expire_audit
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history.erasures import expire_removals
from hub.stores.postgres.history.expiry import EVENTS_KEPT_FOR, ROWS_AT_ONCE, expire
from hub.stores.postgres.history.partitions import Partitions
from hub.stores.postgres.history.retentions import expire_own
from hub.stores.postgres.jobs.expiry import expire_jobs
from hub.stores.postgres.jobs.plans import expire as expire_plans


async def maintain(
    connection: Connection, partitions: Partitions, retention: Retention, settings: Settings, now: datetime
) -> None:
    """One round for all recorders. Raises the errors of PostgreSQL."""
    await partitions.maintain(now, retention.own)
    await expire_own(connection, retention.own, now)
    await expire(connection, now, retention.horizon(now))
    await traces.expire(connection, now - timedelta(days=settings.trace_days), ROWS_AT_ONCE)
    await expire_audit(connection, now - timedelta(days=settings.audit_days), ROWS_AT_ONCE)
    await expire_removals(connection, now - EVENTS_KEPT_FOR)
    await expire_jobs(connection, now, settings.recipient_days)
    await expire_plans(connection, now - timedelta(days=settings.plan_days))
