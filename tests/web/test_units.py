"""The pure parts of the page's scripts, without a browser: ``tests/web/units`` with the test runner of Node.

By hand: ``npm test`` in ``clients/web``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.node import run_units

ROOT = Path(__file__).parents[2]


def test_the_units_of_the_page() -> None:
    assert run_units(Path(__file__).parent / "units") > 50


LOCKS = [*ROOT.glob("clients/*/package-lock.json"), *ROOT.glob("tests/*/*/package-lock.json")]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_lock_files_name_no_addresses(path: Path) -> None:
    """They would be those of the registry of the machine that wrote it."""
    assert "://" not in path.read_text()


def test_the_lock_files_are_found() -> None:
    assert {path.parent.name for path in LOCKS} >= {"web", "bench", "provider"}
