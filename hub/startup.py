"""Errors at startup, and children whose parent has ended."""

from __future__ import annotations

import os


class StartupError(Exception):
    """The hub cannot start. The text names the problem and the remedy; the command line prints it and exits with 3."""


PARENT = "PARENT_PID"
"""Environment variable of child processes: the process that started them."""


def orphaned() -> bool:
    """Whether the process that started this one has ended. The kernel tells a child of it, but not if it happens before
    the child has asked for that, so a child looks once when it begins."""
    parent = os.environ.get(PARENT)
    return parent is not None and parent != str(os.getppid())
