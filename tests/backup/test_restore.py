"""What was backed up comes back: exactly, and each position once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import pytest
import redis.asyncio

from hub.backup.folder import MANIFEST, BackupError, read_manifest
from hub.backup.restore import restore
from hub.backup.write import write
from hub.embedded.services import running
from hub.settings import Settings
from hub.stores.postgres.copies import snapshot
from hub.stores.postgres.history.erasures import request_erasure
from hub.stores.postgres.migrate import migrate
from hub.wire.layout import ONLY
from hub.wire.log import FLEETS_KEY, LOG_KEY, RECORDER_KEY
from tests.support.databases import of_database
from tests.support.logbook import append, entry, fetch, position, recorded, recording, until
from tests.support.recorders import feeding, recorder_process


@pytest.fixture
async def other(services: Any, redis_url: str) -> AsyncIterator[Settings]:
    """An empty target: another database of both servers."""
    url = services.settings.database_url
    connection = await asyncpg.connect(url)
    other_redis = urlsplit(redis_url)._replace(query="db=1").geturl()
    try:
        await connection.execute("CREATE DATABASE other")
        yield Settings(redis_url=other_redis, database_url=of_database(url, "other"))
        await connection.execute("DROP DATABASE other WITH (FORCE)")
    finally:
        await connection.close()


async def tables(settings: Settings) -> dict[str, list[str]]:
    names = await fetch(
        settings,
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND NOT relispartition",
    )
    return {row[0]: sorted(map(repr, await fetch(settings, f"SELECT * FROM {row[0]}"))) for row in names}


async def fill(settings: Settings) -> None:
    """A trip, a dead letter, a latest position, and two positions that the recorder has not read."""
    drive = [position(second=10 * n, latitude=25 + n / 1000) for n in range(300)]
    async with redis.asyncio.from_url(settings.redis_url) as client:
        await client.sadd(FLEETS_KEY, "default", b"\xc3\xbc")
        await client.hset(ONLY.latest("default"), mapping={f"d{n}": f"latest {n}" for n in range(2_500)})
        await client.geoadd("hub:places", (55.3, 25.2, "d1", 13.4, 52.5, "d2"))
        await client.set("hub:something", b"\xff\x00")
        await client.hset(RECORDER_KEY, "state", "recording")
        await client.expire(RECORDER_KEY, 1000)
        await client.set("other:key", "not ours")
        async with recording(settings):
            await recorded(settings, await append(settings, entry(*drive), entry(position("bad", latitude=91.0))))
        await append(settings, entry(position("unread"), position("unread", second=1)))


async def test_everything_comes_back(settings: Settings, other: Settings, tmp_path: Path) -> None:
    await fill(settings)
    folder, manifest = await write(settings, tmp_path)
    assert manifest == read_manifest(folder) and manifest.rows["positions"] == 300
    before = await tables(settings)
    assert all(before[name] for name in ("positions", "dead_letters", "trips", "events", "log_offsets"))
    await restore(other, folder, replace=False)
    after = await tables(other)
    assert (before.pop("audit") != after.pop("audit")) and after == before
    entries = await fetch(other, "SELECT fleet, action, subject_id FROM audit ORDER BY id")
    assert [tuple(row) for row in entries] == [
        ("default", "backup.written", folder.name),
        ("default", "backup.restored", folder.name),
    ]
    async with (
        redis.asyncio.from_url(settings.redis_url) as old,
        redis.asyncio.from_url(other.redis_url) as new,
    ):
        copied = {key for key in await new.keys()}
        assert copied == {key for key in await old.keys("hub:*") if await old.ttl(key) == -1}
        assert b"hub:something" in copied and RECORDER_KEY.encode() not in copied
        for key in copied - {LOG_KEY.encode(), b"hub:events"}:
            assert await new.dump(key) == await old.dump(key) or await new.hgetall(key) == await old.hgetall(key)
        assert await new.xrange(LOG_KEY) == await old.xrange(LOG_KEY)
        assert await new.geopos("hub:places", "d2") == await old.geopos("hub:places", "d2")
        last = (await new.xrevrange(LOG_KEY, count=1))[0][0].decode()
    assert await migrate(other.database_url) == []
    async with recording(other):
        await recorded(other, last)
    after = await tables(other)
    assert len(after["positions"]) == 302 and len(after["dead_letters"]) == 1
    assert (await fetch(other, "SELECT damaged_at, lost FROM log_offsets"))[0] == (None, 0)


@pytest.mark.parametrize("between", [0, pytest.param(3, marks=pytest.mark.thorough)])
async def test_under_load_no_acked_position_is_lost_and_none_is_twice(
    settings: Settings, other: Settings, tmp_path: Path, between: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub appends and the recorder moves and trims while both stores are copied, also with seconds ``between``."""

    @asynccontextmanager
    async def later(connection: Any) -> AsyncIterator[str]:
        await asyncio.sleep(between)
        async with snapshot(connection) as name:
            yield name

    monkeypatch.setattr("hub.backup.write.snapshot", later)
    async with recorder_process(settings), feeding(settings) as feed:
        await until(lambda: _some_rows(settings))
        acked = feed.positions
        folder, manifest = await write(settings, tmp_path)
        assert feed.positions > acked, "nothing was sent meanwhile"
    await restore(other, folder, replace=False)
    async with redis.asyncio.from_url(other.redis_url) as client:
        last = (await client.xrevrange(LOG_KEY, count=1))[0][0].decode()
    async with recording(other):
        await recorded(other, await append(other, entry(position("after"))))
    found = Counter(
        (row["driver_id"], row["recorded_at"])
        for row in await fetch(other, "SELECT driver_id, recorded_at FROM positions WHERE driver_id <> 'after'")
    )
    assert set(found.values()) == {1}
    sent = {(f"d{n}", position(f"d{n}", second).recorded_at) for second in range(acked // 10) for n in range(10)}
    assert sent - set(found) == set()
    (state,) = await fetch(other, "SELECT damaged_at, lost FROM log_offsets")
    assert (state["damaged_at"], state["lost"]) == (None, 0), (manifest.offset, last)


async def _some_rows(settings: Settings) -> bool:
    return bool((await fetch(settings, "SELECT count(*) FROM positions"))[0][0] > 200)


@pytest.mark.thorough
async def test_a_log_that_is_older_than_the_dump(settings: Settings, other: Settings, tmp_path: Path) -> None:
    """Its last entry is behind the offset: the recorder begins at the start, and does not report damage."""
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position("first"), node="n", before=0)))
    unread = await append(settings, entry(position("second"), node="n", before=1))
    async with redis.asyncio.from_url(settings.redis_url) as client:
        log = await client.xrange(LOG_KEY)
        async with recording(settings):
            await recorded(settings, unread)
            await recorded(settings, await append(settings, entry(position("third"), node="n", before=2)))
        await client.delete(LOG_KEY)
        for entry_id, fields in log:
            await client.xadd(LOG_KEY, fields, id=entry_id)
    folder, _ = await write(settings, tmp_path)
    await restore(other, folder, replace=False)
    async with recording(other):
        await recorded(other, await append(other, entry(position("fourth"), node="m", before=0)))
    rows = await fetch(other, "SELECT driver_id FROM positions ORDER BY driver_id")
    assert [row["driver_id"] for row in rows] == ["first", "fourth", "second", "third"]
    (state,) = await fetch(other, "SELECT damaged_at, lost FROM log_offsets")
    assert (state["damaged_at"], state["lost"]) == (None, 0)


