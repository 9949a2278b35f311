"""Programs of Debian packages, and Python packages, that only some tests need."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest


def program(name: str, needed: str, hint: str = "") -> str:
    """The path of a program; without it the test is skipped, or fails where the variable ``needed`` is set, as in
    continuous integration. ``hint``: how it is installed, if not by the Debian package of its name."""
    here = Path(sys.executable).parent
    found = shutil.which(name, path=f"{here}:{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        missing(needed, f"there is no {name} ({hint or f'Debian: apt-get install {name}'})")
    assert found is not None
    return found


def module(name: str, needed: str, extra: str) -> ModuleType:
    """A module of an extra of this project, in the same way."""
    try:
        return importlib.import_module(name)
    except ImportError:
        missing(needed, f"there is no {name} (pip install -e '.[{extra}]')")
        raise


def missing(needed: str, what: str) -> None:
    """Skip the test, or fail where the variable ``needed`` is set."""
    if os.environ.get(needed):
        pytest.fail(f"{needed} is set, and {what}")
    pytest.skip(what)
