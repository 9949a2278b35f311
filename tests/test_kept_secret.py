"""``HUB_JWT_SECRET=auto``: a secret that the hub generates and keeps."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
import redis

from hub import environment
from hub.environment import load
from hub.kept_secret import NAME, kept_secret
from hub.settings import Settings, SettingsError
from hub.stores.redis.shared_secret import SECRET_KEY
from tests.support.running import PATIENCE, served


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


def shared_with(settings: Settings, data_dir: Path) -> dict[str, str]:
    """The environment of a command on one of several machines."""
    urls = {"HUB_REDIS_URL": settings.redis_url, "HUB_DATABASE_URL": settings.database_url}
    return {"HUB_JWT_SECRET": "auto", "HUB_DATA_DIR": str(data_dir), **urls}


def test_machines_with_the_same_servers_have_the_same(settings: Settings, tmp_path: Path) -> None:
    first, second = (load(shared_with(settings, tmp_path / name)) for name in ("a", "b"))
    assert first.jwt_secret == second.jwt_secret
    assert stat.S_IMODE((tmp_path / "b" / NAME).stat().st_mode) == 0o600
    assert (first.jwt_secret_previous, second.jwt_secret_previous) == ("", "")
    # Without Redis, the copy.
    away = shared_with(settings, tmp_path / "b") | {"HUB_REDIS_URL": "unix:///nowhere/redis.sock"}
    assert load(away).jwt_secret == first.jwt_secret


def test_the_secret_of_an_earlier_version_stays_and_that_of_a_second_machine_becomes_the_previous_one(
    settings: Settings, tmp_path: Path
) -> None:
    before = {name: kept_secret(tmp_path / name) for name in ("a", "b")}
    assert load(shared_with(settings, tmp_path / "a")).jwt_secret == before["a"]
    for _ in range(2):
        second = load(shared_with(settings, tmp_path / "b"))
        assert (second.jwt_secret, second.jwt_secret_previous) == (before["a"], before["b"])
    own = load(shared_with(settings, tmp_path / "b") | {"HUB_JWT_SECRET_PREVIOUS": "x" * 32})
    assert own.jwt_secret_previous == "x" * 32


def test_a_first_start_without_redis_keeps_no_secret_of_its_own(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "FIRST_PATIENCE", 0.3)
    away = shared_with(settings, tmp_path / "a") | {"HUB_REDIS_URL": "unix:///nowhere/redis.sock"}
    with pytest.raises(SettingsError, match=r"^HUB_JWT_SECRET: auto takes the secret from Redis, .* does not answer: "):
        load(away)
    assert not (tmp_path / "a").exists()


def test_without_a_shared_database_it_is_not_in_redis(settings: Settings, tmp_path: Path) -> None:
    environ = shared_with(settings, tmp_path) | {"HUB_DATABASE_URL": ""}
    load(environ)
    with redis.Redis.from_url(settings.redis_url) as client:
        assert client.get(SECRET_KEY) is None


def test_a_token_of_one_hub_is_accepted_by_another_with_its_own_data_directory(
    settings: Settings, tmp_path: Path
) -> None:
    auto = [
        msgspec.structs.replace(settings, jwt_secret="auto", data_dir=tmp_path / name, port=0) for name in ("a", "b")
    ]
    with served(auto[0]), served(auto[1]) as other:
        environ = dict(os.environ) | shared_with(settings, tmp_path / "a")
        command = [sys.executable, "-m", "hub", "token", "--fleet", "default", "--role", "dispatcher"]
        token = subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout.strip()
        request = urllib.request.Request(f"http://{other.address[0]}:{other.address[1]}/api/v1/drivers")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(request, timeout=PATIENCE)
        request.add_header("authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            assert answer.status == 200
