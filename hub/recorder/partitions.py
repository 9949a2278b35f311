"""The months of ``positions``: created before they are needed, dropped when they are older than wanted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from hub.logs import Action, get_logger
from hub.stores.postgres.connection import statements

SQL = statements(Path(__file__).with_name("partitions.sql"))

FIRST = 1990 * 12
"""January 1990, before the first GPS receiver for sale in a vehicle. Older fixes come from a wrong clock."""

AHEAD = 1
"""Months beyond the current one that may have a partition; it is there when the month begins. Later fixes come from a
wrong clock."""

LOCK_TIMEOUT = "2s"
"""What waits for a lock on the table holds up everybody behind it; a partition can wait for a better moment."""

log = get_logger()

Month = int
"""Months since year 0: ``year * 12 + month - 1``, in UTC."""


def month_of(instant: datetime) -> Month:
    return instant.year * 12 + instant.month - 1


def begin(month: Month) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


def name(month: Month) -> str:
    return f"positions_{month // 12}_{month % 12 + 1:02}"


def sane(month: Month, now: datetime) -> bool:
    """Whether the month may have a partition."""
    return FIRST <= month <= month_of(now) + AHEAD


class Partitions:
    """What the recorder knows about the partitions, through its own connection."""

    def __init__(self, connection: asyncpg.Connection, retention: int) -> None:
        """``retention``: whole months to keep beside the current one; 0 keeps all."""
        self._connection = connection
        self._retention = retention
        self._there: set[Month] = set()
        self._refused: set[Month] = set()

    async def maintain(self, now: datetime) -> None:
        """Create the current month and the next, and those that the default partition has rows of; drop what is older
        than the retention. What is locked is left for the next time."""
        self._refused.clear()
        self._there = {row["month"] for row in await self._connection.fetch(SQL.list_partitions)}
        waiting = [row["month"] for row in await self._connection.fetch(SQL.list_default_months)]
        await self.ensure({month_of(now), month_of(now) + AHEAD, *(m for m in waiting if sane(m, now))}, now)
        if self._retention:
            oldest = month_of(now) - self._retention
            for month in sorted(self._there):
                if month < oldest:
                    await self._drop(month)
            await self._connection.execute(SQL.expire_default, begin(oldest))

    async def ensure(self, months: set[Month], now: datetime) -> None:
        """Create what is missing before rows of these months are inserted. Where that cannot be, the rows go to the
        default partition: that is an alarm, once per month and ``maintain``."""
        for month in sorted(months - self._there - self._refused):
            if not sane(month, now):
                reason = "implausible month"
            else:
                try:
                    await self._create(month)
                    continue
                except asyncpg.PostgresError as error:  # a lost connection shows again in the next statement
                    reason = str(error.args[0])
            self._refused.add(month)
            log.error(Action.DEFAULT_PARTITION_USED, month=name(month), reason=reason)

    async def _create(self, month: Month) -> None:
        async with self._connection.transaction():
            await self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            moved = await self._connection.fetchval(SQL.create_month, month)
        self._there.add(month)
        log.info(Action.PARTITION_CREATED, partition=name(month), moved=moved)

    async def _drop(self, month: Month) -> None:
        try:
            async with self._connection.transaction():
                await self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                await self._connection.execute(SQL.drop_month, month)
        except asyncpg.LockNotAvailableError:
            log.warning(Action.PARTITION_DROPPED, partition=name(month), dropped=False, reason="locked")
            return
        self._there.discard(month)
        log.info(Action.PARTITION_DROPPED, partition=name(month), dropped=True)
