"""The commands of docs/data.md: what they save comes back."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import redis.asyncio

import hub
from hub.embedded.services import running
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from hub.wire.log import LOG_KEY, latest_key
from tests.support.logbook import PATIENCE, append, entry, fetch, position, recorded, recording

PAGE = Path(hub.__file__).parents[1] / "docs/data.md"

COMPARED = ["positions", "dead_letters", "log_offsets", "trips", "stops", "trip_checkpoints", "events", "schema_steps"]


async def run(name: str, directory: Path, **environment: str) -> None:
    """Run the commands that follow the comment ``name`` of the page."""
    found = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found, name
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    process = await asyncio.create_subprocess_exec(
        "sh", "-eu", "-c", found[1], cwd=directory, env={**os.environ, "PATH": path, **environment}
    )
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def tables(settings: Settings) -> dict[str, list[Any]]:
    return {name: sorted(map(repr, await fetch(settings, f"SELECT * FROM {name}"))) for name in COMPARED}


async def fill(settings: Settings) -> None:
    """Positions that make a trip, a dead letter, and a latest position."""
    drive = [position(second=10 * n, latitude=25 + n / 1000) for n in range(300)]
    async with recording(settings):
        await recorded(settings, await append(settings, entry(*drive), entry(position("bad", latitude=91.0))))
    async with redis.asyncio.from_url(settings.redis_url) as client:
        await client.hset(latest_key("default"), "d1", "latest")
    filled = await tables(settings)
    assert all(filled[name] for name in ("positions", "dead_letters", "trips", "events"))


async def test_base(tmp_path: Path) -> None:
    """A backup while the hub runs, restored into an empty directory, with what the recorder had not read yet."""
    old, new = tmp_path / "old", tmp_path / "new"
    async with running(Settings(data_dir=old)) as services:
        await migrate(services.settings.database_url)
        await fill(services.settings)
        await append(services.settings, entry(position("unread"), position("unread", second=1)))
        await run("backup", tmp_path, HUB_DATA_DIR=str(old))
        before = await tables(services.settings)
    new.mkdir(mode=0o700)
    await run("restore", tmp_path, HUB_DATA_DIR=str(new))
    async with running(Settings(data_dir=new)) as services:
        assert await tables(services.settings) == before
        async with redis.asyncio.from_url(services.settings.redis_url) as client:
            assert await client.hget(latest_key("default"), "d1") == b"latest"
            last = (await client.xrevrange(LOG_KEY, count=1))[0][0].decode()
        async with recording(services.settings):
            await recorded(services.settings, last)
        after = await tables(services.settings)
    assert set(after["positions"]) > set(before["positions"])
    assert len(after["positions"]) == len(before["positions"]) + 2


async def test_a_backup_of_the_log_that_is_older_than_that_of_postgresql(
    settings: Settings, services: Any, tmp_path: Path
) -> None:
    """The order of the page: what was recorded between the two copies is not lost and not doubled."""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        async with recording(settings):
            await recorded(settings, await append(settings, entry(position("first"))))
        unread = await append(settings, entry(position("second")))
        log = await client.xrange(LOG_KEY)
        async with recording(settings):
            await recorded(settings, unread)
            await recorded(settings, await append(settings, entry(position("third"))))
        await client.delete(LOG_KEY)
        for entry_id, fields in log:
            await client.xadd(LOG_KEY, fields, id=entry_id)
        async with recording(settings):
            await recorded(settings, unread)
    rows = await fetch(settings, "SELECT driver_id FROM positions ORDER BY 1")
    assert [row["driver_id"] for row in rows] == ["first", "second", "third"]


async def test_dump(settings: Settings, tmp_path: Path) -> None:
    """A dump, loaded into another database."""
    await fill(settings)
    before = await tables(settings)
    other = urlsplit(settings.database_url)._replace(path="/restored").geturl()
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute("CREATE DATABASE restored")
        await run("dump", tmp_path, HUB_DATABASE_URL=settings.database_url)
        await run("load", tmp_path, NEW_DATABASE_URL=other)
        restored = Settings(redis_url=settings.redis_url, database_url=other)
        assert await tables(restored) == before
        assert await migrate(other) == []
        async with recording(restored):
            await recorded(restored, await append(restored, entry(position("after"))))
    finally:
        await connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
        await connection.close()
