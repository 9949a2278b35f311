"""What keeps the hub from starting, in words for the person at the terminal."""

from __future__ import annotations


class StartupError(Exception):
    """The hub cannot start; the text says what is wrong and what to do. The command line prints it and exits with 3."""
