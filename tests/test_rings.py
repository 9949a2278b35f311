"""The ring table of docs/design.md: what each folder may import, and how files are kept small and about one thing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

BASE = {"hub", "hub.settings", "hub.logs", "hub.startup", "hub.permissions"}
"""Configuration, logs, private files and how a start fails: for every ring that does I/O."""

OURS = {
    "hub/core": {"hub.core"},
    "hub/wire": {"hub.core", "hub.wire"},
    "hub/stores": {"hub.core", "hub.wire", "hub.stores"} | BASE,
    "hub/edge": {"hub.core", "hub.wire", "hub.stores", "hub.edge"} | BASE,
    "hub/recorder": {"hub.core", "hub.wire", "hub.stores", "hub.recorder"} | BASE,
    "hub/embedded": {"hub.embedded"} | BASE,
    "clients": {"hub.wire", "clients"},
}
"""Ring -> the parts of this project that it may import. What lies directly in ``hub`` puts the rings together."""

FOREIGN = {
    "hub/core": {"msgspec"},
    "hub/wire": {"msgspec"},
    "hub/stores": {"msgspec", "redis", "hiredis", "asyncpg"},
    "hub/embedded": {"msgspec", "asyncpg"},
}
"""Ring -> the packages that it may import; the other rings are free."""

NEVER_IN_CORE = {"asyncio", "logging", "os", "random", "selectors", "socket", "ssl", "subprocess", "threading", "time"}

LONGEST_FILE = 450


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    """Every module that the file imports anywhere, also inside functions, in full (``from . import x`` resolved)."""
    package = file.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            # `from hub import settings` imports hub.settings.
            yield from (f"{module}.{name.name}" for name in node.names) if module == "hub" else (module,)


def within(module: str, allowed: set[str]) -> bool:
    return any(module == name or (name != "hub" and module.startswith(name + ".")) for name in allowed)


@pytest.mark.parametrize("ring", OURS)
def test_a_ring_imports_only_what_its_row_allows(ring: str) -> None:
    wrong = []
    for file in files(ring):
        for module in imports(file):
            top = module.split(".")[0]
            if top in ("hub", "clients", "tests"):
                constant = module in {"hub.__version__"}
                allowed = constant or within(module, OURS[ring])
            elif top in sys.stdlib_module_names:
                allowed = ring != "hub/core" or top not in NEVER_IN_CORE
            else:
                allowed = top in FOREIGN.get(ring, {top})
            if not allowed:
                wrong.append(f"{file.relative_to(ROOT)} imports {module}")
    assert files(ring)
    assert wrong == []


def test_the_core_awaits_nothing_and_reads_no_clock() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in files("hub/core")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
        or (isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today") and is_datetime(node.value))
    ]
    assert wrong == []


def is_datetime(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("datetime", "date")


@pytest.mark.parametrize("folder", ["hub", "clients", "tests"])
def test_files_are_short_and_named_by_their_subject(folder: str) -> None:
    lengths = {file.relative_to(ROOT).as_posix(): len(file.read_text().splitlines()) for file in files(folder)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert [
        name for name in lengths if Path(name).stem in ("utils", "util", "helpers", "helper", "common", "misc")
    ] == []
