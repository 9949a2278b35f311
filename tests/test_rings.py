"""The ring table of docs/design.md: what each folder may import, and how files are kept small and about one thing."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

BASE = {
    "hub",
    "hub.settings",
    "hub.environment",
    "hub.extras",
    "hub.logs",
    "hub.tracing",
    "hub.clock",
    "hub.startup",
    "hub.permissions",
    "hub.kept_secret",
    "hub.workbook",
}
"""Settings, logs, extras, clock, private files, secrets in them, startup errors and the process that writes workbooks:
for every ring that does I/O."""

OURS = {
    "hub/core": {"hub.core"},
    "hub/wire": {"hub.core", "hub.wire"},
    "hub/stores": {"hub.core", "hub.wire", "hub.stores"} | BASE,
    "hub/identity": {"hub.core", "hub.stores", "hub.identity"} | BASE,
    "hub/edge": {"hub.core", "hub.wire", "hub.stores", "hub.identity", "hub.planner", "hub.edge"} | BASE,
    "hub/recorder": {"hub.core", "hub.wire", "hub.stores", "hub.recorder"} | BASE,
    "hub/notifier": {"hub.core", "hub.wire", "hub.stores", "hub.notifier"} | BASE,
    "hub/planner": {"hub.core", "hub.wire", "hub.planner"} | BASE,
    "hub/embedded": {"hub.embedded"} | BASE,
    # The hub's messages are the contract: a copy of them would be a second one.
    "clients": {"hub.core.messages", "hub.wire", "clients"},
}
"""Ring -> the parts of this project that it may import. What lies directly in ``hub`` puts the rings together."""

FOREIGN = {
    "hub/core": {"msgspec", "numpy", "shapely"},
    "hub/wire": {"msgspec", "cryptography", "jwt", "xlsxwriter"},
    "hub/stores": {"msgspec", "redis", "hiredis", "asyncpg", "cryptography"},
    "hub/recorder": {"msgspec", "numpy", "uvloop", "aiohttp", "prometheus_client"},
    "hub/notifier": {"msgspec", "uvloop", "redis", "aiohttp", "aiosmtplib", "aiomqtt", "nats", "apprise"},
    "hub/planner": {"msgspec", "numpy", "pyvrp"},
    "hub/embedded": {"msgspec", "asyncpg"},
}
"""Ring -> the packages that it may import; the other rings are free."""

NEVER_IN_CORE = {"asyncio", "logging", "os", "random", "selectors", "socket", "ssl", "subprocess", "threading", "time"}

LONGEST_FILE = 450

MOST_MODULES = 14
"""Of a folder, without its ``__init__.py``: a folder that needs more holds two subjects."""


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def imports(file: Path) -> Iterator[str]:
    """Every module that the file imports anywhere, also inside functions, in full (``from . import x`` resolved)."""
    package = file.relative_to(ROOT).parent.parts
    for node in ast.walk(parsed(file)):
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
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
        or (isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today") and is_datetime(node.value))
    ]
    assert wrong == []


CONNECTS = {
    "asyncpg.connect": {"hub/stores/postgres/connection.py", "hub/embedded/postgres.py"},
    "asyncpg.create_pool": {"hub/stores/postgres/pool.py"},
    "ConnectionPool.from_url": {"hub/stores/redis/connection.py"},
}
"""What connects to a service -> the files that may. ``hub/embedded`` asks its own server whether it has started."""

TAKES_A_CLOCK = ["hub/recorder", "hub/notifier", "hub/stores", "hub/edge/log"]
"""Folders whose code takes the time from a clock that is handed in, so that a simulation can replace it."""


def calls(folder: str) -> Iterator[tuple[str, str]]:
    """(file, called name with the name before the dot)."""
    for file in files(folder):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield str(file.relative_to(ROOT)), f"{node.value.id}.{node.attr}"


def test_services_are_connected_in_one_place_each() -> None:
    made = set(calls("hub"))
    found = {name: {file for file, called in made if called == name} for name in CONNECTS}
    assert found == CONNECTS


@pytest.mark.parametrize("folder", TAKES_A_CLOCK)
def test_the_time_comes_from_a_clock_that_is_handed_in(folder: str) -> None:
    clocks = {"time.time", "time.monotonic", "datetime.now", "datetime.utcnow", "date.today"}
    assert [call for call in calls(folder) if call[1] in clocks] == []


def is_datetime(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("datetime", "date")


@pytest.mark.parametrize("folder", ["hub", "clients", "tests"])
def test_files_are_short_and_named_by_their_subject(folder: str) -> None:
    lengths = {file.relative_to(ROOT).as_posix(): len(file.read_text().splitlines()) for file in files(folder)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert [
        name for name in lengths if Path(name).stem in ("utils", "util", "helpers", "helper", "common", "misc")
    ] == []


@pytest.mark.parametrize("top", ["hub", "clients"])
def test_a_folder_has_one_subject(top: str) -> None:
    folders = Counter(file.parent.relative_to(ROOT).as_posix() for file in files(top) if file.name != "__init__.py")
    assert {folder: count for folder, count in folders.items() if count > MOST_MODULES} == {}


def graph() -> dict[str, set[str]]:
    """Module -> the modules of ``hub`` and ``clients`` that it imports anywhere, also for type checkers only."""
    modules = {module_of(file): file for top in ("hub", "clients") for file in files(top)}
    found: dict[str, set[str]] = {}
    for module, file in modules.items():
        found[module] = set()
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Import):
                found[module] |= {name.name for name in node.names} & set(modules)
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                for name in node.names:
                    inner = f"{node.module}.{name.name}"
                    found[module] |= {inner if inner in modules else node.module} & set(modules)
    return found


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_imports_make_no_circle() -> None:
    left = graph()
    while free := {module for module, imported in left.items() if not imported & set(left)}:
        left = {module: imported for module, imported in left.items() if module not in free}
    while unused := set(left) - set().union(*left.values()):  # what only imports a circle is no part of one
        left = {module: imported for module, imported in left.items() if module not in unused}
    assert {module: sorted(imported & set(left)) for module, imported in left.items()} == {}
