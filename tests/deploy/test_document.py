"""docs/deployment.md: its files exist, its alerts are those of the rules, and its commands and values are valid."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from hub.cli.main import cli
from tests.deploy.fronts import DEPLOY
from tests.deploy.test_compose import compose, filled
from tests.deploy.test_helm import VALUES, rendered
from tests.deploy.test_monitoring import ALERTS, DASHBOARDS
from tests.support.repository import ROOT
from tests.support.running import PATIENCE

TEXT = (ROOT / "docs/deployment.md").read_text()
SHELL = [
    line
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]


def table(first: str) -> list[list[str]]:
    """Rows of the table whose head begins with a word."""
    section = TEXT.split(f"\n| {first} |", 1)[1].split("\n\n")[0]
    return [[cell.strip().strip("`") for cell in line[1:-1].split("|")] for line in section.splitlines()[2:]]


def test_alerts_and_dashboards_are_listed() -> None:
    assert [(name, severity) for name, severity, _ in table("alert")] == [
        (name, rule["labels"]["severity"]) for name, rule in ALERTS.items()
    ]
    assert sorted(name for name, _ in table("dashboard")) == sorted(f"{name}.json" for name in DASHBOARDS)


def test_every_file_is_described() -> None:
    folders = {path.relative_to(ROOT).as_posix() for path in DEPLOY.iterdir()}
    assert [name for name in sorted(folders) if name not in TEXT] == []
    named = {path.rstrip("/") for path in re.findall(r"(?<!exec )\bdeploy/[\w./-]+\w", TEXT)}
    assert len(named) > 10
    assert [path for path in sorted(named) if not list(ROOT.glob(path))] == []


def test_commands_of_compose(tmp_path: Path) -> None:
    lines = [shlex.split(line) for line in SHELL if line.startswith("docker compose")]
    assert len(lines) == 4
    for _, _, *words in lines:
        files = [ROOT / words[at + 1] for at, word in enumerate(words) if word == "-f"] or [ROOT / "docker-compose.yml"]
        env = filled(DEPLOY / "env/production.env.example", tmp_path)
        found = compose(files, env, "config", "--services").stdout.split()
        assert {"haproxy", "hub", "backup"} <= set(found)
        (command,) = [word for word in words if word in ("up", "run")]
        assert compose(files, env, command, "--help").returncode == 0
        assert set(words[words.index("run") + 2 :] if "run" in words else []) <= set(found)


def test_lines_of_cron(tmp_path: Path) -> None:
    lines = [line for block in re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
    times, commands = zip(*((line.split()[:5], line.split(maxsplit=5)[5]) for line in lines), strict=True)
    assert all(re.fullmatch(r"\d+ \d+ \* \* \*", " ".join(time)) for time in times)
    (words,) = [shlex.split(command) for command in commands if "docker compose" in command]
    files = [ROOT / words[at + 1] for at, word in enumerate(words) if word == "-f"]
    found = compose(files, filled(DEPLOY / "env/production.env.example", tmp_path), "config", "--services")
    assert words[-3:] == ["run", "--rm", "backup"] and "backup" in found.stdout.split()


def test_the_values_and_the_secret_fit_the_chart() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    kinds = rendered(yaml.safe_load(block))
    (command,) = [shlex.split(line) for line in SHELL if line.startswith("kubectl create secret")]
    keys = {word.removeprefix("--from-literal=").split("=", 1)[0] for word in command if word.startswith("--from")}
    assert keys == {reference["key"] for reference in VALUES["secrets"].values()}
    assert command[4] == VALUES["secrets"]["HUB_JWT_SECRET"]["name"]
    assert f"deploy/{kinds['Deployment']['metadata']['name'].replace('demo', 'hub')}" in TEXT


def test_kubectl_takes_the_secret() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("there is no kubectl")
    (line,) = [line for line in SHELL if line.startswith("kubectl create secret")]
    command = [*shlex.split(line.replace('"$(openssl rand -hex 32)"', "s" * 64)), "--dry-run=client", "-o", "yaml"]
    done = subprocess.run([kubectl, *command[1:]], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(done.stdout)["kind"] == "Secret"


def test_commands_of_the_hub_exist() -> None:
    for words in (["user", "reset", "admin"], ["backup", "/backups", "--keep", "7"], ["migrate"]):
        assert f"hub {words[0]}" in TEXT
        group: click.Command | None = cli
        while isinstance(group, click.Group):
            group, words = group.get_command(click.Context(group), words[0]), words[1:]
        assert group is not None
        group.make_context("x", list(words))
