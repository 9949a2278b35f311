"""Build the pages: fetch the npm packages, fill ``vendor``, and write the files that browsers get into ``built``.

``python -m clients.web.bundle`` does it by hand; installing the package does it too. ``built/sources.json`` holds a
hash of each source: the hub serves ``built`` while they agree, and the sources themselves while they do not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from clients.web import packages, vendor

HERE = Path(__file__).parent

SOURCES = ("*.html", "js/**/*.js", "css/*.*", "locales/*/*.ftl", "worker/*.js", "../js/src/*.js")
"""Patterns of the pages' files; the last one has the JavaScript client that they import."""


def sources() -> dict[str, str]:
    """Path from this folder -> hash of the content."""
    files = sorted(file for pattern in SOURCES for file in HERE.glob(pattern))
    names = [Path(os.path.relpath(file, HERE)).as_posix() for file in files]
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in zip(names, files, strict=True)}


def build() -> bool:
    """Bring ``vendor`` and ``built`` up to date; returns whether there was anything to do. Raises
    ``packages.Unavailable``, and leaves ``built`` as it was."""
    made = {
        "sources": sources(),
        "vendor": vendor.stamp(),
        "script": hashlib.sha256((HERE / "build.mjs").read_bytes()).hexdigest(),
    }
    mark = HERE / "built" / "sources.json"
    current = mark.is_file() and json.loads(mark.read_text()) == made
    if current and vendor.current(HERE / "vendor"):
        return False
    with tempfile.TemporaryDirectory(prefix="screen-", dir=HERE) as temporary:
        installed, fresh = Path(temporary) / "packages", Path(temporary) / "built"
        installed.mkdir()
        packages.install(installed)
        if not vendor.current(HERE / "vendor"):
            filled = Path(temporary) / "vendor"
            vendor.fill(installed / "node_modules", filled)
            _replace(HERE / "vendor", filled)
        packages.run(HERE / "build.mjs", HERE, installed, fresh)
        (fresh / "sources.json").write_text(json.dumps(made))
        _replace(HERE / "built", fresh)
    return True


def _replace(folder: Path, fresh: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


if __name__ == "__main__":
    try:
        print("built" if build() else "up to date")
    except packages.Unavailable as error:
        sys.exit(f"The pages could not be built: {error}")
