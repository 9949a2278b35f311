"""Write a backup: first Redis, then PostgreSQL.

What the recorder moves from the log to PostgreSQL meanwhile is then in both copies, where positions have identity,
instead of in neither.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from redis.asyncio import Redis

from hub import __version__
from hub.backup.folder import (
    FORMAT,
    POSTGRES,
    REDIS,
    BackupError,
    Digest,
    Manifest,
    file_of,
    new_folder,
    read_manifest,
    records,
    write_manifest,
)
from hub.backup.programs import Programs, find
from hub.embedded.services import Services, running
from hub.settings import Settings
from hub.stores.postgres import connection as postgres
from hub.stores.postgres.copies import rows, schema_version, snapshot
from hub.stores.postgres.history import offsets
from hub.stores.redis import connection as redis_connection
from hub.stores.redis.copies import UnknownType, read
from hub.wire.log import LOG_KEY

REDIS_PATIENCE = 30.0
"""Seconds for one answer of Redis: a piece of a copy is larger than what the hub asks for."""

COMPRESSION = 1
"""Of the file of Redis: a third of the size for a tenth of the time of level 9."""


async def write(settings: Settings, directory: Path) -> tuple[Path, Manifest]:
    """Write a backup into a new folder of ``directory``, read it again, and return it.

    Raises ``BackupError``, ``StartupError``, and the errors of a store that is away."""
    async with stores(settings) as services, redis_of(services) as redis:
        url = services.settings.database_url
        connection = await postgres.connect(url, role="backup", patience=None)
        try:
            version = await schema_version(connection)
            if version is None:
                raise BackupError("the database has no tables of a hub: HUB_DATABASE_URL may name another one")
            server = connection.get_server_version().major
            programs = find(settings, server, f"the server is PostgreSQL {server}")
            now = datetime.now(UTC)
            with new_folder(directory, now) as folder:
                digest = await _save_redis(redis, folder / REDIS)
                async with snapshot(connection) as name:
                    counts = await rows(connection)
                    offset = await offsets.read(connection, LOG_KEY) if counts["log_offsets"] else "0-0"
                    await programs.dump(url, name, folder / POSTGRES)
                manifest = Manifest(
                    format=FORMAT,
                    created_at=now,
                    hub_version=__version__,
                    schema_version=version,
                    server_version=server,
                    dump_version=programs.version,
                    offset=offset,
                    rows=counts,
                    redis_digest=digest.hex(),
                    log_entries=len(digest.log_ids),
                    files={file: file_of(folder / file) for file in (REDIS, POSTGRES)},
                )
                write_manifest(folder, manifest)
                await verify(folder, programs)
        finally:
            await connection.close()
    return directory / folder.name.removesuffix(".partial"), manifest


async def verify(folder: Path, programs: Programs) -> tuple[Manifest, Digest]:
    """Read a backup to its end. Raises ``BackupError`` if anything in it is not as it was written."""
    manifest = read_manifest(folder)
    digest = Digest(LOG_KEY.encode())
    for record in records(folder / REDIS):
        digest.add(record)
    if digest.hex() != manifest.redis_digest:
        raise BackupError(f"{folder / REDIS} is damaged: its records are not those that the manifest names")
    await programs.check(folder / POSTGRES)
    return manifest, digest


@asynccontextmanager
async def stores(settings: Settings) -> AsyncIterator[Services]:
    """The stores of the settings; embedded ones are started if no hub runs them. Raises ``BackupError`` for a data
    directory without data, instead of creating one, and ``StartupError``."""
    folders = {"valkey": settings.redis_url, "postgres": settings.database_url}
    for name, url in folders.items():
        if not url and not (settings.data_dir / name).is_dir():
            raise BackupError(f"there is no {name} in {settings.data_dir}: set HUB_DATA_DIR to the hub's data directory")
    async with running(settings) as services:
        yield services


@asynccontextmanager
async def redis_of(services: Services) -> AsyncIterator[Redis]:
    client = redis_connection.connect(services.settings.redis_url, REDIS_PATIENCE)
    try:
        yield client
    finally:
        await client.aclose()


async def _save_redis(redis: Redis, path: Path) -> Digest:
    digest = Digest(LOG_KEY.encode())
    try:
        with gzip.GzipFile(path, "wb", COMPRESSION) as file:
            os.chmod(path, 0o600)
            async for record in read(redis):
                file.write(digest.add(record))
    except UnknownType as error:
        raise BackupError(f"{error}: use the version of the hub that wrote it") from error
    return digest
