"""Reads the events that the recorder publishes from now on, each once."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from hub.wire.events import Event, decode_event
from hub.wire.log import BadEntry

AT_ONCE = 25
"""Events that are read, and so passed on, in one turn of the loop: a fifth of a millisecond. The recorder commits a
hundred at once."""


class EventFeed:
    """A place in the stream ``key`` of the events of one log. ``redis`` must allow calls longer than ``block``
    seconds."""

    def __init__(self, redis: Redis, key: str, block: float) -> None:
        self._redis, self._key = redis, key
        self._block = int(block * 1000)
        self._entry: bytes | None = None
        self._newest = 0

    async def read(self) -> tuple[list[Event], list[BadEntry]]:
        """Wait at most ``block`` seconds for events. Returns them, and the errors of entries that cannot be read.
        Raises one of ``UNAVAILABLE``.

        The first call skips older events: subscribers get the state from the API.
        """
        if self._entry is None:
            last: Any = await self._redis.xrevrange(self._key, count=1)
            self._entry = last[0][0] if last else b"0-0"
        events: list[Event] = []
        bad: list[BadEntry] = []
        found: Any = await self._redis.xread({self._key: self._entry}, count=AT_ONCE, block=self._block)
        for _, entries in found or ():
            for self._entry, fields in entries:
                try:
                    event = decode_event(fields)
                except BadEntry as error:
                    bad.append(error)
                    continue
                # After a crash the recorder may publish its last events again.
                if event.id > self._newest:
                    self._newest = event.id
                    events.append(event)
        return events, bad
