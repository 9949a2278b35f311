"""What a backup asks PostgreSQL."""

from __future__ import annotations

import asyncpg

from hub.stores.postgres import copies
from hub.stores.postgres.connection import connect
from hub.stores.postgres.migrate import VERSION
from tests.support.databases import of_database

LETTER = "INSERT INTO dead_letters (entry_id, reason, payload) VALUES ('1-0', 'r', '')"


async def test_counts_are_those_of_the_snapshot(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    second, third = await asyncpg.connect(database_url), await asyncpg.connect(database_url)
    try:
        assert await copies.in_use(connection) == []
        await third.execute(LETTER)
        async with copies.snapshot(connection) as name:
            await third.execute(LETTER)
            assert (await copies.rows(connection))["dead_letters"] == 1
            async with second.transaction(isolation="repeatable_read"):
                await second.execute(f"SET TRANSACTION SNAPSHOT '{name}'")
                assert await second.fetchval("SELECT count(*) FROM dead_letters") == 1
        found = await copies.rows(connection)
        assert found["dead_letters"] == 2 and found["schema_version"] == 1
        assert "positions" in found and "positions_default" not in found
        assert await copies.in_use(connection) == ["dead_letters"]
    finally:
        for one in (connection, second, third):
            await one.close()


async def test_the_schema_and_its_users(database_url: str) -> None:
    connection = await connect(database_url, role="restore", patience=None)
    try:
        assert await copies.schema_version(connection) == VERSION
        assert await copies.other_hubs(connection) == []
        other = await connect(database_url, role="history", patience=10)
        try:
            assert await copies.other_hubs(connection) == ["hub history"]
        finally:
            await other.close()
        await connection.execute(copies.SQL.drop_objects)
        assert await copies.rows(connection) == {}
        assert await copies.schema_version(connection) is None
        assert await connection.fetchval("SELECT count(*) FROM pg_proc WHERE proname LIKE '%positions_month'") == 0
    finally:
        await connection.close()
    empty = await asyncpg.connect(of_database(database_url, "postgres"))
    try:
        assert await copies.schema_version(empty) is None
    finally:
        await empty.close()
