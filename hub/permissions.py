"""Secrets and directories that are the hub's alone: owner and mode are checked before they are used, as ssh does."""

from __future__ import annotations

import os
import stat
from pathlib import Path

READ, WRITE = 0o044, 0o022
"""The bits by which group and others may read and write."""

OWN = {"jwt-secret", "valkey.owner", "postgresql.owner", "valkey", "postgres"}
"""Names that the hub makes in a data directory; one of them is there from the first start on."""


class Exposed(Exception):
    """Others may read or write something that has to be private; the text names it, its mode and the remedy."""


def data_directory(path: Path) -> None:
    """Make the data directory, or close an existing one to others where that is safe. Raises ``Exposed``, ``OSError``.

    A directory of other files is not closed: other programs may need to read them.
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
    """Close an existing directory of ours to others. Raises ``Exposed`` where others may have changed its content."""
    owner, mode, us = path.stat().st_uid, _mode(path), os.geteuid()
    if owner != us:
        raise Exposed(
            f"The {kind} {path} belongs to uid {owner}, and the hub runs as uid {us}: set HUB_DATA_DIR to a directory "
            f"that uid {us} owns, or run `chown -R {us} {path}`"
        )
    if mode & WRITE and any(path.iterdir()):
        raise Exposed(
            f"The {kind} {path} may be written by others (mode {mode:04o}), who may have changed its files: "
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
    """Text of a secret file that only its owner may read and write. Raises ``Exposed`` and ``OSError``.

    A ``provided`` one, of the operator, may also belong to root and be readable by its group: the rule that PostgreSQL
    has for TLS keys. Secrets that Docker and Kubernetes mount can have that.
    """
    with path.open() as file:
        found, us = os.fstat(file.fileno()), os.geteuid()
        owner, mode = found.st_uid, stat.S_IMODE(found.st_mode)
        of_root = provided and owner == 0
        if owner != us and not of_root:
            allowed = f"uid {us} or root" if provided else f"uid {us}"
            raise Exposed(
                f"{path} belongs to uid {owner}, and must belong to {allowed}: run `chown {us} {path}` "
                f"and `chmod 600 {path}`"
            )
        permitted = 0o640 if of_root else 0o600
        if mode & 0o077 & ~permitted:
            done = "written" if mode & WRITE else "read"
            raise Exposed(
                f"{path} may be {done} by others (mode {mode:04o}, at most {permitted:04o} is allowed): replace the "
                f"secret if others have access to this machine, and run `chmod {permitted:o} {path}`"
            )
        return file.read().strip()


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
