"""Restore a backup into stores that no hub uses.

PostgreSQL is replaced in one transaction, then Redis is written and compared. If the log of the backup ends before the
recorder's offset in the dump, the recorder has to read it from its beginning: positions that are stored already stay
as they are, and the others are stored.

What was erased stays erased: erasures that the target knows are kept, in the same transaction, and the next recorder
carries them out on the restored data.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from redis.asyncio import Redis

from hub.backup.audited import note
from hub.backup.folder import POSTGRES, REDIS, BackupError, Digest, Manifest, name_of, read_manifest, records
from hub.backup.programs import find
from hub.backup.stores import Stores, connected
from hub.backup.write import verify
from hub.core.audit import Audited
from hub.settings import Settings
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.copies import ERASURES, in_use, other_hubs, reopen_erasures, rows
from hub.stores.postgres.history import offsets
from hub.stores.postgres.migrate import VERSION
from hub.stores.redis import copies

AGAIN = "Run `hub restore --replace` again before a hub starts"

CLOCKS = timedelta(hours=1)
"""By which the clock of a backup may differ from that of PostgreSQL."""

ENDING = 3.0
"""Seconds in which PostgreSQL notices that the sessions of a stopped hub have ended."""


async def restore(settings: Settings, folder: Path, *, replace: bool) -> Manifest:
    """Restore the backup in ``folder``; ``replace``: over existing data.

    Raises ``BackupError``, and ``StartupError`` if embedded services cannot be started."""
    manifest = read_manifest(folder)
    if manifest.schema_version > VERSION:
        raise BackupError(
            f"{folder} has the schema version {manifest.schema_version}, this hub knows up to {VERSION}: "
            f"restore it with hub {manifest.hub_version} or newer"
        )
    programs = find(settings, manifest.dump_version, f"the backup was written by version {manifest.dump_version}")
    manifest, digest = await verify(folder, programs)
    async with connected(settings, "restore") as stores:
        await _check_target(stores, manifest, replace=replace)
        await programs.restore(folder / POSTGRES, stores.database_url, stores.version)
        await _compare_rows(stores.postgres, manifest)
        await reopen_erasures(stores.postgres, manifest.created_at - CLOCKS)
        await _write_redis(stores.redis, folder / REDIS, manifest)
        for log, offset in manifest.offset_of.items():
            if offset.encode() not in digest.log_ids[log.encode()]:
                await offsets.rewind(stores.postgres, log)
        await note(stores.postgres, settings.default_fleet, Audited.BACKUP_RESTORED, name_of(manifest.created_at))
    return manifest


async def _left(stores: Stores) -> bool:
    """Whether no other hub has a session; those of a hub that has just stopped end within ``ENDING`` seconds."""
    deadline = asyncio.get_running_loop().time() + ENDING
    while await other_hubs(stores.postgres):
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.1)
    return True


async def _check_target(stores: Stores, manifest: Manifest, *, replace: bool) -> None:
    """Raises ``BackupError`` if a hub runs, and for data that must not be replaced."""
    run_by_another = any(part.child is None for part in stores.services.parts.values())
    # The locks are held until the end, so that no recorder begins meanwhile.
    if run_by_another or not await _left(stores) or not await _locked(stores, manifest):
        raise BackupError("a hub uses the target: stop it first")
    if replace:
        return
    if full := await in_use(stores.postgres):
        names = ", ".join(full[:5]) + (", …" if len(full) > 5 else "")
        raise BackupError(f"the database is not empty ({names}): restore into an empty one, or use --replace")
    if not await copies.is_empty(stores.redis):
        raise BackupError("Redis is not empty: restore into an empty one, or use --replace")


async def _locked(stores: Stores, manifest: Manifest) -> bool:
    """Whether this session has the locks of the logs of the backup and of the target."""
    logs = {*manifest.offset_of, *await copies.logs(stores.redis)}
    return all([await offsets.lock(stores.postgres, log) for log in sorted(logs)])


async def _compare_rows(connection: Connection, manifest: Manifest) -> None:
    found = await rows(connection)
    for table, count in manifest.rows.items():
        more = table == ERASURES and found.get(table, 0) > count  # those that the target knew
        if found.get(table) != count and not more:
            raise BackupError(f"the table {table} has {found.get(table)} rows, the backup {count}. {AGAIN}")


async def _write_redis(redis: Redis, path: Path, manifest: Manifest) -> None:
    """Replace the hub's keys, and compare all of them with the backup."""
    await copies.delete(redis)
    for record in records(path):
        await copies.write(redis, record)
    written = Digest(())
    async for record in copies.read(redis):
        written.add(record)
    if written.hex() != manifest.redis_digest:
        raise BackupError(f"Redis does not hold what the backup holds: another client writes to it. {AGAIN}")
