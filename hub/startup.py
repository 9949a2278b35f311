"""Errors at startup."""

from __future__ import annotations


class StartupError(Exception):
    """The hub cannot start. The text names the problem and the remedy; the command line prints it and exits with 3."""
