"""Reads the log, and checks whether it continues where the recorder stopped."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from hub.stores.redis.connection import connect
from hub.wire.layout import ONLY, Partition

START = "0-0"
"""The offset before the first entry."""

ENTRIES_PER_READ = 32
"""Bounds one answer: 32 entries of 5,000 positions are 40 MB. Small entries come at 80,000/s all the same."""

Entry = tuple[str, dict[bytes, bytes]]
"""Id and fields, as in the stream."""


class Continuity(Enum):
    """Whether the log continues where the recorder stopped. Trimming keeps the last committed entry, so it must be
    there."""

    INTACT = "intact"
    TAIL_LOST = "tail_lost"
    """Redis has lost entries that the recorder had read; new ones may have ids below the offset."""
    TRIMMED = "trimmed"
    """Another client of Redis has removed entries beyond the offset; those that were not read are lost."""


class Backlog(NamedTuple):
    """The part of the log that is not in PostgreSQL."""

    entries: int
    lag: float
    """Seconds since the oldest of them was written; 0 without any."""


# One script, so that a log that has lost its end is not trimmed: its new ids may be below the offset.
_TRIM = """
local committed = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #committed == 1 then redis.call('XTRIM', KEYS[1], 'MINID', ARGV[1]) end
local entries = redis.call('XLEN', KEYS[1]) - #committed
local oldest = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', 1)
local lag = 0
if oldest[1] then
    local now = redis.call('TIME')
    lag = now[1] * 1000 + math.floor(now[2] / 1000) - tonumber(string.match(oldest[1][1], '^%d+'))
end
return {entries, lag}
"""


class LogReader:
    """A reader of a partition of the log. Its methods raise one of ``UNAVAILABLE``; then close it and make another."""

    def __init__(self, url: str, *, timeout: float, block: float = 0.0, partition: Partition = ONLY) -> None:
        """``timeout``: seconds for an answer; ``block``: how long a read waits for the first entry."""
        self._log = partition.log
        self._block = round(block * 1000)
        self._client = connect(url, timeout, block, single=True)

    async def read(self, after: str) -> list[Entry] | None:
        """Up to ``ENTRIES_PER_READ`` entries with ids above ``after``; None when the entry ``after`` is not in the log.

        The entry ``after`` comes in the same answer, so nothing can be removed between the check and the read. A log
        loses entries from its beginning (``XTRIM``) or as a whole (``DEL``, eviction), so if ``after`` is there, all
        entries after it are, too. This check does not find ``XDEL`` and a lost end; the numbers in the entries do.
        """
        answer: Any = await self._client.xrange(self._log, after, "+", ENTRIES_PER_READ + (after != START))
        entries = [(entry_id.decode(), fields) for entry_id, fields in answer]
        if after == START:
            return entries
        return entries[1:] if entries and entries[0][0] == after else None

    async def wait(self, after: str) -> None:
        """Return when there is an entry above ``after``, or after ``block`` seconds."""
        await self._client.xread({self._log: after}, count=1, block=self._block)

    async def continuity(self, offset: str) -> Continuity:
        """Whether the log is the one whose entries up to ``offset`` are committed."""
        if offset == START:
            return Continuity.INTACT
        if await self._client.xrange(self._log, offset, offset):
            return Continuity.INTACT
        if await self._client.xrange(self._log, "-", f"({offset}", count=1):
            return Continuity.TAIL_LOST
        # Neither the offset nor anything below it: trimmed beyond it, or empty because Redis has lost everything.
        if not await self._client.exists(self._log):
            return Continuity.TAIL_LOST
        last = (await self._client.xinfo_stream(self._log))["last-generated-id"].decode()
        return Continuity.TRIMMED if _ordinal(last) >= _ordinal(offset) else Continuity.TAIL_LOST

    async def trim(self, offset: str) -> Backlog:
        """Remove the entries before ``offset`` (the last committed entry stays). Returns what is not committed yet."""
        entries, lag = await self._client.eval(_TRIM, 1, self._log, offset)
        return Backlog(entries, max(0.0, lag / 1000))

    async def tell(self, key: str, fields: dict[Any, Any], seconds: int) -> None:
        """Replace the hash ``key`` by ``fields``; it expires after ``seconds``."""
        pipeline = self._client.pipeline(transaction=True)
        pipeline.delete(key)
        pipeline.hset(key, mapping=fields)
        pipeline.expire(key, seconds)
        await pipeline.execute()

    async def close(self) -> None:
        await self._client.aclose()


def _ordinal(entry_id: str) -> tuple[int, int]:
    milliseconds, number = entry_id.split("-")
    return int(milliseconds), int(number)
