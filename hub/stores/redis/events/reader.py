"""Reads the events that the recorder publishes from now on, each once."""

from __future__ import annotations

from redis.asyncio import Redis

from hub.stores.redis.events.place import Place
from hub.wire.events import Event, decode_event
from hub.wire.log import BadEntry

AT_ONCE = 25
"""Events that are read, and so passed on, in one turn of the loop: a fifth of a millisecond. The recorder commits a
hundred at once."""


class EventFeed:
    """A place in the stream ``key`` of the events of one log. ``redis`` must allow calls longer than ``block``
    seconds."""

    def __init__(self, redis: Redis, key: str, block: float) -> None:
        self._place = Place(redis, key, block)
        self._newest = 0

    async def read(self) -> tuple[list[Event], list[BadEntry]]:
        """Wait at most ``block`` seconds for events. Returns them, and the errors of entries that cannot be read.
        Raises one of ``UNAVAILABLE``.

        The first call skips older events: subscribers get the state from the API.
        """
        events: list[Event] = []
        bad: list[BadEntry] = []
        for _, fields in await self._place.read(AT_ONCE):
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
