"""A pool of connections that gives up in time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hub.stores.postgres.pool import NICENESS, DatabaseAway, Pool


async def test_a_connection_is_given_up_when_its_time_is_over(database_url: str) -> None:
    """Whatever each of its statements takes; and the next one is a good one."""
    pool = Pool(database_url, "test", connections=1, patience=2)
    await pool.open()
    try:
        with pytest.raises(DatabaseAway, match="no answer in time"):
            async with pool.connection() as connection:
                for _ in range(10):
                    await connection.execute("SELECT pg_sleep(0.8)")
        async with pool.connection() as connection:
            assert await connection.fetchval("SELECT 1") == 1
    finally:
        await pool.close()


async def test_sessions_give_way_to_the_hub(database_url: str) -> None:
    """Where Linux groups the CPU by session: a session of the API has a tenth of the weight of the hub's."""
    pool = Pool(database_url, "test", connections=1, patience=5)
    await pool.open()
    try:
        async with pool.connection() as connection:
            group = Path(f"/proc/{connection.get_server_pid()}/autogroup")
        for _ in range(20):  # an ordinary user may change one group each tenth of a second, whatever the process
            niceness = _niceness(group)
            if niceness:
                break
            await asyncio.sleep(0.1)
            async with pool.connection():
                pass
        assert niceness == NICENESS
    finally:
        await pool.close()


def _niceness(group: Path) -> int:
    try:
        return int(group.read_text().rpartition(" ")[2])
    except OSError:
        pytest.skip("Linux does not group the CPU by session here")
