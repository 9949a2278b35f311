"""Node for tests: the program, and its test runner."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from clients.web import packages

NEEDED = "NEED_NODE"
"""Where this is set, as in continuous integration, a Node that is missing is a failure."""

PLACE = {"TZ": "Europe/Berlin", "LC_ALL": "en_GB.UTF-8"}
"""A zone where the clocks change, and the variety of English that the expected dates are in."""


def node() -> str:
    """The program; skips the test without one."""
    try:
        return packages.node()
    except packages.Unavailable as error:
        if os.environ.get(NEEDED):
            pytest.fail(f"{NEEDED} is set; {error}")
        pytest.skip(str(error))


CHANGES_GLOBALS = re.compile(r"^ *globalThis\.\w+ = ", re.MULTILINE)
"""In a file that needs a process of its own. To start one for each file takes more time than the tests."""


def run_units(folder: Path) -> int:
    """Run the ``*.test.mjs`` of a folder; returns the number of tests that passed. A runner without tests passes, too:
    compare the number."""
    files = sorted(folder.glob("*.test.mjs"))
    alone = [file for file in files if CHANGES_GLOBALS.search(file.read_text())]
    together = [file for file in files if file not in alone]
    return _run_units(["--experimental-test-isolation=none"], together) + _run_units([], alone)


def _run_units(options: list[str], files: list[Path]) -> int:
    if not files:
        return 0
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", *options, *map(str, files)],
        env=os.environ | PLACE,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-1_000:]
    return next(int(line.split()[-1]) for line in done.stdout.splitlines() if line.startswith("# pass"))