@pytest.mark.thorough
async def test_data_is_replaced_only_if_told(settings: Settings, tmp_path: Path) -> None:
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position("old"))))
    folder, _ = await write(settings, tmp_path)
    async with recording(settings):
        newer = position("new", received_at=position(second=40 * 86_400).received_at, second=40 * 86_400)
        await recorded(settings, await append(settings, entry(newer)))  # in a partition that the backup has not
    before = await tables(settings)
    with pytest.raises(BackupError, match=r"the database is not empty \(.*positions"):
        await restore(settings, folder, replace=False)
    assert await tables(settings) == before
    await restore(settings, folder, replace=True)
    assert [row["driver_id"] for row in await fetch(settings, "SELECT driver_id FROM positions")] == ["old"]


async def test_what_was_erased_after_the_backup_stays_erased(settings: Settings, tmp_path: Path) -> None:
    """And drivers that were removed from the live fleet, and what a copy of Redis has of an erasure before the dump."""
    rows = [position(driver, second) for driver in ("erased", "kept") for second in range(3)]
    instant = datetime.now(UTC)
    async with recording(settings):
        await recorded(settings, await append(settings, entry(*rows)))
    before = await requested(settings, "before", instant, history=True)
    await fetch(settings, "UPDATE erasures SET finished_at = now()")
    folder, _ = await write(settings, tmp_path)
    erased = await requested(settings, "erased", instant, history=True)
    removed = await requested(settings, "kept", instant, history=False)
    for _ in range(2):  # the second time over what the first has restored
        await fetch(settings, "UPDATE erasures SET finished_at = now() WHERE finished_at IS NULL")
        await restore(settings, folder, replace=True)
        found = await fetch(settings, "SELECT id, until FROM erasures WHERE finished_at IS NULL")
        assert {tuple(row) for row in found} == {(id, instant) for id in (before, erased, removed)}
    assert await count(settings, "SELECT count(*) FROM positions WHERE driver_id = 'erased'") == 3
    async with recording(settings):
        await until(lambda: _all_finished(settings))
    assert await count(settings, "SELECT count(*) FROM positions WHERE driver_id = 'erased'") == 0
    assert await count(settings, "SELECT count(*) FROM positions WHERE driver_id = 'kept'") == 3


