"""Accepted owners and modes, and directories that the hub closes itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hub import permissions
from hub.permissions import Exposed, data_directory, private_directory, read_secret


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def make(path: Path, mode: int, *names: str) -> Path:
    path.mkdir()
    for name in names:
        (path / name).touch()
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o755, 0o775, 0o777, 0o711, 0o700])
def test_an_empty_data_directory_is_closed(tmp_path: Path, mode: int) -> None:
    data_dir = make(tmp_path / "data", mode)
    data_directory(data_dir)
    assert mode_of(data_dir) == 0o700


def test_a_missing_directory_is_created_for_its_owner_only(tmp_path: Path) -> None:
    data_directory(tmp_path / "deep" / "data")
    assert mode_of(tmp_path / "deep" / "data") == 0o700


def test_a_directory_of_the_hub_that_others_could_only_read_is_closed(tmp_path: Path) -> None:
    data_dir = make(tmp_path / "data", 0o755, "jwt-secret", "notes")
    data_directory(data_dir)
    assert mode_of(data_dir) == 0o700


def test_a_directory_with_other_files_is_not_changed(tmp_path: Path) -> None:
    """A home directory or a web server's must not be closed behind the back of its other users."""
    data_dir = make(tmp_path / "data", 0o755, "index.html")
    with pytest.raises(Exposed, match=r"may be read by others \(mode 0755\) and holds other files: "):
        data_directory(data_dir)
    assert mode_of(data_dir) == 0o755
    data_dir.chmod(0o700)
    data_directory(data_dir)


def test_a_directory_that_others_could_write_is_not_changed(tmp_path: Path) -> None:
    data_dir = make(tmp_path / "data", 0o770, "jwt-secret")
    with pytest.raises(
        Exposed, match=r"data directory .* may be written by others \(mode 0770\), so its files may have been changed"
    ):
        data_directory(data_dir)
    assert mode_of(data_dir) == 0o770


def test_a_file_system_without_modes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "chmod", lambda self, mode: None)
    tmp_path.joinpath("open").mkdir(0o755)
    with pytest.raises(Exposed, match="stays open to others"):
        private_directory(tmp_path / "open", "directory")


US, ROOT, OTHER = os.geteuid(), 0, 4_321


@pytest.mark.parametrize(
    ("owner", "mode", "provided", "words"),
    [
        (US, 0o600, False, None),
        (US, 0o400, False, None),
        (US, 0o600, True, None),
        (US, 0o640, False, "may be read by others"),
        (US, 0o604, True, "may be read by others"),
        (US, 0o620, True, "may be written by others"),
        (ROOT, 0o440, True, None),  # what Kubernetes mounts for fsGroup with the mode 0400
        (ROOT, 0o640, True, None),
        (ROOT, 0o444, True, "may be read by others"),
        (ROOT, 0o660, True, "may be written by others"),
        (OTHER, 0o600, False, f"must belong to uid {US}:"),
        (OTHER, 0o600, True, f"must belong to uid {US} or root:"),
    ],
)
def test_the_owner_and_mode_of_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: int, mode: int, provided: bool, words: str | None
) -> None:
    if US != 0 and owner != US:
        pytest.skip("only root can give files away")
    secret = tmp_path / "secret"
    secret.write_text("word\n")
    secret.chmod(mode)
    os.chown(secret, owner, -1)
    if owner == ROOT and provided and US == ROOT:
        # As a hub sees it that runs as another user.
        monkeypatch.setattr(permissions.os, "geteuid", lambda: 10_001)
    if words is None:
        assert read_secret(secret, provided=provided) == "word"
    else:
        with pytest.raises(Exposed, match=words):
            read_secret(secret, provided=provided)


def test_a_link_is_followed(tmp_path: Path) -> None:
    """As Kubernetes mounts secrets, through ``..data``."""
    (tmp_path / "..data").mkdir()
    secret = tmp_path / "..data" / "secret"
    secret.write_text("word\n")
    secret.chmod(0o600)
    link = tmp_path / "secret"
    link.symlink_to("..data/secret")
    assert read_secret(link, provided=True) == "word"
    secret.chmod(0o666)
    with pytest.raises(Exposed):
        read_secret(link, provided=True)
