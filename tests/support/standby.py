"""A primary and a streaming standby of PostgreSQL, from the programs of the embedded one."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from hub.embedded.postgres import DATABASE, USER, as_ordinary_user, environment, find_bindir
from hub.settings import Settings
from tests.support.running import PATIENCE, free_port

QUICK = ("fsync=off", "full_page_writes=off", "max_connections=40", "shared_buffers=16MB", "hot_standby_feedback=off")
"""What the tests write is thrown away."""


class Server:
    """One server; ``settings`` are of its command line, ``programs`` the directory of its programs. It is on loopback,
    or at ``host`` in the network namespace that ``wrapper`` enters."""

    def __init__(
        self,
        folder: Path,
        settings: Sequence[str] = (),
        programs: Path | None = None,
        host: str = "127.0.0.1",
        wrapper: Sequence[str] = (),
    ) -> None:
        self.data, self.port, self._settings = folder / "data", free_port(), [*QUICK, *settings]
        self.host, self.folder = host, folder
        self._wrapper = [*wrapper, *as_ordinary_user()]
        self._bin = programs or find_bindir(Settings(), None)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@{self.place}/{DATABASE}"

    @property
    def pid(self) -> int:
        """Of the postmaster."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def run(self, program: str, *arguments: str) -> None:
        command = [*self._wrapper, str(self._bin / program), *arguments]
        done = subprocess.run(command, capture_output=True, env=environment(), timeout=PATIENCE)
        assert done.returncode == 0, done.stderr.decode()

    def make(self) -> None:
        """Make it, with an empty database, and start it."""
        self.run("initdb", "-D", str(self.data), "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        if self.host != "127.0.0.1":
            with (self.data / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\nhost replication all samenet trust\n")
        self.start()
        self.run("createdb", *self._at, "-U", USER, DATABASE)

    def follow(self, primary: Server) -> None:
        """Make it a standby of another server, from a copy of that, and start it. What it had before is deleted."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.run("pg_basebackup", *primary._at, "-U", USER, "-D", str(self.data), "-R", "-c", "fast", "-N")
        self.start()

    @property
    def _at(self) -> list[str]:
        return ["-h", self.host, "-p", str(self.port)]

    def start(self) -> None:
        """Returns when it accepts connections."""
        options = [f"--{setting}" for setting in self._settings]
        command = [str(self._bin / "postgres"), "-D", str(self.data), "-k", "", *self._at]
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [*self._wrapper, *command, *options], stdout=log, stderr=log, env=environment(), start_new_session=True
            )
        deadline = time.monotonic() + PATIENCE
        while not self._ready():
            assert self._process.poll() is None and time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.02)

    def _ready(self) -> bool:
        asked = [*self._wrapper, str(self._bin / "pg_isready"), "-q", *self._at]
        return subprocess.run(asked, env=environment(), check=False).returncode == 0

    def value(self, query: str) -> Any:
        """The value that a query returns, None for a statement."""

        async def run() -> Any:
            connection = await asyncpg.connect(self.url)
            try:
                return await connection.fetchval(query)
            finally:
                await connection.close()

        return asyncio.run(run())

    def signal(self, number: signal.Signals) -> None:
        """To the postmaster and its processes: a frozen postmaster alone leaves the sessions at work."""
        assert self._process is not None
        for pid in [self._process.pid, *_children(self._process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGKILL)
            self._process.wait(PATIENCE)


def _children(pid: int) -> list[int]:
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        return []
    return [*children, *(below for child in children for below in _children(child))]


@contextmanager
def pair(
    folder: Path, of_primary: Sequence[str] = (), of_standby: Sequence[str] = ()
) -> Iterator[tuple[Server, Server]]:
    """A primary with an empty database, and its standby."""
    for name in ("primary", "standby"):
        (folder / name).mkdir(parents=True)
    primary, standby = Server(folder / "primary", of_primary), Server(folder / "standby", of_standby)
    try:
        primary.make()
        standby.follow(primary)
        yield primary, standby
    finally:
        standby.kill()
        primary.kill()