@pytest.mark.thorough
async def test_a_backup_of_a_release_without_erasures(settings: Settings, other: Settings, tmp_path: Path) -> None:
    await fetch(settings, "DROP TABLE erasures, audit")
    await fetch(settings, "UPDATE schema_version SET digest = ''")
    folder, _ = await write(settings, tmp_path)
    await restore(other, folder, replace=False)
    await migrate(other.database_url)
    id = await requested(other, "erased", datetime.now(UTC), history=True)
    before = await tables(other)
    with pytest.raises(BackupError, match=r"nothing was changed in PostgreSQL: .* a release without erasures"):
        await restore(other, folder, replace=True)
    assert await tables(other) == before and str(id) in "".join(before["erasures"])


async def requested(settings: Settings, driver: str, instant: datetime, *, history: bool) -> UUID:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return (await request_erasure(connection, "default", driver, instant, history=history)).id
    finally:
        await connection.close()


async def count(settings: Settings, query: str) -> int:
    return int((await fetch(settings, query))[0][0])


async def _all_finished(settings: Settings) -> bool:
    return await count(settings, "SELECT count(*) FROM erasures WHERE finished_at IS NULL") == 0


async def test_redis_that_is_in_use_is_refused(settings: Settings, other: Settings, tmp_path: Path) -> None:
    folder, _ = await write(settings, tmp_path)
    async with redis.asyncio.from_url(other.redis_url) as client:
        await client.hset(ONLY.latest("default"), "d1", "latest")
        with pytest.raises(BackupError, match="Redis is not empty"):
            await restore(other, folder, replace=False)
        assert await client.keys() == [ONLY.latest("default").encode()]
        await restore(other, folder, replace=True)
        assert await client.keys() == []


async def test_a_running_hub_is_refused(settings: Settings, tmp_path: Path) -> None:
    folder, _ = await write(settings, tmp_path)
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position())))
        with pytest.raises(BackupError, match="a hub uses the target: stop it first"):
            await restore(settings, folder, replace=True)


async def test_a_newer_schema_is_refused(settings: Settings, other: Settings, tmp_path: Path) -> None:
    folder, manifest = await write(settings, tmp_path)
    text = (folder / MANIFEST).read_text()
    changed = text.replace(f'"schemaVersion": {manifest.schema_version}', '"schemaVersion": 999')
    (folder / MANIFEST).write_text(changed)
    with pytest.raises(BackupError, match="has the schema version 999, this hub knows up to"):
        await restore(other, folder, replace=False)


@pytest.mark.thorough
async def test_the_embedded_services_also_without_a_hub(tmp_path: Path) -> None:
    old, new = Settings(data_dir=tmp_path / "old"), Settings(data_dir=tmp_path / "new")
    with pytest.raises(BackupError, match="there is no valkey in"):
        await write(old, tmp_path / "backups")
    assert not old.data_dir.exists()
    async with running(old) as services:
        await migrate(services.settings.database_url)
        await append(services.settings, entry(position("one")))
        await write(old, tmp_path / "backups")  # beside a hub
        with pytest.raises(BackupError, match="a hub uses the target"):
            await restore(old, next((tmp_path / "backups").iterdir()), replace=True)
    await asyncio.sleep(1)  # the name of the next one
    folder, manifest = await write(old, tmp_path / "backups")
    assert manifest.log_entries == 1
    await restore(new, folder, replace=False)
    async with running(new) as services, recording(services.settings):
        await recorded(services.settings, await append(services.settings, entry(position("two"))))
        rows = await fetch(services.settings, "SELECT driver_id FROM positions ORDER BY 1")
    assert [row["driver_id"] for row in rows] == ["one", "two"]


async def test_a_database_of_something_else(settings: Settings, other: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="has no tables of a hub"):
        await write(other, tmp_path / "backups")
    assert not (tmp_path / "backups").exists()
