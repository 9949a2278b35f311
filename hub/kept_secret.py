"""Generated secrets (``HUB_JWT_SECRET=auto``): created once per data directory, and read by every later command.

Hubs that share a Redis and a database share the secret, too: Redis has it, and each data directory has a copy."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from hub.permissions import data_directory, read_secret

AUTO = "auto"
"""Value of ``jwt_secret`` that generates a secret."""

NAME = "jwt-secret"
"""File in the data directory, readable by its owner only."""

PREVIOUS = "jwt-secret-previous"
"""File with the secret of a data directory before it got the shared one; its tokens remain valid."""

BYTES = 48


def kept_secret(data_dir: Path, name: str = NAME) -> str:
    """A secret of a data directory by its file's name; created if missing. Concurrent calls return the same secret.

    Raises ``OSError``, and ``Exposed`` where others have access to the directory or the file.
    """
    path = data_dir / name
    data_directory(data_dir)
    with contextlib.suppress(FileNotFoundError):
        return read_secret(path)
    draft = _draft(data_dir, name, new_secret())
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # atomic, and never replaces an existing secret
    finally:
        os.unlink(draft)
    return read_secret(path)


def new_secret() -> str:
    return secrets.token_urlsafe(BYTES)


def has_kept_secret(data_dir: Path) -> bool:
    """Whether a data directory has a secret."""
    return (data_dir / NAME).exists()


def previous_secret(data_dir: Path) -> str:
    """The secret before the shared one, empty if there is none. Raises ``OSError`` and ``Exposed``."""
    with contextlib.suppress(FileNotFoundError):
        return read_secret(data_dir / PREVIOUS)
    return ""


def replace_secret(data_dir: Path, secret: str, *, used: bool) -> None:
    """Keep a shared secret instead of the own one, which is kept as the previous one if it was ``used``. Raises
    ``OSError`` and ``Exposed``."""
    data_directory(data_dir)
    if used:
        os.replace(_draft(data_dir, PREVIOUS, kept_secret(data_dir)), data_dir / PREVIOUS)
    os.replace(_draft(data_dir, NAME, secret), data_dir / NAME)


def _draft(data_dir: Path, name: str, secret: str) -> str:
    """A new file with the secret; its path."""
    descriptor, draft = tempfile.mkstemp(prefix=f".{name}-", dir=data_dir)  # 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
