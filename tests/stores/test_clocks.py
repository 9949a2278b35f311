"""The clocks of the services are those of this machine."""

from __future__ import annotations

import time

from hub.stores.clocks import database_time, redis_time
from hub.stores.redis.connection import connect


async def test_the_services_tell_unix_time(redis_url: str, database_url: str) -> None:
    before = time.time()
    async with connect(redis_url, 30.0) as redis:
        times = [await redis_time(redis), await database_time(database_url, 30.0)]
    assert all(before - 1 <= told <= time.time() + 1 for told in times)
