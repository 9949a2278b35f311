"""Monthly partitions of ``positions``: created before they are needed, dropped when older than the retention."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import asyncpg

from hub.logs import Action, get_logger
from hub.stores.postgres.connection import Connection, columns, statements
from hub.stores.postgres.history.positions import Driver

SQL = statements(Path(__file__).with_name("partitions.sql"))

FIRST = 1990 * 12
"""January 1990, before GPS receivers for vehicles were sold. Older fixes come from a wrong clock."""

AHEAD = 1
"""Months after the current one that may have a partition, so that it exists when the month begins. Later fixes come
from a wrong clock."""

KEEP_TIMEOUT = 600
"""Seconds in which the rows of drivers with a longer retention are copied, four for each million: a month of 50 drivers
at 1 Hz."""

LOCK_TIMEOUT = "2s"
"""A statement waiting for a lock on the table blocks all statements behind it, so creating a partition is given up
early and tried again later."""

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


def horizon(retention: int, now: datetime) -> datetime:
    """The first instant that a retention of so many months keeps; 0 keeps everything."""
    return begin(month_of(now) - retention) if retention else datetime.min.replace(tzinfo=UTC)


class Partitions:
    """The partitions as one session of the recorder knows them."""

    def __init__(self, connection: Connection, retention: int) -> None:
        """``retention``: full months to keep before the current one; 0 keeps all."""
        self._connection = connection
        self._retention = retention
        self._existing: set[Month] = set()
        self._refused: set[Month] = set()
        # Months beyond the retention -> the drivers whose rows alone are in them.
        self._kept: dict[Month, frozenset[Driver]] = {}

    async def maintain(self, now: datetime, own: Mapping[Driver, int] = MappingProxyType({})) -> None:
        """Create the partitions of this month, the next one, and the months of rows in the default partition; drop
        those older than the retention, but for the rows of drivers whose ``own`` retention (months, 0: all) is longer.
        A partition that is locked is left for the next call."""
        await self.look()
        waiting = [row["month"] for row in await self._connection.fetch(SQL.list_default_months)]
        await self.ensure({month_of(now), month_of(now) + AHEAD, *(m for m in waiting if sane(m, now))}, now)
        if self._retention:
            oldest = horizon(self._retention, now)
            rewritten = False
            for month in [month for month in sorted(self._existing) if begin(month) < oldest]:
                keepers = frozenset(driver for driver, months in own.items() if begin(month) >= horizon(months, now))
                if not keepers:
                    await self._drop(month)
                elif not rewritten and self._kept.get(month) != keepers:
                    # One in each call, since recording waits for it.
                    rewritten = await self._keep(month, keepers)
            await self._connection.execute(SQL.expire_default, oldest)

    async def look(self) -> None:
        """Read which partitions there are: another recorder may have created or dropped some."""
        self._refused.clear()
        self._existing = {row["month"] for row in await self._connection.fetch(SQL.list_partitions)}

    async def ensure(self, months: set[Month], now: datetime) -> None:
        """Create missing partitions before rows of these months are inserted. If a partition cannot be created, its
        rows go to the default partition; an error is logged once per month and ``maintain``."""
        for month in months & self._kept.keys():
            del self._kept[month]
        for month in sorted(months - self._existing - self._refused):
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
            await self._connection.execute(SQL.lock_months)
            self._existing |= {row["month"] for row in await self._connection.fetch(SQL.list_partitions)}
            if month in self._existing:  # another recorder has created it
                return
            moved = await self._connection.fetchval(SQL.create_month, month)
        self._existing.add(month)
        log.info(Action.PARTITION_CREATED, partition=name(month), moved=moved)

    async def _keep(self, month: Month, keepers: frozenset[Driver]) -> bool:
        """Drop all rows of a month but those of some drivers. Returns whether that took a copy."""
        drivers = columns(sorted(keepers))
        others = await self._connection.fetchval(SQL.has_others, begin(month), begin(month + 1), *drivers)
        if others:
            try:
                async with self._connection.transaction():
                    await self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                    await self._connection.execute(f"SET LOCAL statement_timeout = {KEEP_TIMEOUT * 1000}")
                    rows = await self._connection.fetchval(SQL.keep_month, month, *drivers, timeout=KEEP_TIMEOUT * 1.2)
            except asyncpg.PostgresError as error:  # a lost connection shows again in the next statement
                reason = str(error.args[0])
                log.warning(Action.PARTITION_REDUCED, partition=name(month), reduced=False, reason=reason)
                return True
            log.info(Action.PARTITION_REDUCED, partition=name(month), reduced=True, kept=rows, drivers=len(keepers))
        self._kept[month] = keepers
        return bool(others)

    async def _drop(self, month: Month) -> None:
        try:
            async with self._connection.transaction():
                await self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                await self._connection.execute(SQL.drop_month, month)
        except asyncpg.LockNotAvailableError:
            log.warning(Action.PARTITION_DROPPED, partition=name(month), dropped=False, reason="locked")
            return
        self._existing.discard(month)
        self._kept.pop(month, None)
        log.info(Action.PARTITION_DROPPED, partition=name(month), dropped=True)
