"""deploy/systemd and deploy/logrotate: valid, the backup is written, and a hub goes on after its log was rotated."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from hub.environment import environment, load
from hub.settings import Settings
from tests.deploy.fronts import DEPLOY, NEEDED
from tests.deploy.pairs import Pair
from tests.support.peers import Raw, handshake
from tests.support.programs import program
from tests.support.running import PATIENCE, until

UNITS = DEPLOY / "systemd"
PROGRAM = "/opt/location-hub/bin/hub"


def unit(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNITS / name)
    return parser["Service"]


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    files = sorted(str(path) for path in folder.iterdir())
    command = [program("systemd-analyze", NEEDED, "Debian: apt-get install systemd"), "verify", *files]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in [*UNITS.glob("*.service"), *UNITS.glob("*.timer")]:
        (tmp_path / path.name).write_text(path.read_text().replace(PROGRAM, sys.executable))
    done = verified(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    service = tmp_path / "location-hub-backup.service"
    service.write_text(service.read_text().replace("Nice=", "Nic="))
    assert "Unknown key" in verified(tmp_path).stderr


def test_the_hub_has_time_and_files() -> None:
    service = unit("location-hub.service")
    assert shlex.split(service["ExecStart"]) == [PROGRAM, "serve"]
    assert float(service["TimeoutStopSec"]) > 2 * Settings().drain_timeout
    assert int(service["LimitNOFILE"]) == Settings().max_connections + 1_000
    load(dict(word.split("=", 1) for word in service["Environment"].split())).check()


def test_the_backup_of_the_timer_is_written(settings: Settings, tmp_path: Path) -> None:
    path, *arguments = shlex.split(unit("location-hub-backup.service")["ExecStart"])
    assert path == PROGRAM
    folder = tmp_path / "backups"
    command = [sys.executable, "-m", "hub", *(str(folder) if word.startswith("/var/") else word for word in arguments)]
    done = subprocess.run(command, env=environment(settings), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("verified\n")
    (made,) = folder.iterdir()
    assert re.fullmatch(r"hub-\d{8}T\d{6}Z", made.name)
    assert {path.name for path in made.iterdir()} == {"manifest.json", "postgres.dump", "redis.msgpack.gz"}


def rotated(configuration: Path, *options: str) -> subprocess.CompletedProcess[str]:
    state = configuration.with_suffix(".state")
    command = [program("logrotate", NEEDED), "-s", str(state), *options, str(configuration)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture
def configuration(pair: Pair, tmp_path: Path) -> Path:
    """The configuration for the log of the first hub."""
    text = (DEPLOY / "logrotate/location-hub").read_text()
    assert "/var/log/location-hub/*.log" in text
    path = tmp_path / "location-hub"
    path.write_text(text.replace("/var/log/location-hub/*.log", str(pair.hubs[0].log)))
    path.chmod(0o644)
    return path


def test_logrotate_takes_the_configuration(configuration: Path) -> None:
    done = rotated(configuration, "-d")
    assert done.returncode == 0 and "error" not in done.stderr, done.stderr
    configuration.write_text(configuration.read_text().replace("copytruncate", "copytruncat"))
    assert "unknown option 'copytruncat'" in rotated(configuration, "-d").stderr


def test_a_hub_goes_on_after_its_log_was_rotated(pair: Pair, configuration: Path) -> None:
    log = pair.hubs[0].log
    assert "serve_started" in log.read_text()
    done = rotated(configuration, "-f")
    assert done.returncode == 0, done.stderr
    old = [path for path in log.parent.iterdir() if path.name.startswith("hub.log-")]
    assert len(old) == 1 and "serve_started" in old[0].read_text()
    with Raw(pair.hubs[0].address) as raw:
        raw.send(handshake())
        assert raw.response().status == 401
    until(lambda: "handshake_refused" in log.read_text())
    # Without a hole in front of them, which a file that is not appended to would have.
    assert log.read_bytes().startswith(b"{") and os.stat(log).st_size < 10_000
