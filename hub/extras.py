"""What is said where an optional part of the installation is missing."""

from __future__ import annotations


def missing(extra: str) -> str:
    """The rest of a sentence about what needs the extra."""
    return f"needs the extra {extra}: pip install '.[{extra}]' in the hub's source"
