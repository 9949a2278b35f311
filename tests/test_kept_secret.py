"""``HUB_JWT_SECRET=auto``: a secret that the hub generates and keeps."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hub.environment import load
from hub.kept_secret import NAME, kept_secret
from hub.settings import SettingsError


def test_it_is_created_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    data_dir = tmp_path / "deep" / "data"
    first = kept_secret(data_dir)
    assert len(first) >= 32
    assert kept_secret(data_dir) == first
    assert stat.S_IMODE((data_dir / NAME).stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == [NAME]
    assert kept_secret(tmp_path / "other") != first


def test_hubs_that_start_together_have_the_same(tmp_path: Path) -> None:
    for turn in range(20):
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda _, turn=turn: kept_secret(tmp_path / str(turn)), range(8)))) == 1


def test_every_command_with_auto_gets_it(tmp_path: Path) -> None:
    environ = {"HUB_JWT_SECRET": "auto", "HUB_DATA_DIR": str(tmp_path)}
    settings = load(environ, host="0.0.0.0")  # what an open hub may not
    assert settings.jwt_secret == (tmp_path / NAME).read_text().strip()
    assert load(environ) == load(environ)


def test_an_unusable_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"^HUB_JWT_SECRET: cannot store the secret in the data directory: "):
        load({"HUB_JWT_SECRET": "auto", "HUB_DATA_DIR": str(tmp_path / "file")})


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """The hub must not become open."""
    (tmp_path / NAME).touch(0o600)
    with pytest.raises(SettingsError, match=r"^HUB_JWT_SECRET: "):
        load({"HUB_JWT_SECRET": "auto", "HUB_DATA_DIR": str(tmp_path)})
