"""The schema is applied once, completed, and explained."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from hub.stores.postgres.migrate import migrate
from hub.stores.postgres.refusals import SchemaRefused

OURS = "n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v')"


@pytest.fixture
async def connection(database_url: str):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_migrating_again_does_nothing(database_url: str, connection: asyncpg.Connection) -> None:
    assert await migrate(database_url) == []


async def test_a_new_database_gets_the_schema(database_url: str, connection: asyncpg.Connection) -> None:
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    assert await migrate(database_url) == ["schema"]
    assert await connection.fetchval("SELECT count(*) FROM tracks") == 0


async def test_two_at_once_do_not_disturb_each_other(database_url: str, connection: asyncpg.Connection) -> None:
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    assert sorted(await asyncio.gather(migrate(database_url), migrate(database_url))) == [[], ["schema"]]


async def test_steps_run_once_in_order_on_an_older_database(
    database_url: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    (tmp_path / "step_0002_second.sql").write_text("ALTER TABLE stepped ADD second integer")
    (tmp_path / "step_0001_first.sql").write_text("CREATE TABLE stepped (first integer)")
    assert await migrate(database_url, tmp_path) == ["step_0001_first", "step_0002_second"]
    assert await migrate(database_url, tmp_path) == []
    assert await connection.fetch("SELECT first, second FROM stepped") == []


async def test_a_new_database_never_runs_a_step(
    database_url: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    (tmp_path / "step_0001_first.sql").write_text("SELECT 1 / 0")
    assert await migrate(database_url, tmp_path) == ["schema"]
    assert await migrate(database_url, tmp_path) == []


async def test_a_step_that_fails_leaves_nothing_behind(
    database_url: str, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    (tmp_path / "step_0001_first.sql").write_text("CREATE TABLE stepped ()")
    (tmp_path / "step_0002_second.sql").write_text("SELECT 1 / 0")
    with pytest.raises(SchemaRefused, match="step_0002_second fails, nothing was changed: division by zero"):
        await migrate(database_url, tmp_path)
    assert await connection.fetchval("SELECT to_regclass('stepped')") is None
    assert await connection.fetch("SELECT * FROM schema_steps WHERE step LIKE ANY ('{%first,%second}')") == []


async def test_every_table_and_column_has_a_comment(connection: asyncpg.Connection) -> None:
    silent = await connection.fetch(
        f"""
        SELECT c.relname, a.attname
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND c.relkind <> 'v' AND NOT c.relispartition
        WHERE {OURS} AND (obj_description(c.oid) IS NULL
            OR a.attnum IS NOT NULL AND col_description(c.oid, a.attnum) IS NULL)
        """
    )
    assert [tuple(row) for row in silent] == []


async def test_the_schema_needs_no_extension(connection: asyncpg.Connection) -> None:
    assert [row["extname"] for row in await connection.fetch("SELECT extname FROM pg_extension")] == ["plpgsql"]
