"""The database that tests share one after another (tests/support/databases.py)."""

from __future__ import annotations

import asyncpg
import pytest

from tests.support.databases import TestDatabase

USER = "INSERT INTO users (fleet, username, role, password_hash) VALUES ('f', 'left', 'admin', '')"


@pytest.mark.parametrize(
    "left",
    [
        "SELECT",
        "CREATE TABLE more (n int)",
        "DROP TABLE deliveries CASCADE",
        "UPDATE schema_version SET version = version + 1",
        "CREATE OR REPLACE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "INSERT INTO users (fleet, username, role, password_hash) SELECT 'f', n::text, 'admin', '' "
        "FROM generate_series(1, 6000) n",
    ],
)
async def test_nothing_of_a_test_is_left(empty_database: TestDatabase, left: str) -> None:
    await empty_database.ready()
    before = await described(empty_database)
    busy = await asyncpg.connect(empty_database.url)
    await busy.execute(USER)
    await busy.execute(left)
    # A connection that a test left, in a transaction.
    await busy.execute("BEGIN; LOCK TABLE users")
    await empty_database.release()
    await empty_database.ready()
    assert await described(empty_database) == before


async def described(database: TestDatabase) -> list[object]:
    connection = await asyncpg.connect(database.url)
    try:
        tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
        functions = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
        rows = "SELECT (SELECT count(*) FROM users), (SELECT version FROM schema_version)"
        return [await connection.fetch(query) for query in (tables, functions, rows)]
    finally:
        await connection.close()
