"""Backups and restores in the audit log: they concern all fleets, so each fleet gets an entry."""

from __future__ import annotations

from hub.actor import operator
from hub.core.audit import Audited
from hub.stores.postgres.audit import audit, fleets, is_there
from hub.stores.postgres.connection import Connection


async def note(connection: Connection, default_fleet: str, action: Audited, backup: str) -> None:
    """Record a backup, by its name, in the audit log of every fleet. A database of an earlier release has no audit log:
    then nothing is recorded."""
    if not await is_there(connection):
        return
    async with connection.transaction():
        for fleet in sorted({default_fleet, *await fleets(connection)}):
            await audit(connection, operator(fleet), action, backup)
