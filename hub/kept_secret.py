"""The secret that a hub makes for itself (``HUB_JWT_SECRET=auto``): made once, the same for every command after it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from hub.permissions import data_directory, read_secret

AUTO = "auto"
"""The value of ``jwt_secret`` that asks for one."""

NAME = "jwt-secret"
"""The file in the data directory. Only its owner may read it."""

BYTES = 48


def kept_secret(data_dir: Path) -> str:
    """The secret of a data directory, made if there is none. Of several that make one at once all get the same.

    Raises ``OSError``, and ``Exposed`` where others have access to the directory or the file.
    """
    path = data_dir / NAME
    data_directory(data_dir)
    with contextlib.suppress(FileNotFoundError):
        return read_secret(path)
    descriptor, draft = tempfile.mkstemp(prefix=f".{NAME}-", dir=data_dir)  # 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all, and never in place of another's
    finally:
        os.unlink(draft)
    return read_secret(path)
