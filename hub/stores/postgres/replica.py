"""A standby that answers reads, and how current it is: checked each second against its primary.

**As of.** Each check notes a mark: the end of the primary's log (WAL) and the primary's time then. The standby has
everything up to a mark once it has replayed the log that far, so an idle primary's standby is as current as the last
check, although its last transaction may be old. Between two marks the time of the last transaction that it replayed
says more. Both are times of the primary's clock.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

import asyncpg

from hub.logs import Action, get_logger
from hub.stores.postgres.connection import AWAY, connect
from hub.stores.postgres.pool import DatabaseAway, Pool
from hub.stores.reasons import reason

log = get_logger()

INTERVAL = 1.0
"""Seconds between two checks; reads of a fleet that was changed wait as long for the standby."""

PATIENCE = 1.0
"""Seconds that the standby has for the answer to a check, which takes a millisecond."""

MOST_MARKS = 900
"""Marks that a standby may be behind and still be told exactly how far: a quarter of an hour."""

TOLD = 60.0
"""Seconds for which ``/health`` tells of a read that replay cancelled."""

_PRIMARY = """
SELECT (SELECT system_identifier FROM pg_control_system()) AS system, clock_timestamp() AS time,
       pg_walfile_name(pg_current_wal_flush_lsn()) AS file, (pg_current_wal_flush_lsn() - '0/0')::bigint AS position
"""

_STANDBY = """
SELECT (SELECT system_identifier FROM pg_control_system()) AS system, pg_is_in_recovery() AS standby,
       (pg_last_wal_replay_lsn() - '0/0')::bigint AS position, pg_last_xact_replay_timestamp() AS time
"""


class _Mark(NamedTuple):
    """A position of the primary's log, the primary's time then, and the loop's time before it was asked."""

    position: int
    time: datetime
    asked: float


