"""The database can be reached and not used: the hub says why and what to do, and goes on when it was done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec
import pytest
import redis.asyncio

from hub.embedded.services import Services
from hub.settings import Settings
from hub.stores.postgres.migrate import VERSION, migrate
from hub.stores.postgres.refusals import SchemaRefused
from hub.stores.redis.log.state import read
from hub.wire.layout import ONE
from hub.workers.parts import History
from tests.support.logbook import append, entry, position, recorded, recording, until

GRANTS = """
GRANT USAGE ON SCHEMA public TO hub_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO hub_app;
GRANT EXECUTE ON FUNCTION create_positions_month(integer), drop_positions_month(integer),
    keep_positions_month(integer, text[], text[]) TO hub_app;
"""


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The owner's connection, beside a role that owns nothing and may not create tables."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("CREATE ROLE hub_app LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    yield connection
    await connection.execute("DROP OWNED BY hub_app; DROP ROLE hub_app")
    await connection.close()


def as_role(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc="hub_app@" + parts.netloc.rpartition("@")[2]))


async def test_a_role_that_may_not_create_is_told_what_to_grant(database_url: str, owner: asyncpg.Connection) -> None:
    await owner.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO hub_app")
    with pytest.raises(SchemaRefused, match="GRANT USAGE, CREATE ON SCHEMA public TO hub_app"):
        await migrate(as_role(database_url))


async def test_it_records_after_the_owner_has_migrated(
    settings: Settings, database_url: str, owner: asyncpg.Connection
) -> None:
    await owner.execute(GRANTS)
    assert await migrate(as_role(database_url)) == []
    async with recording(msgspec.structs.replace(settings, database_url=as_role(database_url))):
        await recorded(settings, await append(settings, entry(position())))
    assert await owner.fetchval("SELECT count(*) FROM positions_2024_05") == 1


async def test_a_right_that_is_missing_is_told_and_noticed_when_granted(
    settings: Settings, database_url: str, owner: asyncpg.Connection
) -> None:
    await owner.execute(GRANTS + "REVOKE INSERT ON positions FROM hub_app")
    async with (
        recording(msgspec.structs.replace(settings, database_url=as_role(database_url))),
        redis.asyncio.from_url(settings.redis_url) as client,
    ):
        last = await append(settings, entry(position()))

        async def told() -> bool:
            return "permission denied for table positions" in (await read(client, ONE)).problem

        await until(told)
        await owner.execute(GRANTS)
        await recorded(settings, last)


async def test_a_newer_schema_is_refused(database_url: str, owner: asyncpg.Connection) -> None:
    await owner.execute(f"UPDATE schema_version SET version = {VERSION + 1}")
    with pytest.raises(SchemaRefused, match=f"has schema version {VERSION + 1}, this hub knows up to {VERSION}"):
        await migrate(database_url)


async def test_a_login_that_is_refused_is_told(database_url: str, owner: asyncpg.Connection) -> None:
    await owner.execute("ALTER ROLE hub_app NOLOGIN")
    with pytest.raises(SchemaRefused, match="refuses the login"):
        await migrate(as_role(database_url))


async def test_a_database_from_before_versions_were_recorded_gets_one(
    database_url: str, owner: asyncpg.Connection
) -> None:
    await owner.execute("DROP TABLE schema_version; DROP FUNCTION create_positions_month, drop_positions_month")
    assert await migrate(database_url) == []
    assert await owner.fetchval("SELECT version FROM schema_version") == VERSION


async def test_the_hub_says_what_is_refused_once_and_starts_when_it_is_corrected(
    database_url: str, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.workers.parts.REFUSED_PAUSE", 0.05)
    await owner.execute("UPDATE schema_version SET version = version + 1")
    history = History(Services(Settings(redis_url="redis://unused", database_url=database_url)))
    recorder, migrated = history.recorder, history.migrated
    starting = asyncio.create_task(history._migrate())
    try:
        await asyncio.sleep(0.5)
        assert "this hub knows up to" in (recorder.problem or "")
        assert capsys.readouterr().out.count("schema_refused") == 1
        await owner.execute("UPDATE schema_version SET version = version - 1")
        await asyncio.wait_for(starting, 30)
        assert migrated.is_set()
    finally:
        starting.cancel()
        await recorder.stop()
