"""The stream of alerts for screens: the notifier appends, every hub reads. A message may be repeated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from redis.asyncio import Redis

from hub.stores.redis.events.place import Place
from hub.wire.notices.alerts import ALERTS_KEPT, ALERTS_KEY

AT_ONCE = 25
"""Messages that are read, and so passed on, in one turn of the loop."""


class AlertEvent(NamedTuple):
    """``payload``: the encoded message."""

    fleet: str
    driver_id: str
    payload: bytes


async def append(client: Redis, messages: Iterable[AlertEvent]) -> None:
    """Append messages in one round trip. Raises one of ``UNAVAILABLE``; then some may be in the stream."""
    pipeline = client.pipeline(transaction=False)
    for fleet, driver_id, payload in messages:
        fields: Any = {"fleet": fleet, "driver": driver_id, "payload": payload}
        pipeline.xadd(ALERTS_KEY, fields, maxlen=ALERTS_KEPT, approximate=True)
    await pipeline.execute()


class AlertFeed:
    """A place in the stream. ``redis`` must allow calls longer than ``block`` seconds."""

    def __init__(self, redis: Redis, block: float) -> None:
        self._place = Place(redis, ALERTS_KEY, block)

    async def read(self) -> list[AlertEvent]:
        """Wait at most ``block`` seconds for messages. The first call skips older ones: screens read the list of the
        API. Raises one of ``UNAVAILABLE``."""
        read: list[AlertEvent] = []
        for _, fields in await self._place.read(AT_ONCE):
            try:
                read.append(AlertEvent(fields[b"fleet"].decode(), fields[b"driver"].decode(), fields[b"payload"]))
            except (KeyError, UnicodeDecodeError):
                continue  # of another program
        return read
