"""The lock that a service holds as long as any of its processes lives, and the ending of processes that a hub left."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
from pathlib import Path

from hub.logs import Action, get_logger
from hub.startup import StartupError

log = get_logger()

KILL_GRACE = 5.0
"""Between the abort signal and SIGKILL; PostgreSQL kills its own processes 5 s after SIGQUIT. Seconds."""

LAST_WAIT = 50.0
"""After SIGKILL: for a process in an uninterruptible wait for its disk, or one that is not visible. Seconds."""


class ServiceLock:
    """A file that every process of a service has open and locked, because the first one inherits it.

    The lock is held exactly as long as any process of the service lives, also when the hub was killed: two servers can
    never write one data directory. Processes that still hold it after a wait of ``grace`` seconds are ended, with
    ``abort_signal`` first: the hub that started them is gone, since this hub owns the service.
    """

    def __init__(
        self, path: Path, directory: Path, *, grace: float, abort_signal: signal.Signals = signal.SIGKILL
    ) -> None:
        self._path = path
        self._directory = directory
        self._grace = grace
        self._abort_signal = abort_signal

    async def take(self, service: str) -> int:
        """Descriptor of the locked file, for the service to inherit. Raises ``StartupError``."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if await locked_within(self._grace, descriptor):
                return descriptor
            self._end_holders(service, descriptor, self._abort_signal)
            if await locked_within(KILL_GRACE, descriptor):
                return descriptor
            self._end_holders(service, descriptor, signal.SIGKILL)
            if await locked_within(LAST_WAIT, descriptor):
                return descriptor
            raise StartupError(
                f"{service} of an earlier hub still runs in {self._path.parent}; stop that process, then start again"
            )
        except BaseException:
            os.close(descriptor)
            raise

    def _end_holders(self, service: str, descriptor: int, number: signal.Signals) -> None:
        pids = holders(descriptor, self._directory)
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        if pids:
            log.warning(Action.ORPHANS_KILLED, service=service, pids=pids, signal=number.name)


def holders(descriptor: int, directory: Path) -> list[int]:
    """Processes that work in ``directory`` and have the file of ``descriptor`` open: surely our service's.

    Empty where there is no ``/proc``. Processes of other containers on the same volume cannot be seen.
    """
    file = os.fstat(descriptor)
    resolved = str(directory.resolve())
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd") == resolved and any(
                (other.st_dev, other.st_ino) == (file.st_dev, file.st_ino) for other in map(os.stat, opened(process))
            ):
                found.append(int(process.name))
        except OSError:  # it has ended, or belongs to another user
            continue
    return sorted(found)


def opened(process: Path) -> list[Path]:
    return [Path(entry.path) for entry in os.scandir(process / "fd") if os.path.exists(entry.path)]


async def locked_within(seconds: float, descriptor: int) -> bool:
    """Whether the open file is exclusively ours now or becomes so in time."""
    try:
        async with asyncio.timeout(seconds):
            while not locked(descriptor):  # noqa: ASYNC110 - a file lock has no event
                await asyncio.sleep(0.02)
    except TimeoutError:
        return False
    return True


def locked(descriptor: int) -> bool:
    """Whether the open file is now exclusively ours."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
