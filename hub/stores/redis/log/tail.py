"""Reads the log as it grows, for a node that shows the positions of the others."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from redis.exceptions import ResponseError

from hub.stores.redis.connection import connect
from hub.stores.redis.log.reader import START, Entry
from hub.wire.layout import Partition
from hub.wire.log import GENERATION

ENTRIES_PER_READ = 32
"""Bounds one answer, as for the recorder."""

# Only the first of several nodes that find the same loss makes a new name.
_RENEW = """
local name = redis.call('GET', KEYS[1])
if not name or name == ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[2])
    return ARGV[2]
end
return name
"""


class Extent(NamedTuple):
    """The entries in the log: ids of the first and the last one that was ever appended, ``0-0`` for a new log.
    ``whole``: none was removed from its beginning."""

    first: str
    last: str
    whole: bool


class LogTail:
    """A place in the log. Its methods raise one of ``UNAVAILABLE``; call ``lost`` then, and go on."""

    def __init__(self, url: str, partition: Partition, *, timeout: float, block: float) -> None:
        """``timeout``: seconds for an answer; ``block``: how long a read waits for the next entry."""
        self._log, self._generation = partition.log, f"{partition.prefix}{GENERATION}"
        self.client = connect(url, timeout, block, key=partition.log)
        self._block = round(block * 1000)
        self.after = START
        # Whether ``after`` is an entry, which has to be there as long as nothing behind it is lost.
        self._anchored = False
        self._doubt = False

    async def generation(self) -> str:
        """The name of the log, made by the first node that asks."""
        return str(await self.client.eval(_RENEW, 1, self._generation, "", _name()), "ascii")

    async def renew(self, old: str) -> str:
        """A new name for a log that has lost its end; the one that another node has made already."""
        return str(await self.client.eval(_RENEW, 1, self._generation, old, _name()), "ascii")

    async def extent(self) -> Extent:
        """The present extent of the log."""
        try:
            found: dict[str, Any] = await self.client.xinfo_stream(self._log)
        except ResponseError:  # no such key
            return Extent(START, START, True)
        last = found["last-generated-id"].decode()
        first = found["first-entry"]
        # Redis before 7 does not count what was added.
        whole = found.get("entries-added", -1) == found["length"]
        return Extent(last if first is None else first[0].decode(), last, whole)

    async def before(self, entry_id: str) -> str | None:
        """The id of the last entry before another id; None without one."""
        if entry_id == START:
            return None
        found: Any = await self.client.xrevrange(self._log, f"({entry_id}", "-", count=1)
        return str(found[0][0], "ascii") if found else None

    def start(self, after: str) -> None:
        """Read on after an id, which need not be that of an entry."""
        self.after, self._anchored, self._doubt = after, False, False

    async def read(self, *, wait: bool = True) -> list[Entry] | None:
        """The next entries, none if there are none now or within ``block`` seconds. None where entries between the last
        one that was read and these may be missing."""
        if self._doubt:
            if self._anchored and not await self.client.xrange(self._log, self.after, self.after):
                return None
            self._doubt = False
        block = self._block if wait else None
        answer: Any = await self.client.xread({self._log: self.after}, count=ENTRIES_PER_READ, block=block)
        entries = [(entry_id.decode(), fields) for _, found in answer or () for entry_id, fields in found]
        if entries:
            self.after, self._anchored = entries[-1][0], True
        return entries

    async def truncated(self) -> bool:
        """After ``read`` returned None: whether the log goes on beyond the last entry that was read. Otherwise it has
        lost its end."""
        return _ordinal((await self.extent()).last) >= _ordinal(self.after)

    def doubt(self) -> None:
        """Check before the next read that nothing is missing: the reader stood still."""
        self._doubt = True

    async def lost(self) -> None:
        """Redis does not answer: connect again with the next call, and check that nothing is missing."""
        self._doubt = True
        await self.client.connection_pool.disconnect()

    async def close(self) -> None:
        await self.client.aclose()


def _name() -> str:
    return secrets.token_urlsafe(6)


def _ordinal(entry_id: str) -> tuple[int, int]:
    milliseconds, number = entry_id.split("-")
    return int(milliseconds), int(number)
