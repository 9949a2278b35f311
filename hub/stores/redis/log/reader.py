"""Reads the log, and checks whether it continues where the recorder stopped."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from hub.core.live.log_place import entry_number
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
    """The log after it was trimmed."""

    length: int
    """Entries, those of the last minute that are committed included."""
    added: int | None
    """Entries that were ever appended; Redis before 7 does not count them."""
    last: str
    """Id of the last one."""
    lag: float
    """Seconds since the oldest entry was written that is not committed; 0 without any."""


FULLEST = 0.5
"""Share of Redis' memory from which on no committed entries are kept."""

# One script, so that a log that has lost its end is not trimmed: its new ids may be below the offset.
_TRIM = f"""
local function number(text, pattern)
    return tonumber(string.match(text, pattern)) or 0
end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 1 then
    local memory = redis.call('INFO', 'memory')
    local most = number(memory, 'maxmemory:(%d+)')
    local from, oldest = ARGV[1], now - tonumber(ARGV[2])
    local full = most > 0 and number(memory, 'used_memory:(%d+)') > most * {FULLEST}
    if not full and number(from, '^%d+') > oldest then
        from = string.format('%.0f-0', oldest)
        local before = redis.call('XREVRANGE', KEYS[1], '(' .. from, '-', 'COUNT', 1)
        if before[1] then from = before[1][1] end
    end
    redis.call('XTRIM', KEYS[1], 'MINID', from)
end
local length, added, last = 0, -1, ARGV[1]
if redis.call('EXISTS', KEYS[1]) == 1 then
    local about = redis.call('XINFO', 'STREAM', KEYS[1])
    for at = 1, #about, 2 do
        if about[at] == 'length' then length = about[at + 1] end
        if about[at] == 'entries-added' then added = about[at + 1] end
        if about[at] == 'last-generated-id' then last = about[at + 1] end
    end
end
local oldest = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', 1)
local lag = oldest[1] and now - number(oldest[1][1], '^%d+') or 0
return {{length, added, last, lag}}
"""


class LogReader:
    """A reader of a partition of the log. Its methods raise one of ``UNAVAILABLE``; then close it and make another."""

    def __init__(self, url: str, *, timeout: float, block: float = 0.0, partition: Partition = ONLY) -> None:
        """``timeout``: seconds for an answer; ``block``: how long a read waits for the first entry."""
        self._log = partition.log
        self._block = round(block * 1000)
        self._client = connect(url, timeout, block, single=True, key=partition.log)

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
        return Continuity.TRIMMED if entry_number(last) >= entry_number(offset) else Continuity.TAIL_LOST

    async def trim(self, offset: str, keep: float) -> Backlog:
        """Remove the committed entries, which are those up to ``offset``, but not the last one, nor those of the last
        ``keep`` seconds and the one before them while less than half of Redis' memory is used: nodes that start or
        stood still read them."""
        length, added, last, lag = await self._client.eval(_TRIM, 1, self._log, offset, round(keep * 1_000))
        return Backlog(length, None if added < 0 else added, last.decode(), max(0.0, lag / 1000))

    async def tell(self, key: str, fields: dict[Any, Any], seconds: int) -> None:
        """Replace the hash ``key`` by ``fields``; it expires after ``seconds``."""
        pipeline = self._client.pipeline(transaction=True)
        pipeline.delete(key)
        pipeline.hset(key, mapping=fields)
        pipeline.expire(key, seconds)
        await pipeline.execute()

    async def close(self) -> None:
        await self._client.aclose()
