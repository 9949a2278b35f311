"""Building the pages, as installing the package does: only when something changed, and never by halves."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from clients.web import bundle, packages


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources and of what was built from them, on a machine without Node."""
    copy = tmp_path / "web"
    ignored = shutil.ignore_patterns("node_modules", "world", "swagger-ui", "maplibre-gl*")
    shutil.copytree(bundle.HERE, copy, ignore=ignored)
    shutil.copytree(bundle.HERE.parent / "js" / "src", tmp_path / "js" / "src")
    monkeypatch.setattr(bundle, "HERE", copy)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    return copy


def test_what_is_up_to_date_is_not_built_again(folder: Path) -> None:
    assert bundle.build() is False


@pytest.mark.parametrize(
    "changed", ["js/app/main.js", "locales/hi/ui.ftl", "css/list.css", "share.html", "build.mjs", "../js/src/link.js"]
)
def test_a_changed_source_is_built_or_leaves_what_was_built(folder: Path, changed: str) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "built").iterdir()}
    with (folder / changed).open("a") as file:
        file.write("\n")
    with pytest.raises(packages.Unavailable, match="npm not found"):
        bundle.build()
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "built").iterdir()} == before
    assert sorted(path.name for path in folder.glob("screen-*")) == []
