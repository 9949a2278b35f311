"""Events on their way out: committed with the rows that they are about, then published to the hubs, at least once."""

from __future__ import annotations

import asyncpg

from hub.logs import Action, get_logger
from hub.recorder.folds.trip_rows import SQL
from hub.stores.redis import connection as redis
from hub.stores.redis import event_writer as events
from hub.wire.events import EVENTS_KEY, Event

EVENTS_AT_ONCE = 1_000
"""In one round trip: half a megabyte."""

log = get_logger()


class Announcer:
    """Publishes what ``events`` holds beyond the offset of the stream; the offset follows."""

    def __init__(self, connection: asyncpg.Connection, url: str, timeout: float) -> None:
        self._connection = connection
        self._client = redis.connect(url, timeout)
        self._waiting = False
        """Whether Redis did not take them the last time."""

    async def begin(self) -> None:
        """Publish what an earlier recorder left behind."""
        await self._connection.execute(SQL.create_event_offset, EVENTS_KEY)
        await self.publish(1)

    async def publish(self, new: int) -> None:
        """Publish, if ``new`` events were committed or older ones wait. A Redis that refuses is asked again next time:
        recording goes on. Raises what PostgreSQL raises."""
        if not new and not self._waiting:
            return
        while rows := await self._connection.fetch(SQL.unpublished_events, EVENTS_KEY, EVENTS_AT_ONCE):
            try:
                await events.append(
                    self._client,
                    [Event(row["id"], row["fleet"], row["driver_id"], row["payload"].encode()) for row in rows],
                )
            except redis.UNAVAILABLE as error:
                if not self._waiting:
                    log.warning(Action.EVENTS_DELAYED, error=type(error).__name__)
                self._waiting = True
                return
            await self._connection.execute(SQL.advance_event_offset, EVENTS_KEY, rows[-1]["id"])
        self._waiting = False

    async def close(self) -> None:
        await self._client.aclose()
