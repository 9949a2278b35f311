"""Generated secrets (``HUB_JWT_SECRET=auto``): created once per data directory, and read by every later command."""

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

BYTES = 48


def kept_secret(data_dir: Path, name: str = NAME) -> str:
    """A secret of a data directory by its file's name; created if missing. Concurrent calls return the same secret.

    Raises ``OSError``, and ``Exposed`` where others have access to the directory or the file.
    """
    path = data_dir / name
    data_directory(data_dir)
    with contextlib.suppress(FileNotFoundError):
        return read_secret(path)
    descriptor, draft = tempfile.mkstemp(prefix=f".{name}-", dir=data_dir)  # 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # atomic, and never replaces an existing secret
    finally:
        os.unlink(draft)
    return read_secret(path)
