"""The pure parts of the page's scripts, without a browser: ``tests/web/units`` with the test runner of Node.

By hand: ``npm test`` in ``clients/web``.
"""

from __future__ import annotations

import json
from pathlib import Path

from clients.web import packages
from tests.support.node import run_units


def test_the_units_of_the_page() -> None:
    assert run_units(Path(__file__).parent / "units") > 50


def test_the_lock_file_names_no_addresses() -> None:
    """They would be those of the registry of the machine that wrote it."""
    lock = json.loads((packages.HERE / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if {"resolved", "funding"} & package.keys()] == []
