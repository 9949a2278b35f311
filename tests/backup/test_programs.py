"""PostgreSQL's programs: which are chosen, and what they are given."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import asyncpg
import pytest

from hub.backup.folder import BackupError
from hub.backup.programs import PROGRAMS, _connection, find, version_of
from hub.embedded.postgres import candidates
from hub.embedded.services import running
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from tests.support.databases import of_database

PACKAGED = next(candidates(Settings()))

OLDER = Path("/usr/lib/postgresql/15/bin")
"""A server older than the packaged programs, where Debian 12 has it."""


def test_a_password_is_not_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("HUB_JWT_SECRET", "a secret")
    monkeypatch.setenv("PGSSLMODE", "require")
    address, environment = _connection("postgresql://hub:a%40b:c@db.example:5433/hub?sslmode=verify-full")
    assert address == "postgresql://hub@db.example:5433/hub?sslmode=verify-full"
    assert environment["PGPASSWORD"] == "a@b:c"
    assert "HUB_JWT_SECRET" not in environment and environment["PGSSLMODE"] == "require"
    address, environment = _connection("postgresql://hub@/hub?host=/a/run&password=x%20y&port=5432")
    assert address == "postgresql://hub@/hub?host=/a/run&port=5432"
    assert environment["PGPASSWORD"] == "x y"
    assert "PGPASSWORD" not in _connection("postgresql:///hub")[1]


def programs_of(directory: Path, version: int) -> Path:
    directory.mkdir()
    for name in (*PROGRAMS, "postgres", "initdb"):
        program = directory / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}.1'\n")
        program.chmod(0o755)
    return directory


def test_the_oldest_sufficient_version_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = version_of(PACKAGED)
    assert packaged is not None
    monkeypatch.setenv("PATH", f"{programs_of(tmp_path / 'a', packaged + 2)}:{os.environ['PATH']}")
    assert find(Settings(), packaged, "").bindir == PACKAGED
    assert find(Settings(), packaged + 1, "").version == packaged + 2
    with pytest.raises(BackupError, match=rf"PostgreSQL {packaged + 3} or newer are required \(why\); found .*pip"):
        find(Settings(), packaged + 3, "why")


def test_an_incomplete_directory_is_named_by_the_remedy(tmp_path: Path) -> None:
    place = programs_of(tmp_path / "a", 18)
    (place / "pg_dump").unlink()
    with pytest.raises(BackupError, match=r"^pg_dump, pg_restore, psql of PostgreSQL 14 or newer are required"):
        find(Settings(pg_bindir=str(place)), 14, "")


async def test_a_failure_changes_nothing(database_url: str, tmp_path: Path) -> None:
    programs = find(Settings(), 14, "")
    with pytest.raises(BackupError, match=r"^pg_dump failed: .*no_such"):
        await programs.dump(of_database(database_url, "no_such"), "x", tmp_path / "dump")
    (tmp_path / "dump").write_bytes(b"PGDMP is how a dump begins")
    with pytest.raises(BackupError, match="pg_restore failed"):
        await programs.check(tmp_path / "dump")
    with pytest.raises(BackupError, match="nothing was changed in PostgreSQL"):
        await programs.restore(tmp_path / "dump", database_url, 18)
    connection = await asyncpg.connect(database_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM schema_version") == 1
    finally:
        await connection.close()


async def dumped(url: str, file: Path) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read"):
            name = await connection.fetchval("SELECT pg_export_snapshot()")
            await find(Settings(), 18, "").dump(url, name, file)
    finally:
        await connection.close()


async def test_a_dump_that_is_cut_off_changes_nothing(database_url: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("INSERT INTO dead_letters (entry_id, reason, payload) VALUES ('1-0', 'r', '')")
        await dumped(database_url, tmp_path / "dump")
        whole = (tmp_path / "dump").read_bytes()
        (tmp_path / "dump").write_bytes(whole[: len(whole) * 9 // 10])
        await connection.execute("UPDATE dead_letters SET reason = 'newer'")
        with pytest.raises(BackupError, match="nothing was changed"):
            await find(Settings(), 18, "").restore(tmp_path / "dump", database_url, 18)
        assert await connection.fetchval("SELECT reason FROM dead_letters") == "newer"
    finally:
        await connection.close()


@pytest.mark.skipif(not (OLDER / "postgres").exists(), reason="needs PostgreSQL 15")
def test_a_server_older_than_the_programs(tmp_path: Path) -> None:
    async def main() -> None:
        async with running(Settings(data_dir=tmp_path / "data", redis_url="unused:", pg_bindir=str(OLDER))) as services:
            url = services.settings.database_url
            await migrate(url)
            await dumped(url, tmp_path / "dump")
            connection = await asyncpg.connect(url)
            try:
                assert connection.get_server_version().major == 15
                await connection.execute("CREATE TABLE of_a_newer_hub (a integer)")
                await find(Settings(), 18, "").restore(tmp_path / "dump", url, 15)
                assert await connection.fetchval("SELECT to_regclass('of_a_newer_hub') IS NULL")
                assert await migrate(url) == []
            finally:
                await connection.close()

    asyncio.run(main())
