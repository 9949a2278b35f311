"""The pure parts of the page's scripts, without a browser: ``tests/web/units`` with the test runner of Node.

By hand: ``npm test`` in ``clients/web``.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from clients.web import packages

UNITS = Path(__file__).parent / "units"

NEEDED = "NEED_NODE"
"""Where this is set, as in continuous integration, a Node that is missing is a failure."""


def test_the_units_of_the_page() -> None:
    try:
        node = packages.node()
    except packages.Unavailable as error:
        if os.environ.get(NEEDED):
            pytest.fail(f"{NEEDED} is set; {error}")
        pytest.skip(str(error))
    files = sorted(str(file) for file in UNITS.glob("*.test.mjs"))
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", *files],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-1_000:]
    # A runner that finds no tests passes too.
    passed = next(int(line.split()[-1]) for line in done.stdout.splitlines() if line.startswith("# pass"))
    assert passed > 50


def test_the_lock_file_names_no_addresses() -> None:
    """They would be those of the registry of the machine that wrote it."""
    lock = json.loads((packages.HERE / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if {"resolved", "funding"} & package.keys()] == []
