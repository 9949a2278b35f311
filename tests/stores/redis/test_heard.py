"""When drivers were last heard."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from hub.stores.redis.connection import connect
from hub.stores.redis.heard import PIECE, all_heard, heard
from hub.wire.layout import ONE, ONLY
from tests.support.logbook import position

AT = datetime(2026, 11, 27, tzinfo=UTC)


async def test_all_drivers_and_some(redis_url: str) -> None:
    redis = connect(redis_url, 5.0)
    rows = {
        f"d{n}": msgspec.json.encode(position(f"d{n}", recorded_at=AT, received_at=AT, battery=0.5 if n else None))
        for n in range(3 * PIECE)
    }
    await redis.hset(ONLY.latest("f"), mapping=rows)
    await redis.hset(ONLY.latest("f"), "broken", b"{")
    found = {one.driver_id: one async for one in all_heard(redis, ONE, "f")}
    assert set(found) == set(rows) and found["d1"] == ("d1", AT, AT, 0.5)
    some = await heard(redis, ONE, "f", [*rows, "unknown", "broken"])
    assert set(some) == set(rows) and some["d0"].battery is None
    assert [one async for one in all_heard(redis, ONE, "g")] == [] and await heard(redis, ONE, "g", ["d1"]) == {}
    await redis.aclose()
