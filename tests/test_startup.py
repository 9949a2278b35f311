"""A child whose parent has ended before it began."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hub.startup import PARENT, orphaned


def test_a_child_knows_whether_its_parent_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PARENT, raising=False)
    assert not orphaned()
    monkeypatch.setenv(PARENT, str(os.getppid()))
    assert not orphaned()
    monkeypatch.setenv(PARENT, str(os.getpid()))
    assert orphaned()


@pytest.mark.parametrize("part", ["recorder", "notifier"])
def test_an_orphan_ends_at_once(part: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"hub.{part}"], env={**os.environ, PARENT: "1"}, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
