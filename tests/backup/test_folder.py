"""The folder of a backup: its name, its digests, and which are kept."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from hub.backup.folder import (
    FORMAT,
    MANIFEST,
    POSTGRES,
    REDIS,
    BackupError,
    Digest,
    Manifest,
    backups,
    file_of,
    new_folder,
    read_manifest,
    records,
    remove_beyond,
    write_manifest,
)
from hub.stores.redis.copies import Record

NOW = datetime(2026, 11, 27, 6, 22, tzinfo=UTC)


def filled(directory: Path, second: int = 0) -> Path:
    """A complete backup, of two records and a dump that only looks like one."""
    digest = Digest(["log"])
    with new_folder(directory, NOW.replace(second=second)) as folder:
        with gzip.open(folder / REDIS, "wb") as file:
            for record in (
                Record(b"h", "hash", [(b"f", b"\xff")]),
                Record(b"log", "stream", [(b"1-0", [(b"a", b"b")])]),
            ):
                file.write(digest.add(record))
        (folder / POSTGRES).write_bytes(b"a dump")
        files = {name: file_of(folder / name) for name in (REDIS, POSTGRES)}
        manifest = Manifest(FORMAT, NOW, "1", 3, 18, 18, "1-0", {"positions": 1}, digest.hex(), 1, files)
        write_manifest(folder, manifest)
    return directory / folder.name.removesuffix(".partial")


def test_a_backup_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = filled(tmp_path / "new" / "directory")
    assert folder.name == "hub-20261127T062200Z"
    manifest = read_manifest(folder)
    assert manifest.created_at == NOW and manifest.rows == {"positions": 1}
    digest = Digest(["log"])
    for record in records(folder / REDIS):
        digest.add(record)
    assert digest.hex() == manifest.redis_digest
    assert digest.log_ids[b"log"] == {b"1-0"}
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"600"}
    assert oct(folder.stat().st_mode)[-3:] == "700"


@pytest.mark.parametrize("name", [REDIS, POSTGRES])
def test_every_changed_byte_is_found(tmp_path: Path, name: str) -> None:
    folder = filled(tmp_path)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(BackupError, match=f"{name} is damaged"):
        read_manifest(folder)
    (folder / name).unlink()
    with pytest.raises(BackupError, match=f"{name} cannot be read"):
        read_manifest(folder)


def test_records_that_are_cut_off_are_an_error(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    whole = (folder / REDIS).read_bytes()
    (folder / REDIS).write_bytes(whole[:-12])
    with pytest.raises(BackupError, match="is damaged"):
        list(records(folder / REDIS))
    (folder / REDIS).write_bytes(gzip.compress(gzip.decompress(whole)[:-3]))
    with pytest.raises(BackupError, match="is damaged"):
        list(records(folder / REDIS))


def test_what_is_not_a_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=f"is not a backup: it has no {MANIFEST}$"):
        read_manifest(tmp_path)
    folder = filled(tmp_path)
    with pytest.raises(BackupError, match=f"the newest backup in it is {folder}"):
        read_manifest(tmp_path)
    fields = msgspec.json.decode((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_bytes(msgspec.json.encode({**fields, "format": 3, "rows": None}))
    with pytest.raises(BackupError, match="has the format 3, this hub reads up to 2"):
        read_manifest(folder)
    (folder / MANIFEST).write_bytes(b"[]")
    with pytest.raises(BackupError, match="cannot be read"):
        read_manifest(folder)


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), new_folder(tmp_path, NOW) as folder:
        (folder / "something").touch()
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_killed_backup_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "hub-20261101T000000Z.partial").mkdir()
    folder = filled(tmp_path)
    assert list(tmp_path.iterdir()) == [folder]


def test_one_backup_at_a_time(tmp_path: Path) -> None:
    with (
        new_folder(tmp_path, NOW),
        pytest.raises(BackupError, match="another backup is being written"),
        new_folder(tmp_path, NOW),
    ):
        pass
    with pytest.raises(BackupError, match="exists"), new_folder(tmp_path, NOW):
        pass


def test_the_newest_are_kept_and_other_files_are_left_alone(tmp_path: Path) -> None:
    made = [filled(tmp_path, second) for second in range(4)]
    (tmp_path / "hub-20200101T000000Z").mkdir()  # without a manifest
    (tmp_path / "notes").touch()
    assert remove_beyond(tmp_path, 2) == made[:2]
    assert backups(tmp_path) == made[2:]
    assert remove_beyond(tmp_path, 2) == []
    assert (tmp_path / "notes").exists() and (tmp_path / "hub-20200101T000000Z").exists()
