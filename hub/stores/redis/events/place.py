"""A place in a stream of events that is read from its end on, also over the loss of its entries."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from hub.core.live.log_place import entry_number

START = b"0-0"


class Place:
    """A place in the stream ``key``. ``redis`` must allow calls longer than ``block`` seconds."""

    def __init__(self, redis: Redis, key: str, block: float) -> None:
        self._redis, self._key, self._block = redis, key, int(block * 1_000)
        # The entry that was read last, and whether Redis may have lost it.
        self._entry: bytes | None = None
        self._doubt = False

    async def read(self, most: int) -> list[tuple[bytes, dict[bytes, bytes]]]:
        """Wait at most ``block`` seconds for the next entries. The first call skips older ones. Raises one of
        ``UNAVAILABLE``.

        After an error Redis may be empty, or another server that lacks the last entries, and its clock may be behind:
        then its new entries have ids below those that were read, and all are read.
        """
        if self._entry is None:
            self._entry = (await self._last()).encode()
        elif self._doubt and entry_number(await self._last()) < entry_number(self._entry.decode()):
            self._entry = START
        self._doubt = True
        found: Any = await self._redis.xread({self._key: self._entry}, count=most, block=self._block)
        self._doubt = False
        entries = [entry for _, entries in found or () for entry in entries]
        if entries:
            self._entry = entries[-1][0]
        return entries

    async def _last(self) -> str:
        """The id of the last entry that was ever appended."""
        try:
            found: dict[str, Any] = await self._redis.xinfo_stream(self._key)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            return START.decode()
        return str(found["last-generated-id"], "ascii")
