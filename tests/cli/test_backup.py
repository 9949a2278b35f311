"""``hub backup`` and ``hub restore`` as commands."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from click.testing import CliRunner

from hub.cli.main import cli
from hub.settings import Settings
from tests.cli.test_main import no_settings
from tests.support.logbook import append, entry, position, recorded, recording

__all__ = ["no_settings"]  # a fixture that is used for all tests here too


def hub(settings: Settings, *arguments: str, code: int = 0) -> str:
    environ = {"HUB_DATABASE_URL": settings.database_url, "HUB_REDIS_URL": settings.redis_url}
    result = CliRunner().invoke(cli, arguments, env=environ)
    assert result.exit_code == code, result.output
    return result.output


async def fill(settings: Settings) -> None:
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position(), position(second=1))))


def test_a_backup_and_its_restore(settings: Settings, tmp_path: Path) -> None:
    asyncio.run(fill(settings))
    said = hub(settings, "backup", str(tmp_path))
    found = re.fullmatch(
        rf"({tmp_path}/hub-\d{{8}}T\d{{6}}Z): 2 positions and 1 entries of the log, 0\.\d MB, verified\n", said
    )
    assert found
    assert "is not empty" in hub(settings, "restore", found[1], code=1)
    said = hub(settings, "restore", "--replace", found[1])
    assert re.match(
        r"Restored 2 positions and 1 entries of the log of [-0-9]{10} [:0-9]{8} UTC\. Start the hub\.\n", said
    )
    assert "is not a backup" in hub(settings, "restore", str(tmp_path), code=1)


def test_old_backups_are_deleted_after_a_new_one(settings: Settings, tmp_path: Path) -> None:
    hub(settings, "backup", str(tmp_path))
    (first,) = tmp_path.iterdir()
    old = first.rename(tmp_path / "hub-20200101T000000Z")
    assert f"deleted {old}\n" in hub(settings, "backup", "--keep", "1", str(tmp_path))
    (left,) = tmp_path.iterdir()
    assert left != old
    assert "0 is not in the range" in hub(settings, "backup", "--keep", "0", str(tmp_path), code=2)


def test_stores_and_programs_that_are_missing(settings: Settings, tmp_path: Path) -> None:
    away = {"HUB_REDIS_URL": settings.redis_url, "HUB_DATABASE_URL": f"postgresql:///hub?host={tmp_path}"}
    result = CliRunner().invoke(cli, ["backup", str(tmp_path / "b")], env=away)
    assert result.exit_code == 1 and "Error: PostgreSQL does not answer: " in result.output
    away = {"HUB_REDIS_URL": "redis://127.0.0.1:1", "HUB_DATABASE_URL": settings.database_url}
    result = CliRunner().invoke(cli, ["backup", str(tmp_path / "b")], env=away)
    assert result.exit_code == 1 and "Error: Redis does not answer: " in result.output
    (tmp_path / "bin").mkdir()
    environ = {
        "HUB_REDIS_URL": settings.redis_url,
        "HUB_DATABASE_URL": settings.database_url,
        "HUB_PG_BINDIR": str(tmp_path / "bin"),
    }
    result = CliRunner().invoke(cli, ["backup", str(tmp_path / "b")], env=environ)
    assert result.exit_code == 1
    assert "pg_dump, pg_restore, psql of PostgreSQL" in result.output and "HUB_PG_BINDIR" in result.output
    assert not os.path.exists(tmp_path / "b")
