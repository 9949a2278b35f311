"""Reads the log as it grows, for a node that shows the positions of the others."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any, NamedTuple

from redis.exceptions import OutOfMemoryError, ResponseError

from hub.core.live.log_place import entry_number
from hub.stores.redis.connection import connect, disconnect
from hub.stores.redis.line import Command, Line, checked
from hub.stores.redis.log.reader import START, Entry
from hub.wire.layout import Partition
from hub.wire.log import GENERATION

ENTRIES_PER_READ = 32
"""Bounds one answer, as for the recorder."""

UNCHECKED = 0.02
"""Seconds between two reads in which nothing can be appended, recorded and trimmed. The recorder keeps entries for a
minute, but not after an erasure, nor while memory is short; one of an older version keeps none."""

_THERE = "return #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])"

# Only the first of several nodes that find the same loss makes a new name.
_NAME = """
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
        self._line = Line(self.client)
        self._block = round(block * 1000)
        self.after = START
        # Whether ``after`` is an entry, which has to be there as long as nothing behind it is lost.
        self._anchored = False
        self._doubt = False
        # When the last read was asked for, by the loop's clock.
        self._asked = 0.0

    async def generation(self, lost: str = "") -> str:
        """The name of the log, made by the first node that asks; another one than ``lost``, after the log of that name
        has lost its end. Empty where Redis has no room for it."""
        try:
            return str(await self.client.eval(_NAME, 1, self._generation, lost, secrets.token_urlsafe(6)), "ascii")
        except OutOfMemoryError:
            # Live positions go on, without tokens.
            return ""

    async def extent(self) -> Extent:
        """The present extent of the log."""
        try:
            found: dict[str, Any] = await self.client.xinfo_stream(self._log)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
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
        before, self._asked = self._asked, asyncio.get_running_loop().time()
        block: Command = ("BLOCK", self._block) if wait and not self._doubt else ()
        commands: list[Command] = [
            ("XREAD", "COUNT", ENTRIES_PER_READ, *block, "STREAMS", self._log, self.after),
        ]
        if self._anchored and (self._doubt or self._asked - before > UNCHECKED):
            # After the read: if the last entry is still there, nothing behind it was trimmed before the read.
            commands.append(("EVAL", _THERE, 1, self._log, self.after))
        answer, *there = checked(await self._line.ask(*commands))
        if there == [0]:
            return None
        self._doubt = False
        entries = [(entry_id.decode(), _fields(pairs)) for entry_id, pairs in _of_one(answer)]
        if entries:
            self.after, self._anchored = entries[-1][0], True
        return entries

    async def truncated(self) -> bool:
        """After ``read`` returned None: whether the log goes on beyond the last entry that was read. Otherwise it has
        lost its end."""
        return entry_number((await self.extent()).last) >= entry_number(self.after)

    async def lost(self) -> None:
        """Redis does not answer: connect again with the next call, and check that nothing is missing."""
        self._doubt = True
        await disconnect(self.client)

    async def close(self) -> None:
        await self.client.aclose()


def _of_one(answer: Any) -> list[tuple[bytes, list[bytes]]]:
    """The entries in an answer of XREAD for one stream: a map in version 3 of the protocol, pairs in version 2."""
    if not answer:
        return []
    found: list[tuple[bytes, list[bytes]]] = next(iter(answer.values())) if isinstance(answer, dict) else answer[0][1]
    return found


def _fields(pairs: list[bytes]) -> dict[bytes, bytes]:
    """The fields of an entry, which come as names and values in turn."""
    names = iter(pairs)
    return dict(zip(names, names, strict=True))
