"""The recorder's report in Redis, written at intervals together with trimming the log up to the commit."""

from __future__ import annotations

import asyncio

import msgspec
from msgspec import Struct

from hub.clock import SystemClock
from hub.logs import Action, get_logger
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.log.reader import Backlog, LogReader
from hub.wire.layout import Partition

EVERY = 2.0
"""Seconds between two reports. Not at each commit, because trimming costs Redis time and the log stays small anyway."""

KEEP = 60.0
"""Seconds for which committed entries stay in the log, for nodes that start (``hub/edge/log/tail.py``): clients resume
within that time, also at a node that has just started."""

EXPIRES = 15
"""Seconds after which a report expires: without a report, no recorder runs."""

log = get_logger()


class Progress(Struct):
    """Counts of the recorder since its start, and its state."""

    state: str = "starting"
    """``starting``, ``standby``, ``recording``, or ``retrying``; the last two are reported."""
    offset: str = ""
    """Last committed entry; empty until it has been read."""
    stored: dict[str, int] = {}
    """Hub process -> number of its first positions of which none is missing."""
    lost: int = 0
    """Acknowledged positions that were removed from the log before they were stored, since the database was created."""
    damaged_at: float = 0.0
    """Unix time at which the log was last found damaged, whether or not positions are missing; 0 if never."""
    commits: int = 0
    rows: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    retries: int = 0
    last_commit: float = 0.0
    """Unix time; 0 before the first."""
    error: str = ""
    """Class of the error that it retries after."""
    problem: str = ""
    """Action of an administrator without which it cannot record, as text; empty after the next commit."""
    failing: str = ""
    """Folds that fail, and for how many drivers, in words; empty if none fails."""
    added: int | None = None
    """Entries that had been appended to the log up to the offset; None until that is known."""
    bare_until: float = 0.0
    """By the monotonic clock: until then no committed entries are kept, since they hold positions that were erased."""

    def problems(self, log: str) -> list[str]:
        """Why the recorder of a log neither records nor stands by, in words; empty if it does."""
        if self.state in ("recording", "standby"):
            return []
        return [f"{log}: {self.state}: {self.problem or self.error}".removesuffix(": ")]

    def behind(self, offset: str, backlog: Backlog) -> int:
        """Entries that are not committed, of a log that was looked at when the offset was ``offset``. Until that is
        known, also committed ones of the last minute count."""
        if backlog.added is None:
            return backlog.length
        if offset == backlog.last and offset == self.offset:
            self.added = backlog.added
        if self.added is None:
            return backlog.length
        return max(0, backlog.added - self.added)


async def report(
    progress: Progress,
    url: str,
    timeout: float,  # noqa: ASYNC109 (of Redis)
    clock: SystemClock,
    partition: Partition,
) -> None:
    """Trim and report until cancelled. While Redis is away this only waits; the loop handles it."""
    available = True
    while True:
        reader = LogReader(url, timeout=timeout, partition=partition)
        try:
            while True:
                if progress.state in ("recording", "retrying"):
                    await _once(progress, reader, clock, partition)
                    if not available:
                        log.info(Action.LOG_AVAILABLE)
                    available = True
                await asyncio.sleep(EVERY)
        except UNAVAILABLE as error:
            if available:
                log.warning(Action.LOG_UNAVAILABLE, error=str(error))
            available = False
            await asyncio.sleep(EVERY)
        finally:
            await reader.close()


async def _once(progress: Progress, reader: LogReader, clock: SystemClock, partition: Partition) -> None:
    fields: dict[str, str | float] = {
        "state": progress.state,
        "offset": progress.offset,
        "stored": msgspec.json.encode(progress.stored).decode(),
        "commits": progress.commits,
        "rows": progress.rows,
        "duplicates": progress.duplicates,
        "dead_letters": progress.dead_letters,
        "retries": progress.retries,
        "last_commit": progress.last_commit,
        "error": progress.error,
        "problem": progress.problem,
        "lost": progress.lost,
        "damaged_at": progress.damaged_at,
        "failing": progress.failing,
        "reported_at": clock.time(),
    }
    if offset := progress.offset:
        backlog = await reader.trim(offset, 0.0 if clock.monotonic() < progress.bare_until else KEEP)
        fields |= {"backlog_entries": progress.behind(offset, backlog), "lag_seconds": backlog.lag}
    await reader.tell(partition.recorder, fields, EXPIRES)
