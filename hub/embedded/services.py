"""The services of a hub that was given no URLs: started, supervised and stopped with it, in ``settings.data_dir``.

    data_dir/valkey, valkey.log        Valkey's append-only file and its log
    data_dir/postgres, postgresql.log  PostgreSQL's data directory and its log
    data_dir/run                       both sockets; elsewhere when the path is too long for a socket
    data_dir/*.owner, *.lock           locks: which hub owns a service, and whether the service lives

The first hub on a data directory owns the services; others find the lock taken, connect, and take over when it stops.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import tempfile
from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from hub.embedded.child import Child
from hub.embedded.lock import locked
from hub.logs import Action, get_logger
from hub.permissions import Exposed, data_directory, private_directory
from hub.settings import Settings
from hub.startup import StartupError

SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432")

OWNER_TIMEOUT = 300.0
"""Wait for the services of the hub that owns them; its first start may be in progress. Seconds."""

TAKE_OVER_PAUSE = 5.0
"""Between two attempts to run a service whose owner has stopped. Seconds."""

log = get_logger()


class Kind(Protocol):
    """Common interface of ``Valkey`` and ``Postgres``."""

    name: str
    url: str

    def prepare(self) -> Child: ...

    async def ready(self) -> bool: ...


class Service:
    """One embedded service: run by this hub (``child``), or by another one; when that stops, this hub takes over."""

    def __init__(self, kind: Kind, data_dir: Path) -> None:
        self.kind = kind
        self.child: Child | None = None
        self._lock = os.open(data_dir / f"{kind.name}.owner", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._heir: asyncio.Task[None] | None = None
        self._problem: str | None = None

    async def start(self) -> None:
        """Returns when it serves. Raises ``StartupError``."""
        try:
            async with asyncio.timeout(OWNER_TIMEOUT):
                while not locked(self._lock):
                    if await self.kind.ready():
                        self._inherit()
                        return
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise StartupError(
                f"{self.kind.name} belongs to another hub on the same data directory and does not answer"
            ) from None
        await self._run()

    def start_in_background(self) -> None:
        """Start without waiting; ``problem`` has the state. Raises ``StartupError`` for an error that only another
        configuration can correct."""
        if locked(self._lock):
            self.child = self.kind.prepare()
            self.child.start_in_background()
        else:
            self._inherit()

    async def served(self) -> None:
        """Wait until it serves, whichever hub runs it."""
        while self.problem is not None or (self.child is None and not await self.kind.ready()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    def _inherit(self) -> None:
        self._heir = asyncio.create_task(self._take_over(), name=f"take over {self.kind.name}")

    async def stop(self) -> None:
        try:
            if self._heir is not None:
                self._heir.cancel()
                await asyncio.wait([self._heir])
            if self.child is not None:
                await self.child.stop()
        finally:
            os.close(self._lock)

    @property
    def problem(self) -> str | None:
        return self.child.problem if self.child is not None else self._problem

    async def _run(self) -> None:
        child = self.kind.prepare()
        await child.start()
        self.child = child

    async def _take_over(self) -> None:
        while not locked(self._lock):  # noqa: ASYNC110 - a file lock has no event
            await asyncio.sleep(0.1)
        while self.child is None:
            try:
                await self._run()
            except StartupError as error:
                self._problem = str(error)
                log.error(Action.SERVICE_EXITED, service=self.kind.name, problem=self._problem)
                await asyncio.sleep(TAKE_OVER_PAUSE)


class Services:
    """The running services. ``settings`` has the URLs filled in."""

    def __init__(self, settings: Settings, background: Set[str] = frozenset()) -> None:
        self.settings = settings
        self._background = background
        self.parts: dict[str, Service] = {}
        """By name, ``valkey`` and ``postgresql``: those that were not configured by URL."""

    async def start(self) -> None:
        settings = self.settings
        if settings.redis_url and settings.database_url:
            return
        try:
            data_directory(settings.data_dir)
            run = run_directory(settings.data_dir)
            # Imported here: a hub with both URLs needs neither.
            if not settings.redis_url:
                from hub.embedded.valkey import Valkey

                self._add(Valkey(settings, run))
            if not settings.database_url:
                from hub.embedded.postgres import Postgres

                self._add(Postgres(settings, run))
        except Exposed as error:
            raise StartupError(str(error)) from error
        except OSError as error:
            raise StartupError(f"The data directory {settings.data_dir} cannot be used: {error}") from error
        for name in self._background & self.parts.keys():
            self.parts[name].start_in_background()
        others = [part.start() for name, part in self.parts.items() if name not in self._background]
        outcomes = await asyncio.gather(*others, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        urls = {"valkey": "redis_url", "postgresql": "database_url"}
        found = {urls[name]: part.kind.url for name, part in self.parts.items()}
        self.settings = msgspec.structs.replace(settings, **found)

    async def served(self, name: str) -> None:
        """Wait until a service serves; one that was configured by URL is not waited for."""
        if name in self.parts:
            await self.parts[name].served()

    async def stop(self) -> None:
        await asyncio.gather(*(part.stop() for part in self.parts.values()))

    def problems(self, *names: str) -> list[str]:
        """The present problems of all services, or of those named, as text; empty without any."""
        parts = [part for name, part in self.parts.items() if not names or name in names]
        return [problem for part in parts if (problem := part.problem) is not None]

    def _add(self, kind: Kind) -> None:
        self.parts[kind.name] = Service(kind, self.settings.data_dir)


@asynccontextmanager
async def running(settings: Settings, background: Set[str] = frozenset()) -> AsyncIterator[Services]:
    """Start the services without a URL in the settings, and stop them at the end. Raises ``StartupError``.

    On entry all of them serve, except those named in ``background``: they are being started.
    """
    services = Services(settings, background)
    try:
        await services.start()
        yield services
    finally:
        await services.stop()


def run_directory(data_dir: Path) -> Path:
    """The private directory of the sockets: ``data_dir/run``, or one in the temporary directory when that path is too
    long for a socket. Raises ``StartupError``, and ``Exposed`` where others may have put sockets there."""
    run = data_dir / "run"
    if too_long(run):
        digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
        run = Path(tempfile.gettempdir(), f"hub-{os.geteuid()}-{digest}")
    if too_long(run):
        raise StartupError(f"{run} is too long for a socket's path: set HUB_DATA_DIR or TMPDIR to a shorter one")
    run.mkdir(mode=0o700, exist_ok=True)
    # Access to the directory gives all rights, so it must be the hub's alone, also if another user created it earlier.
    found = run.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise StartupError(f"{run} is not a directory of ours: remove it")
    private_directory(run, "socket directory")
    return run


def too_long(run: Path) -> bool:
    return len(os.fsencode(run)) + LONGEST_SOCKET_NAME > SOCKET_PATH_LIMIT
