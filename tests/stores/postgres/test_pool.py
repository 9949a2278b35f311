"""A pool of connections that gives up in time."""

from __future__ import annotations

import pytest

from hub.stores.postgres.pool import DatabaseAway, Pool


async def test_a_connection_is_given_up_when_its_time_is_over(database_url: str) -> None:
    """Whatever each of its statements takes; and the next one is a good one."""
    pool = Pool(database_url, "test", connections=1, patience=2)
    await pool.open()
    try:
        with pytest.raises(DatabaseAway, match="TimeoutError"):
            async with pool.connection() as connection:
                for _ in range(10):
                    await connection.execute("SELECT pg_sleep(0.8)")
        async with pool.connection() as connection:
            assert await connection.fetchval("SELECT 1") == 1
    finally:
        await pool.close()
