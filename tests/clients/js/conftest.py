"""The JavaScript client as its users have it: packed, and installed in an empty project."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from clients.web import packages
from tests.clients.js.programs import Project
from tests.support.node import node
from tests.support.repository import ROOT

QUIET = ["--no-audit", "--no-fund", "--no-update-notifier"]


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``npm pack`` makes of ``clients/js``."""
    node()
    folder = tmp_path_factory.mktemp("packed")
    name = run([*packages.npm(), "pack", "--pack-destination", str(folder)], ROOT / "clients/js").split()[-1]
    return folder / name


@pytest.fixture(scope="session")
def project(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with nothing but the package; installing it needs no network."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    run([*packages.npm(), "install", "--offline", *QUIET, str(tarball)], folder)
    return Project(folder)
