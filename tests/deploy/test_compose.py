"""docker-compose.yml, its override for production, the examples of environments, and the image that they run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

from hub.cli.main import cli
from hub.core.network import is_loopback
from hub.environment import load
from hub.settings import Settings
from tests.deploy.fronts import DEPLOY
from tests.support.programs import program
from tests.support.repository import ROOT
from tests.support.running import PATIENCE

NEEDED = "NEED_VALIDATORS"

BASE = [ROOT / "docker-compose.yml"]
PRODUCTION = [*BASE, DEPLOY / "docker-compose.prod.yml"]
EXAMPLES = sorted((DEPLOY / "env").glob("*.env.example"))
SECRETS = r"^((?:HUB|POSTGRES)_[A-Z_]*(?:SECRET|PASSWORD|TOKEN))=$"
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def filled(example: Path, folder: Path) -> Path:
    """A copy of an example with its secrets set."""
    text, count = re.subn(SECRETS, rf"\1={'0123456789abcdef' * 3}", example.read_text(), flags=re.MULTILINE)
    assert count, "the example has no secret to set"
    path = folder / ".env"
    path.write_text(text)
    return path


def compose(files: list[Path], env: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [program("docker-compose", NEEDED, "pip install -e '.[deploy]'"), "--project-directory", str(ROOT)]
    command += ["--env-file", str(env), "--profile", "*"]
    for file in files:
        command += ["-f", str(file)]
    # Without the settings of the environment, which Compose prefers.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "POSTGRES_"))}
    return subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, timeout=PATIENCE)


def services(files: list[Path], env: Path) -> dict[str, Any]:
    done = compose(files, env, "config", "--format", "json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = msgspec.json.decode(done.stdout)["services"]
    return found


@pytest.mark.parametrize("files", [BASE, PRODUCTION], ids=["base", "production"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_compose_takes_the_files(files: list[Path], example: Path, tmp_path: Path) -> None:
    env = filled(example, tmp_path)
    if files is PRODUCTION and "IMAGE=" not in env.read_text():
        assert compose(files, env, "config", "-q").returncode != 0  # it insists on an image and certificates
        return
    done = compose(files, env, "config", "-q")
    assert (done.returncode, done.stderr) == (0, "")


def test_compose_refuses_a_misspelt_key(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(BASE[0].read_text().replace("restart: unless-stopped", "restrat: unless-stopped", 1))
    done = compose([wrong], filled(EXAMPLES[0], tmp_path), "config", "-q")
    assert done.returncode != 0 and "restrat" in done.stderr


def test_without_the_secrets_it_does_not_start(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    done = compose(BASE, empty, "config", "-q")
    assert done.returncode != 0 and "HUB_JWT_SECRET" in done.stderr and "POSTGRES_PASSWORD" in done.stderr


def test_production_has_no_ports_of_development(tmp_path: Path) -> None:
    found = services(PRODUCTION, filled(DEPLOY / "env/production.env.example", tmp_path))
    assert {name: [port["target"] for port in service.get("ports", [])] for name, service in found.items()} == {
        "haproxy": [80, 443], "hub": [], "recorder": [], "backup": [], "valkey": [], "postgres": [],
    }  # fmt: skip
    lasting = {name: service for name, service in found.items() if name != "backup"}
    assert {service["restart"] for service in lasting.values()} == {"always"}
    assert {service["logging"]["options"]["max-size"] for service in lasting.values()} == {"20m"}
    assert all(service["deploy"]["resources"]["limits"]["memory"] for service in lasting.values())
    assert all("build" not in service for service in found.values())
    assert found["hub"]["deploy"]["replicas"] == found["recorder"]["deploy"]["replicas"] == 2


def test_development_reaches_the_databases_from_this_machine_only(tmp_path: Path) -> None:
    found = services(BASE, filled(DEPLOY / "env/test.env.example", tmp_path))
    open_to_all = [
        name
        for name, service in found.items()
        if any(not is_loopback(port.get("host_ip", "0.0.0.0")) for port in service.get("ports", []))
    ]
    assert open_to_all == ["haproxy"]
    assert found["pgadmin"]["profiles"] == ["dev"]


def test_the_hub_takes_the_settings_of_compose(tmp_path: Path) -> None:
    for example in EXAMPLES:
        env = filled(example, tmp_path)
        given = dict(line.split("=", 1) for line in env.read_text().splitlines() if re.match(r"HUB_\w+=", line))
        given |= services(BASE, env)["hub"]["environment"]
        settings = load(given)
        settings.check()
        assert settings != Settings() and settings.redis_url and settings.database_url


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_examples_have_no_secret(example: Path) -> None:
    named = re.findall(r"^(\w*(?:SECRET|PASSWORD|TOKEN))=(.*)$", example.read_text(), re.MULTILINE)
    assert named and {value for _, value in named} == {""}


def test_the_image_fits_compose(tmp_path: Path) -> None:
    """What an engine would do: the files are in its context, the commands exist, port and user are the same."""
    found = services(BASE, filled(DEPLOY / "env/test.env.example", tmp_path))
    hub = found["hub"]
    assert Path(hub["build"]["context"]) == ROOT
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [word for line in re.findall(r"^COPY (?!--)(.*)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]]
    assert set(copied) == allowed and all((ROOT / name).exists() for name in copied)
    assert re.findall(r"^EXPOSE (\d+)", DOCKERFILE, re.MULTILINE) == [hub["environment"]["HUB_PORT"]] == ["8080"]
    folder = re.findall(r"^VOLUME (\S+)", DOCKERFILE, re.MULTILINE)
    assert folder == [hub["environment"]["HUB_DATA_DIR"]] == [found["backup"]["volumes"][0]["target"]]
    # The health check of the image finds a recorder, too.
    assert found["recorder"]["command"] == ["record", "--port", hub["environment"]["HUB_PORT"]]
    assert f"127.0.0.1:{hub['environment']['HUB_PORT']}/livez" in DOCKERFILE
    assert {name for name in found if found[name].get("environment", {}).get("HUB_RECORDER") == "off"} >= {"hub"}
    (entry,) = re.findall(r'^ENTRYPOINT \["(\w+)"\]', DOCKERFILE, re.MULTILINE)
    assert f'{entry} = "hub.cli.main:main"' in (ROOT / "pyproject.toml").read_text()
    (command,) = re.findall(r"^CMD (\[.*\])", DOCKERFILE, re.MULTILINE)
    commands = [msgspec.json.decode(command), *(found[name]["command"] for name in ("recorder", "backup"))]
    for name, *arguments in commands:
        known = cli.get_command(click.Context(cli), name)
        assert known is not None
        known.make_context(name, list(arguments))


def test_haproxy_reads_the_files_that_are_mounted(tmp_path: Path) -> None:
    found = services(BASE, filled(DEPLOY / "env/test.env.example", tmp_path))["haproxy"]
    (mount,) = found["volumes"]
    files = [path for path in found["command"] if path.endswith(".cfg")]
    assert files and all((Path(mount["source"]) / Path(path).relative_to(mount["target"])).exists() for path in files)
    command = [program("haproxy", "NEED_DEPLOY"), "-c"]
    for path in files:
        command += ["-f", str(Path(mount["source"]) / Path(path).relative_to(mount["target"]))]
    done = subprocess.run(command, env=found["environment"], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    listened = found["environment"]["HAPROXY_LISTEN"].rpartition(":")[2]
    assert listened == str(found["ports"][0]["target"])
    assert shlex.join(found["command"]).startswith("haproxy -f ")