class ReplicaUnusable(Exception):
    """The standby does not answer a read: the primary is to be asked. ``cause`` is the label of the fallback."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Replica:
    """The standby at ``url`` of the server that ``primary`` connects to; ``most_lag`` in seconds."""

    def __init__(self, url: str, primary: Pool, *, connections: int, patience: float, most_lag: float) -> None:
        self.pool = Pool(url, "replica", connections=connections, patience=patience)
        self._url, self._primary, self._most_lag = url, primary, most_lag
        self._connection: asyncpg.Connection | None = None
        self._marks: deque[_Mark] = deque(maxlen=MOST_MARKS)
        self._timeline = ""
        self._system = 0
        self._position = 0
        self._reads: set[asyncio.Timeout] = set()
        self._conflict = float("-inf")
        self._cause = "away"
        self.problem: str | None = "the replica has not been checked yet"
        """Why the primary answers in its place, in words."""
        self.as_of: datetime | None = None
        """The standby has everything that was committed until then, by the primary's clock."""
        self.seen = float("-inf")
        """The standby has everything that was committed until then, in the time of the loop."""
        self.lag: float | None = None
        """Seconds that it was behind at the last check; None if it was not told."""
        self.reads = 0
        self.fallbacks: Counter[str] = Counter()
        """Reads that the primary answered, by cause: ``away``, ``lag``, ``conflict`` (replay cancelled the read) and
        ``written`` (of a fleet that was changed a moment before)."""

    def problems(self) -> list[str]:
        """What is wrong, for ``/health``."""
        if self.problem is not None:
            return [f"{self.problem}; the primary answers in its place"]
        if asyncio.get_running_loop().time() - self._conflict < TOLD:
            return ["replay on the replica cancelled a read, which the primary answered"]
        return []

    @asynccontextmanager
    async def connection(self, written: float) -> AsyncIterator[asyncpg.Connection]:
        """A connection for reads of data that was last changed at ``written`` (time of the loop). Raises
        ``ReplicaUnusable``, also from within, and ``DatabaseAway`` for statements that take too long."""
        if self.problem is not None:
            raise self._fallback(self._cause)
        if written >= self.seen:
            raise self._fallback("written")
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._reads.add(limit)
                async with self.pool.connection(quiet=True) as connection:
                    yield connection
            self.reads += 1
        except TimeoutError as error:
            raise self._fallback("away") from error
        except DatabaseAway as error:
            cause = error.__cause__
            if isinstance(cause, asyncpg.QueryCanceledError | TimeoutError):
                raise  # too much for one request, and for the primary as well
            if isinstance(cause, asyncpg.SerializationError | asyncpg.DeadlockDetectedError):
                self._conflict = asyncio.get_running_loop().time()
                raise self._fallback("conflict") from error
            raise self._fallback("away") from error
        finally:
            self._reads.discard(limit)

    def _fallback(self, cause: str) -> ReplicaUnusable:
        self.fallbacks[cause] += 1
        return ReplicaUnusable(cause)

    async def run(self) -> None:
        """Check each second until cancelled."""
        try:
            while True:
                try:
                    await self.check()
                except Exception:
                    log.exception(Action.INTERNAL_ERROR, where="replica")
                    self._set("the check of the replica fails", "away")
                await asyncio.sleep(INTERVAL)
        finally:
            if self._connection is not None:
                self._connection.terminate()

    async def check(self) -> None:
        """Look how far the primary and the standby are."""
        asked = await self._mark()
        try:
            async with asyncio.timeout(PATIENCE):
                if self._connection is None:
                    self._connection = await connect(self._url, role="replica check", patience=PATIENCE)
                row = await self._connection.fetchrow(_STANDBY)
        except AWAY as error:
            if self._connection is not None:
                self._connection.terminate()
                self._connection = None
            self.lag = None
            self._set(f"the replica does not answer: {reason(error)}", "away")
            return
        if self._system and row["system"] != self._system:
            self._set("the server of HUB_DATABASE_REPLICA_URL belongs to another primary", "away")
        elif not row["standby"]:
            self._set("the server of HUB_DATABASE_REPLICA_URL is not a standby", "away")
        else:
            self._judge(row["position"] or 0, row["time"], asked)

    async def _mark(self) -> datetime | None:
        """Note a mark; the primary's time, None while it does not answer."""
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(PATIENCE), self._primary.connection(quiet=True) as connection:
                row = await connection.fetchrow(_PRIMARY)
        except (DatabaseAway, TimeoutError):
            return None
        timeline = row["file"][:8]
        if timeline != self._timeline or row["system"] != self._system:
            # After a failover the same position is of another history.
            self._marks.clear()
            self._timeline, self._system = timeline, row["system"]
        self._marks.append(_Mark(row["position"], row["time"], began))
        time: datetime = row["time"]
        return time

    def _judge(self, position: int, replayed: datetime | None, now: datetime | None) -> None:
        """Set what the standby has; ``now``: the primary's time, None while it does not answer."""
        if position < self._position:  # it was restored from an older copy
            self.as_of, self.seen = None, float("-inf")
        self._position = position
        reached = None
        while self._marks and self._marks[0].position <= position:
            reached = self._marks.popleft()
        if reached is not None:
            self.seen = reached.asked
        known = [self.as_of, replayed, None if reached is None else reached.time]
        self.as_of = max((time for time in known if time is not None), default=None)
        if self.as_of is None:
            self.lag = None
            self._set("how current the replica is, is not known yet", "lag")
            return
        if now is None:
            # The primary could not answer in its place. What the standby has is told with each answer.
            self.lag, self.seen = None, asyncio.get_running_loop().time()
            self._set(None)
            return
        self.lag = max(0.0, (now - self.as_of).total_seconds())
        # Half of it to come back, so that the answers do not change between the two servers all the time.
        most = self._most_lag if self.problem is None else self._most_lag / 2
        if self.lag > most:
            self._set(f"the replica is {self.lag:.0f} s behind", "lag")
        else:
            self._set(None)

    def _set(self, problem: str | None, cause: str = "") -> None:
        before, self.problem, self._cause = self.problem, problem, cause
        if problem is not None and cause == "away":
            for limit in self._reads:
                with contextlib.suppress(RuntimeError):  # it ends in this turn
                    limit.reschedule(0)
        if problem is None and before is not None:
            log.info(Action.REPLICA_USED)
        elif problem is not None and before is None:
            log.warning(Action.REPLICA_UNUSED, problem=problem)
