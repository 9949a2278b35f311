"""A log with several partitions comes back: the layout, each log, and how far each was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis.asyncio

from hub.backup.folder import FORMAT_OF_MANY, BackupError, read_manifest
from hub.backup.restore import restore
from hub.backup.write import write
from hub.settings import Settings
from hub.stores.postgres.connection import connect
from hub.stores.postgres.history import offsets
from hub.wire.layout import LAYOUT_KEY
from tests.backup.test_restore import other as other
from tests.recorder.test_shares import LAYOUT, recording, stored
from tests.recorder.test_shares import write as append
from tests.support.logbook import fetch


async def made(settings: Settings) -> None:
    """Eight positions, of which the database has four."""
    async with redis.asyncio.from_url(settings.redis_url) as client:
        await client.set(LAYOUT_KEY, LAYOUT.dump())
    await append(settings, 0)
    async with recording(settings):
        await stored(settings, 4)
    await append(settings, 1)


async def test_a_backup_of_partitions_is_recorded_on(settings: Settings, other: Settings, tmp_path: Path) -> None:
    await made(settings)
    folder, manifest = await write(settings, tmp_path)
    assert (manifest.format, set(manifest.offsets)) == (FORMAT_OF_MANY, {one.log for one in LAYOUT.partitions})
    assert manifest.log_entries == 8 and read_manifest(folder) == manifest
    await restore(other, folder, replace=False)
    async with recording(other):
        await stored(other, 8)
    assert {row["lost"] for row in await fetch(other, "SELECT lost FROM log_offsets")} == {0}


async def test_a_log_that_ends_before_its_offset_is_read_from_its_beginning(
    settings: Settings, other: Settings, tmp_path: Path
) -> None:
    await made(settings)
    cut, *rest = (partition.log for partition in LAYOUT.partitions)
    async with redis.asyncio.from_url(settings.redis_url) as client:
        await client.delete(cut)
        await client.xadd(cut, {"f": "[]"}, id="5-0")
    folder, manifest = await write(settings, tmp_path)
    await restore(other, folder, replace=False)
    found = {row["log"]: row["last_id"] for row in await fetch(other, "SELECT log, last_id FROM log_offsets")}
    assert found == {cut: "0-0"} | {log: manifest.offsets[log] for log in rest}
    assert "0-0" not in manifest.offsets.values()


async def test_a_target_with_a_recorder_of_any_partition_is_refused(
    settings: Settings, other: Settings, tmp_path: Path
) -> None:
    await made(settings)
    folder, _ = await write(settings, tmp_path)
    connection = await connect(other.database_url, role="test", patience=30)
    try:
        assert await offsets.lock(connection, LAYOUT.partitions[2].log)
        with pytest.raises(BackupError, match="a hub uses the target: stop it first"):
            await restore(other, folder, replace=True)
    finally:
        connection.terminate()
