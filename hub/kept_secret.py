"""The secret that a hub makes for itself (``HUB_JWT_SECRET=auto``): made once, the same for every command after it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

AUTO = "auto"
"""The value of ``jwt_secret`` that asks for one."""

NAME = "jwt-secret"
"""The file in the data directory. Only its owner may read it."""

BYTES = 48


def kept_secret(data_dir: Path) -> str:
    """The secret of a data directory, made if there is none. Of several that make one at once all get the same.

    Raises ``OSError``.
    """
    path = data_dir / NAME
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
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
    return path.read_text().strip()
