"""PostgreSQL is locked, refuses, dies or freezes: the recorder waits, and stores each position once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import msgspec
import pytest
import redis.asyncio

from hub.embedded.services import running
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from hub.wire.log import RECORDER_KEY
from tests.support.logbook import append, entry, position, recorded, recording, until
from tests.support.recorders import all_stored_once, children, feeding, grows, recorder_process, stored


def impatient(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, database_timeout=1.0)


async def retrying(settings: Settings) -> None:
    """Wait until the recorder tells the trouble and the backlog."""
    async with redis.asyncio.from_url(settings.redis_url, decode_responses=True) as client:

        async def told() -> bool:
            report = await client.hgetall(RECORDER_KEY)
            return (
                report.get("state") == "retrying"
                and report["error"] != ""
                and int(report["backlog_entries"]) > 0
                and float(report["lag_seconds"]) > 0
            )

        await until(told)


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """PostgreSQL stands still, its sessions too."""
    os.kill(pid, signal.SIGSTOP)  # the parent first: nobody is born meanwhile
    family = [*children(pid), pid]
    try:
        for member in family:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGSTOP)
        yield
    finally:
        for member in family:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGCONT)


async def test_a_table_that_somebody_locks(settings: Settings) -> None:
    settings = impatient(settings)
    async with recording(settings) as recorder:
        async with feeding(settings) as feed:
            await grows(settings)
            other = await asyncpg.connect(settings.database_url)
            async with other.transaction():
                await other.execute("LOCK TABLE positions IN ACCESS EXCLUSIVE MODE")
                await retrying(settings)
            await other.close()
            await grows(settings)
            assert recorder.progress.retries > 0
        await all_stored_once(settings, feed)


async def test_a_database_that_refuses_connections(settings: Settings, services) -> None:
    async with recording(settings):
        async with feeding(settings) as feed:
            await grows(settings)
            other = await asyncpg.connect(services.settings.database_url)
            await other.execute("ALTER DATABASE test ALLOW_CONNECTIONS false")
            await other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'test'")
            await retrying(settings)
            await other.execute("ALTER DATABASE test ALLOW_CONNECTIONS true")
            await other.close()
            await grows(settings)
        await all_stored_once(settings, feed)


async def test_a_schema_that_is_not_there_yet(settings: Settings) -> None:
    other = await asyncpg.connect(settings.database_url)
    await other.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await other.close()
    async with recording(settings) as recorder:
        async with feeding(settings) as feed:

            async def tried() -> bool:
                return recorder.progress.retries > 1

            await until(tried)
            await migrate(settings.database_url)
            await grows(settings)
        await all_stored_once(settings, feed)


async def test_a_server_that_dies_and_one_that_freezes(tmp_path: Path) -> None:
    async with running(Settings(data_dir=tmp_path / "hub", redis_appendfsync="everysec")) as services:
        settings = impatient(services.settings)
        child = services.parts["postgresql"].child
        assert child is not None
        await migrate(settings.database_url)
        async with recording(settings):
            async with feeding(settings) as feed:
                await grows(settings)
                os.kill(child.pid, signal.SIGKILL)  # started again by the services
                await grows(settings)

                with frozen(child.pid):
                    await retrying(settings)
                await grows(settings)
            await all_stored_once(settings, feed)


@pytest.mark.thorough
async def test_a_frozen_server_does_not_keep_the_recorder_from_stopping(tmp_path: Path) -> None:
    async with running(Settings(data_dir=tmp_path / "hub", redis_appendfsync="everysec")) as services:
        settings = msgspec.structs.replace(services.settings, drain_timeout=1.0)
        child = services.parts["postgresql"].child
        assert child is not None
        await migrate(settings.database_url)
        async with recorder_process(settings) as process:
            await recorded(settings, await append(settings, entry(position())))
            with frozen(child.pid):
                await append(settings, entry(position(second=1)))
                process.send_signal(signal.SIGTERM)
                assert await process.wait() == 0
        async with recording(settings):
            await recorded(settings, await append(settings, entry(position(second=2))))
        assert await stored(settings) == 3
