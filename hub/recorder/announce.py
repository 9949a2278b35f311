"""Publishes committed events to the hubs, each at least once and in order."""

from __future__ import annotations

from hub.logs import Action, get_logger
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history import events
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.events import writer as event_writer
from hub.wire.layout import Partition

EVENTS_AT_ONCE = 1_000
"""Events in one round trip: half a megabyte."""

log = get_logger()


class Announcer:
    """The consumer of events of a partition that appends them to the hubs' stream; its offset follows."""

    def __init__(self, connection: Connection, url: str, timeout: float, partition: Partition) -> None:
        self._connection, self._stream, self._log = connection, partition.events, partition.log
        self._client = connect(url, timeout)
        self._waiting = False
        """Whether Redis refused events the last time."""

    async def begin(self) -> None:
        """Publish what an earlier recorder left."""
        await events.register(self._connection, self._stream, self._log)
        await self.publish(1)

    async def publish(self, new: int) -> None:
        """Publish, if ``new`` events were committed or older ones wait. If Redis refuses, events wait for the next call
        and recording continues. Raises errors of PostgreSQL."""
        if not new and not self._waiting:
            return
        while batch := await events.unpublished(self._connection, self._stream, EVENTS_AT_ONCE, self._log):
            try:
                await event_writer.append(self._client, self._stream, batch)
            except UNAVAILABLE as error:
                if not self._waiting:
                    log.warning(Action.EVENTS_DELAYED, error=type(error).__name__)
                self._waiting = True
                return
            await events.advance(self._connection, self._stream, batch[-1].id, self._log)
        self._waiting = False

    async def remove(self, fleet: str, driver_id: str) -> None:
        """Remove a driver's events and alerts from the streams. Raises one of ``UNAVAILABLE``."""
        await event_writer.remove(self._client, self._stream, fleet, driver_id)

    async def close(self) -> None:
        await self._client.aclose()
