"""Private files and directories: owner and mode are checked before use, as ssh does."""

from __future__ import annotations

import os
import stat
from pathlib import Path

READ, WRITE = 0o044, 0o022
"""The bits by which group and others may read and write."""

OWN = {"jwt-secret", "jwt-secret-previous", "channel-secret", "valkey.owner", "postgresql.owner", "valkey", "postgres"}
"""Names that the hub creates in a data directory; after the first start at least one exists."""


class Exposed(Exception):
    """Other users can read or write a private file. The text names the file, its mode and the remedy."""


def data_directory(path: Path) -> None:
    """Create the data directory, or remove other users' access to an existing one. Raises ``Exposed``, ``OSError``.

    The mode of a directory with other files is not changed: other programs may need to read them.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = set(os.listdir(path))
    mode = _mode(path)
    if mode & READ and not mode & WRITE and names and not names & OWN and path.stat().st_uid == os.geteuid():
        raise Exposed(
            f"The data directory {path} may be read by others (mode {mode:04o}) and holds other files: "
            f"set HUB_DATA_DIR to a directory for the hub alone, or run `chmod 700 {path}`"
        )
    private_directory(path, "data directory")


def private_directory(path: Path, kind: str) -> None:
    """Remove other users' access to a directory. Raises ``Exposed`` if they may have changed its content."""
    owner, mode, us = path.stat().st_uid, _mode(path), os.geteuid()
    if owner != us:
        raise Exposed(
            f"The {kind} {path} belongs to uid {owner}, and the hub runs as uid {us}: set HUB_DATA_DIR to a directory "
            f"that uid {us} owns, or run `chown -R {us} {path}`"
        )
    if mode & WRITE and any(path.iterdir()):
        raise Exposed(
            f"The {kind} {path} may be written by others (mode {mode:04o}), so its files may have been changed: "
            f"check them, then run `chmod 700 {path}`"
        )
    if mode & 0o077:
        path.chmod(0o700)
    if (mode := _mode(path)) & 0o077:
        raise Exposed(
            f"The {kind} {path} stays open to others (mode {mode:04o}) after `chmod 700`: "
            "set HUB_DATA_DIR to a directory on a file system that has modes"
        )


def read_secret(path: Path, *, provided: bool = False) -> str:
    """Text of a secret file that only its owner can read and write. Raises ``Exposed`` and ``OSError``.

    A ``provided`` file (from the operator) may also belong to root and be readable by its group: PostgreSQL's rule for
    TLS keys. Secrets mounted by Docker and Kubernetes can satisfy it.
    """
    with path.open() as file:
        status, us = os.fstat(file.fileno()), os.geteuid()
        owner, mode = status.st_uid, stat.S_IMODE(status.st_mode)
        root_allowed = provided and owner == 0
        if owner != us and not root_allowed:
            allowed = f"uid {us} or root" if provided else f"uid {us}"
            raise Exposed(
                f"{path} belongs to uid {owner}, and must belong to {allowed}: run `chown {us} {path}` "
                f"and `chmod 600 {path}`"
            )
        permitted = 0o640 if root_allowed else 0o600
        if mode & 0o077 & ~permitted:
            access = "written" if mode & WRITE else "read"
            raise Exposed(
                f"{path} may be {access} by others (mode {mode:04o}, at most {permitted:04o} is allowed): replace the "
                f"secret if others have access to this machine, and run `chmod {permitted:o} {path}`"
            )
        return file.read().strip()


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
