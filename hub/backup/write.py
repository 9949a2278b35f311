"""Write a backup: first Redis, then PostgreSQL.

What the recorder moves from the log to PostgreSQL meanwhile is then in both copies, where positions have identity,
instead of in neither.
"""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

from redis.asyncio import Redis

from hub import __version__
from hub.backup.audited import note
from hub.backup.folder import (
    FORMAT,
    FORMAT_OF_MANY,
    POSTGRES,
    REDIS,
    BackupError,
    Digest,
    Manifest,
    file_of,
    final_name,
    name_of,
    new_folder,
    read_manifest,
    records,
    write_manifest,
)
from hub.backup.programs import Programs, find
from hub.backup.stores import connected
from hub.core.audit import Audited
from hub.settings import Settings
from hub.stores.postgres.copies import rows, schema_version, snapshot
from hub.stores.postgres.history import offsets
from hub.stores.redis.copies import UnknownType, read
from hub.stores.redis.copies import logs as logs_of
from hub.stores.redis.log.reader import START

COMPRESSION = 1
"""Of the file of Redis: a third of the size for a tenth of the time of level 9."""


async def write(settings: Settings, directory: Path) -> tuple[Path, Manifest]:
    """Write a backup into a new folder of ``directory``, read it again, and return it.

    Raises ``BackupError``, and ``StartupError`` if embedded services cannot be started."""
    for name, url in {"valkey": settings.redis_url, "postgres": settings.database_url}.items():
        if not url and not (settings.data_dir / name).is_dir():  # the services would create an empty one
            raise BackupError(
                f"there is no {name} in {settings.data_dir}: set HUB_DATA_DIR to the hub's data directory"
            )
    async with connected(settings, "backup") as stores:
        version = await schema_version(stores.postgres)
        if version is None:
            raise BackupError("the database has no tables of a hub: HUB_DATABASE_URL may name another one")
        programs = find(settings, stores.version, f"the server is PostgreSQL {stores.version}")
        now = datetime.now(UTC)
        with new_folder(directory, now) as folder:
            # First, so that a backup that is cut off is recorded, too, and the dump has the entry.
            await note(stores.postgres, settings.default_fleet, Audited.BACKUP_WRITTEN, name_of(now))
            logs = await logs_of(stores.redis)
            digest = await _save_redis(stores.redis, folder / REDIS, logs)
            async with snapshot(stores.postgres) as name:
                counts = await rows(stores.postgres)
                found = {log: await offsets.stored(stores.postgres, log) or START for log in logs}
                await programs.dump(stores.database_url, name, folder / POSTGRES)
            manifest = Manifest(
                format=FORMAT if len(logs) == 1 else FORMAT_OF_MANY,
                created_at=now,
                hub_version=__version__,
                schema_version=version,
                server_version=stores.version,
                dump_version=programs.version,
                offset=found[logs[0]],
                offsets=found,
                rows=counts,
                redis_digest=digest.hex(),
                log_entries=sum(map(len, digest.log_ids.values())),
                files={file: file_of(folder / file) for file in (REDIS, POSTGRES)},
            )
            write_manifest(folder, manifest)
            await verify(folder, programs)
    return final_name(folder), manifest


async def verify(folder: Path, programs: Programs) -> tuple[Manifest, Digest]:
    """Read a backup to its end. Raises ``BackupError`` if anything in it is not as it was written."""
    manifest = read_manifest(folder)
    digest = Digest(manifest.offset_of)
    for record in records(folder / REDIS):
        digest.add(record)
    if digest.hex() != manifest.redis_digest:
        raise BackupError(f"{folder / REDIS} is damaged: its records are not those that the manifest names")
    await programs.check(folder / POSTGRES)
    return manifest, digest


async def _save_redis(redis: Redis, path: Path, logs: list[str]) -> Digest:
    digest = Digest(logs)
    try:
        with gzip.GzipFile(path, "wb", COMPRESSION) as file:
            os.chmod(path, 0o600)
            async for record in read(redis):
                file.write(digest.add(record))
    except UnknownType as error:
        raise BackupError(f"{error}: use the version of the hub that wrote it") from error
    return digest
