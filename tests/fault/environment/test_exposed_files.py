"""Others may read or write what has to be private: the hub does not start, and says which file and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.support.running import PATIENCE, served

SECRET = "a secret of at least thirty-two bytes"


def start(data_dir: Path, **environ: str) -> tuple[int, str]:
    """Exit code of ``hub serve`` and what it says on standard error."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [sys.executable, "-m", "hub", "serve", "--port", "0"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**ours, "HUB_DATA_DIR": str(data_dir), **environ},
    )
    return done.returncode, done.stderr


def used(data_dir: Path) -> Path:
    """The data directory of a hub that has run."""
    data_dir.mkdir(mode=0o700)
    (data_dir / "valkey.owner").touch(0o600)
    (data_dir / "jwt-secret").write_text(SECRET)
    (data_dir / "jwt-secret").chmod(0o600)
    for name in ("valkey", "run"):
        (data_dir / name).mkdir(0o700)
        (data_dir / name / "file").touch()
    return data_dir


@pytest.mark.parametrize(
    ("name", "mode", "message"),
    [
        ("jwt-secret", 0o644, "HUB_JWT_SECRET: {path} may be read by others (mode 0644, at most 0600 is allowed): "),
        ("jwt-secret", 0o660, "HUB_JWT_SECRET: {path} may be written by others (mode 0660, at most 0600 is allowed): "),
        (".", 0o777, "HUB_JWT_SECRET: The data directory {path} may be written by others (mode 0777), "),
        (".", 0o770, "HUB_JWT_SECRET: The data directory {path} may be written by others (mode 0770), "),
        ("run", 0o777, "The socket directory {path} may be written by others (mode 0777), "),
        ("valkey", 0o733, "The directory {path} may be written by others (mode 0733), "),
    ],
)
def test_what_others_may_change_or_read_is_refused(tmp_path: Path, name: str, mode: int, message: str) -> None:
    path = used(tmp_path / "data") / name
    path.chmod(mode)
    # Its own PostgreSQL would only take time.
    code, said = start(tmp_path / "data", HUB_JWT_SECRET="auto", HUB_DATABASE_URL="postgresql://127.0.0.1:1/none")
    words = f"hub: {message.format(path=path)}"
    assert (code, said.splitlines()[-1][: len(words)]) == (3, words)
    assert said.endswith(f"run `chmod {700 if path.is_dir() else 600} {path}`\n")


def test_what_only_the_hub_may_change_and_read_is_taken(tmp_path: Path) -> None:
    used(tmp_path / "data")
    away = Settings(port=0, data_dir=tmp_path / "data", jwt_secret=SECRET, database_url="postgresql://127.0.0.1:1/none")
    with served(away):
        pass


@pytest.mark.parametrize("variable", ["HUB_JWT_SECRET_FILE", "HUB_METRICS_TOKEN_FILE", "HUB_DATABASE_URL_FILE"])
def test_a_secret_that_the_operator_provides_is_looked_at(tmp_path: Path, variable: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o666)
    code, said = start(tmp_path / "data", **{variable: str(secret)})
    assert (code, said.startswith(f"hub: {variable}: {secret} may be written by others (mode 0666, ")) == (3, True)
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("name", [".", "jwt-secret"])
def test_what_belongs_to_another_user_is_refused(tmp_path: Path, name: str) -> None:
    path = used(tmp_path / "data") / name
    os.chown(path, 4_321, -1)
    code, said = start(tmp_path / "data", HUB_JWT_SECRET="auto")
    assert (code, f"{path} belongs to uid 4321, and " in said, f"{path}`" in said) == (3, True, True)


def test_a_directory_made_by_hand_is_closed_at_the_first_start(tmp_path: Path) -> None:
    """``mkdir ~/fleet`` gives 0755, or 0775 where the umask is 002."""
    data_dir = tmp_path / "fleet"
    data_dir.mkdir()
    data_dir.chmod(0o775)
    code, said = start(data_dir, HUB_JWT_SECRET="auto", HUB_HOST="256.0.0.1")  # ends after its settings
    assert (code, "cannot listen on" in said) == (3, True)
    assert data_dir.stat().st_mode & 0o777 == 0o700
