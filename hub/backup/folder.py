"""A backup on disk: a folder ``hub-<time>`` with two files and a manifest that has their digests.

    hub-20261127T062200Z/redis.msgpack.gz   the log, latest positions and other keys of Redis
    hub-20261127T062200Z/postgres.dump      PostgreSQL, in the custom format of pg_dump
    hub-20261127T062200Z/manifest.json      ``Manifest``

A backup is written as ``hub-<time>.partial`` and renamed when it is complete and verified.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from hub.stores.redis.copies import Record
from hub.wire.log import LOG_KEY

FORMAT = 1
"""Version of the layout and of the manifest."""

FORMAT_OF_MANY = 2
"""The same of a log with several partitions, whose offsets older hubs would not restore."""

MANIFEST, REDIS, POSTGRES = "manifest.json", "redis.msgpack.gz", "postgres.dump"

PARTIAL = ".partial"

NAME = re.compile(r"hub-[0-9]{8}T[0-9]{6}Z")

LENGTH = 4
"""Bytes of a record's length, before each record of the file of Redis."""

BLOCK = 1 << 20
"""Bytes read at a time."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


class BackupError(Exception):
    """A backup cannot be written or restored. The text says why and what to do."""


class File(Struct, frozen=True):
    size: int
    sha256: str


class Manifest(Struct, rename="camel", frozen=True):
    """``offsets`` are those of the recorders in the dump by log, ``offset`` that of the first, which hubs before
    partitions wrote alone; ``redis_digest`` the SHA-256 of the records of Redis before
    compression, ``dump_version`` the major version of ``pg_dump``, ``rows`` the number of rows of each table."""

    format: int
    created_at: datetime
    hub_version: str
    schema_version: int
    server_version: int
    dump_version: int
    offset: str
    rows: dict[str, int]
    redis_digest: str
    log_entries: int
    files: dict[str, File]
    offsets: dict[str, str] = {}

    @property
    def offset_of(self) -> dict[str, str]:
        """The offset of each log."""
        return self.offsets or {LOG_KEY: self.offset}


class Digest:
    """SHA-256 of records, and the ids of the entries of the ``logs`` among them."""

    def __init__(self, logs: Iterable[str]) -> None:
        self._hash = hashlib.sha256()
        self.log_ids: dict[bytes, set[bytes]] = {log.encode(): set() for log in logs}

    def add(self, record: Record) -> bytes:
        """Count a record, and return it as it is in the file."""
        if (ids := self.log_ids.get(record.key)) is not None:
            ids.update(entry_id for entry_id, _ in record.items)
        encoded = _encoder.encode(record)
        framed = len(encoded).to_bytes(LENGTH, "big") + encoded
        self._hash.update(framed)
        return framed

    def hex(self) -> str:
        return self._hash.hexdigest()


def records(path: Path) -> Iterator[Record]:
    """The records of a file of Redis. Raises ``BackupError``."""
    try:
        with gzip.open(path) as file:
            while length := file.read(LENGTH):
                yield _decoder.decode(file.read(int.from_bytes(length, "big")))
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        raise BackupError(f"{path} is damaged: {error}") from error


def file_of(path: Path) -> File:
    """Size and digest of a file, which is then on disk."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
        os.fsync(file.fileno())
    return File(size, digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    path = folder / MANIFEST
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    file_of(path)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup whose files are complete and unchanged. Raises ``BackupError``."""
    path = folder / MANIFEST
    try:
        text = path.read_bytes()
        known: Any = msgspec.json.decode(text)
        if isinstance(known, dict) and known.get("format", FORMAT) not in (FORMAT, FORMAT_OF_MANY):
            raise BackupError(
                f"{folder} has the format {known['format']}, this hub reads up to {FORMAT_OF_MANY}: use a newer hub"
            )
        manifest = msgspec.json.decode(text, type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        newest = backups(folder)[-1:] if folder.is_dir() else []
        hint = f"; the newest backup in it is {newest[0]}" if newest else ""
        raise BackupError(f"{folder} is not a backup: it has no {MANIFEST}{hint}") from None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupError(f"{path} cannot be read: {error}") from error
    for name in (REDIS, POSTGRES):
        try:
            found = file_of(folder / name)
        except OSError as error:
            raise BackupError(f"{folder / name} cannot be read: {error.strerror}") from error
        if found != manifest.files.get(name):
            raise BackupError(f"{folder / name} is damaged: its content is not the one that the manifest names")
    return manifest


def backups(directory: Path) -> list[Path]:
    """Complete backups in a directory, oldest first."""
    return sorted(path for path in directory.iterdir() if NAME.fullmatch(path.name) and (path / MANIFEST).exists())


def name_of(created_at: datetime) -> str:
    """The name of a backup that began at an instant in UTC."""
    return f"hub-{created_at:%Y%m%dT%H%M%SZ}"


@contextmanager
def new_folder(directory: Path, now: datetime) -> Iterator[Path]:
    """A folder to write a backup into. It gets its name at the end, and is removed after an error.

    Raises ``BackupError`` if another backup is being written in ``directory``."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"another backup is being written in {directory}") from None
        final = directory / name_of(now)
        if final.exists():
            raise BackupError(f"{final} exists: a backup of the same second")
        for left in directory.glob(f"hub-*{PARTIAL}"):  # of a process that was killed
            shutil.rmtree(left)
        partial = final.with_name(final.name + PARTIAL)
        partial.mkdir(mode=0o700)
        try:
            yield partial
            for path in partial.iterdir():
                path.chmod(0o600)  # they hold positions and hashes of passwords
            _sync(partial)
            partial.rename(final)
            os.fsync(descriptor)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    finally:
        os.close(descriptor)


def final_name(partial: Path) -> Path:
    """The name that a folder of ``new_folder`` has at the end."""
    return partial.with_name(partial.name.removesuffix(PARTIAL))


def remove_beyond(directory: Path, keep: int) -> list[Path]:
    """Remove all complete backups but the ``keep`` newest, and return them."""
    old = backups(directory)[:-keep]
    for path in old:
        shutil.rmtree(path)
    return old


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
