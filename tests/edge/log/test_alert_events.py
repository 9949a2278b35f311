"""Alerts from the stream reach the hub, over an interruption of Redis, too."""

from __future__ import annotations

import asyncio

from hub.core.live.hub import Hub
from hub.edge.log.events import announce_alerts
from hub.stores.redis.connection import connect
from hub.stores.redis.events.alerts import AlertEvent, append


class Told(Hub):
    def __init__(self) -> None:
        super().__init__(epoch="t")
        self.told: list[tuple[str, str, bytes]] = []

    def alert(self, fleet_id: str, driver_id: str, payload: bytes) -> None:
        self.told.append((fleet_id, driver_id, payload))


async def test_new_alerts_are_passed_on_and_old_ones_are_not(redis_url: str) -> None:
    redis, hub = connect(redis_url, 1.0), Told()
    await append(redis, [AlertEvent("f", "d", b"old")])
    running = asyncio.create_task(announce_alerts(hub, redis_url, 1.0))
    try:
        async with asyncio.timeout(30):
            while len(hub.told) < 2:  # until it reads
                await redis.xadd("hub:alerts", {"fleet": b"\xff", "driver": "d", "payload": "{}"})
                await append(redis, [AlertEvent("f", "d", b"new"), AlertEvent("g", "e", b"2")])
                await redis.xadd("hub:alerts", {"x": "not an alert"})
                await asyncio.sleep(0.05)
        assert hub.told[:2] == [("f", "d", b"new"), ("g", "e", b"2")]
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await redis.aclose()
