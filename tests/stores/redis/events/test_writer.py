"""The streams of events and alerts: what is about a driver can be taken out."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from hub.stores.redis.events import alerts as alert_stream
from hub.stores.redis.events import writer as event_writer
from hub.stores.redis.events.alerts import AlertEvent
from hub.wire.events import EVENTS_KEY, Event
from hub.wire.notices.alerts import ALERTS_KEY


async def test_a_driver_is_removed_from_both_streams(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_writer, "AT_ONCE", 2)
    named = [("f", "d1"), ("f", "d10"), ("g", "d1"), ("f", "d1"), ("f", "d1")]
    await event_writer.append(redis, EVENTS_KEY, [Event(n, *names, b"{}") for n, names in enumerate(named)])
    await alert_stream.append(redis, [AlertEvent(*names, b"{}") for names in named])
    assert await event_writer.remove(redis, EVENTS_KEY, "f", "d1") == 6
    for key in (EVENTS_KEY, ALERTS_KEY):
        left = [(fields[b"fleet"], fields[b"driver"]) for _, fields in await redis.xrange(key)]  # type: ignore[misc]
        assert left == [(b"f", b"d10"), (b"g", b"d1")], key
