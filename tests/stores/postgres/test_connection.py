"""Connections that cannot hang, and named statements."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from hub.stores.postgres import connection as postgres
from hub.stores.postgres.connection import statements
from tests.support.repository import ROOT


def test_statements_are_found_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.sql"
    path.write_text("-- A file.\n\n-- name: one\n-- The first.\nSELECT 1;\n\n-- name: two_b\nSELECT\n  2;\n")
    sql = statements(path)
    assert sql.one == "-- The first.\nSELECT 1;"
    assert sql.two_b == "SELECT\n  2;"


def test_a_name_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.sql"
    path.write_text("-- name: one\nSELECT 1;\n-- name: one\nSELECT 2;\n")
    with pytest.raises(ValueError, match=r"x\.sql: two statements have the same name"):
        statements(path)


@pytest.mark.parametrize("path", sorted((ROOT / "hub").rglob("*.sql")), ids=lambda path: path.name)
def test_every_statement_says_what_it_is_for(path: Path) -> None:
    if path.name == "schema.sql" or path.name.startswith("step_"):
        pytest.skip("a script, not statements")
    for name, text in vars(statements(path)).items():
        assert text.startswith("-- "), name
        assert text.endswith(";"), name


async def test_a_statement_that_hangs_is_ended_by_the_server(database_url: str) -> None:
    connection = await postgres.connect(database_url, role="test", patience=0.5)
    try:
        with pytest.raises(asyncpg.QueryCanceledError):
            await connection.execute("SELECT pg_sleep(60)")
        assert await connection.fetchval("SELECT current_setting('application_name')") == "hub test"
    finally:
        await connection.close()


async def test_the_session_of_a_frozen_owner_is_ended(database_url: str) -> None:
    connection = await postgres.connect(database_url, role="test", patience=0.5)
    watcher = await asyncpg.connect(database_url)
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        await watcher.execute("SET statement_timeout = '30s'; SELECT pg_advisory_lock(1)")  # returns once it is free
        with pytest.raises(postgres.AWAY):
            await connection.execute("SELECT 1")
    finally:
        await watcher.close()
        connection.terminate()
