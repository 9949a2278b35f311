"""What the recorder says about itself, in Redis; beside it the log is trimmed behind the commit."""

from __future__ import annotations

import asyncio
import time

import redis
from msgspec import Struct

from hub.logs import Action, get_logger
from hub.stores.redis.log_reader import LogReader
from hub.wire.log import RECORDER_KEY

EVERY = 2.0
"""Seconds between two reports. Not at each commit: trimming costs Redis time, and the log is small anyway."""

EXPIRES = 15
"""Seconds that a report stands: a reader that finds none knows that no recorder reports."""

log = get_logger()


class Progress(Struct):
    """What the recorder has done since it started, and what it is at."""

    state: str = "starting"
    """``starting``, ``standby``, ``recording``, or ``retrying``; the last two are reported."""
    offset: str = ""
    """Last committed entry; empty until it was read."""
    lost: int = 0
    """Acknowledged positions that vanished from the log, since the database was made."""
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
    """What it retries after."""
    problem: str = ""
    """What an administrator has to do before it can record, in words; empty after the next commit."""


async def report(progress: Progress, url: str, timeout: float) -> None:  # noqa: ASYNC109 (it is the connection's)
    """Trim and report until cancelled. A Redis that is away is the loop's trouble: this only waits for it."""
    available = True
    while True:
        reader = LogReader(url, timeout=timeout)
        try:
            while True:
                if progress.state in ("recording", "retrying"):
                    await _once(progress, reader)
                    if not available:
                        log.info(Action.LOG_AVAILABLE)
                    available = True
                await asyncio.sleep(EVERY)
        except (redis.RedisError, OSError) as error:
            if available:
                log.warning(Action.LOG_UNAVAILABLE, error=str(error))
            available = False
            await asyncio.sleep(EVERY)
        finally:
            await reader.close()


async def _once(progress: Progress, reader: LogReader) -> None:
    fields: dict[str, str | float] = {
        "state": progress.state,
        "offset": progress.offset,
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
        "reported_at": time.time(),
    }
    if offset := progress.offset:
        backlog = await reader.trim(offset)
        fields |= {"backlog_entries": backlog.entries, "lag_seconds": backlog.lag}
    await reader.tell(RECORDER_KEY, fields, EXPIRES)
