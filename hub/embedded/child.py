"""A supervised child process: it ends with the hub, is restarted when it exits by itself, and reports its problem."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from hub.embedded.lock import ServiceLock
from hub.logs import Action, get_logger
from hub.startup import PARENT, StartupError

log = get_logger()

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0
"""Backoff between restarts, doubling. Seconds."""

STEADY = 60.0
"""A child that has run this long starts its next backoff from ``FIRST_PAUSE``. Seconds."""

SETTLED = 1.0
"""A program without a readiness check counts as restarted once it has run this long. Seconds."""

READY_TIMEOUT = 300.0
"""PostgreSQL after a crash and Valkey with a gigabyte to load need minutes on a slow disk. Seconds."""

READY_PAUSE = 0.02
LONGEST_READY_PAUSE = 0.2
"""Between two readiness checks. Each costs the hub's loop a millisecond, and PostgreSQL's recovery may take minutes,
during which live positions continue. Seconds."""

LOG_LIMIT = 1_000_000
"""A log file larger than this is moved to ``<name>.log.old`` at the next start. Bytes."""

FULL_DISK = 100_000
"""A disk with less free space counts as full. Bytes."""


class Child:
    """One program that runs as long as the hub does.

    ``argv`` is the command; ``wrapper`` goes before it (``unshare …``). ``env`` is its whole environment, ours by
    default. ``log_file`` receives its output, which otherwise passes through to ours. ``lock`` is taken before each
    start and inherited by the process; ``before`` runs then, with the lock's descriptor. ``ready`` is called repeatedly
    until it returns true: the program serves; without it a running process counts as serving. ``longest_pause`` ends
    the doubling of the pause between two attempts to start it. ``inherit`` is called before each start: names of
    environment variables -> descriptors that the process inherits; ours are closed once it runs.

    Everything must be called on the main thread: the kernel sends the parent-death signal when the *thread* that
    forked ends.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        *,
        wrapper: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        log_file: Path | None = None,
        lock: ServiceLock | None = None,
        before: Callable[[int | None], Awaitable[None]] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        niceness: int = 0,
        ready: Callable[[], Awaitable[bool]] | None = None,
        longest_pause: float = LONGEST_PAUSE,
        inherit: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self.name = name
        self.problem: str | None = f"{name} has not been started"
        """The present problem as text, or None."""
        self.restarts = 0
        self._command = dying_with_us(argv, stop_signal, wrapper=wrapper, niceness=niceness)
        self._env = env
        self._log_file = log_file
        self._log_start = 0
        self._lock = lock
        self._before = before
        self._stop_signal = stop_signal
        self._niceness = niceness
        self._ready = ready
        self._longest_pause = longest_pause
        self._inherit = inherit
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Id of the running process, else None."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self) -> None:
        """Start, wait until it serves, and keep it running from then on. Raises ``StartupError``."""
        await self._launch()
        log.info(Action.SERVICE_STARTED, service=self.name, pid=self.pid)
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.name}")

    def start_in_background(self) -> None:
        """Start and keep it running, without waiting. A failure sets ``problem`` and is retried."""
        self.problem = f"{self.name} is being started"
        self._keeper = asyncio.create_task(self._start_and_keep(), name=f"keep {self.name}")

    async def stop(self, grace: float = 10.0) -> None:
        """Send the stop signal; after ``grace`` seconds kill the process and all that it started."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
            self._keeper = None
        if self.pid is not None:
            code = await self._end(grace)
            log.info(Action.SERVICE_STOPPED, service=self.name, code=code)
        self.problem = f"{self.name} has been stopped"

    async def leave(self, grace: float) -> None:
        """Wait until the process ends by itself, without starting it again; stop it after ``grace`` seconds."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
            self._keeper = None
        if self._process is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._process.wait()
        await self.stop()

    async def _start_and_keep(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._launch()
                break
            except StartupError as error:
                self._say(error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._longest_pause)
        log.info(Action.SERVICE_STARTED, service=self.name, pid=self.pid)
        await self._keep()

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        clock = asyncio.get_running_loop().time
        while True:
            assert self._process is not None
            started = clock()
            code = await self._process.wait()
            if self.problem is None:
                self.problem = f"{self.name} {ending(code)}{self._last_words()}; it is being restarted"
                log.error(Action.SERVICE_EXITED, service=self.name, code=code, problem=self.problem)
            pause = FIRST_PAUSE if clock() - started > STEADY else pause
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._longest_pause)
            try:
                await self._launch(restart=True)
            except StartupError as error:
                self._say(error)
            else:
                self.restarts += 1
                log.warning(Action.SERVICE_RESTARTED, service=self.name, pid=self.pid, restarts=self.restarts)

    def _say(self, error: StartupError) -> None:
        self.problem = str(error)
        log.error(Action.SERVICE_EXITED, service=self.name, problem=self.problem)

    async def _launch(self, restart: bool = False) -> None:
        """Spawn and wait until it serves; afterwards ``problem`` is None. Raises ``StartupError`` with nothing left."""
        try:
            await self._spawn()
        except OSError as error:
            raise StartupError(f"{self.name} cannot be started: {error}") from error
        assert self._process is not None
        try:
            if self._ready is not None:
                pause = READY_PAUSE
                async with asyncio.timeout(READY_TIMEOUT):
                    while not await self._ready():
                        self._check_alive()
                        await asyncio.sleep(pause)
                        pause = min(1.1 * pause, LONGEST_READY_PAUSE)
            elif restart:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(SETTLED):  # `wait_for` may lose a cancellation before Python 3.12
                        await self._process.wait()
                self._check_alive()
        except TimeoutError:
            await self._end(0)
            raise StartupError(f"{self.name} did not answer within {READY_TIMEOUT:.0f} s{self._last_words()}") from None
        except BaseException:
            await self._end(10)
            raise
        self.problem = None

    def _check_alive(self) -> None:
        assert self._process is not None
        if self._process.returncode is not None:
            raise StartupError(f"{self.name} {ending(self._process.returncode)}{self._last_words()}")

    async def _spawn(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children must be started from the main thread, which lives as long as the hub")
        with contextlib.ExitStack() as files:
            descriptor = None
            if self._lock is not None:
                descriptor = await self._lock.take(self.name)
                files.callback(os.close, descriptor)
            if self._before is not None:
                await self._before(descriptor)
            inherited = self._inherit()
            for ours in inherited.values():
                files.callback(os.close, ours)
            output = None
            if self._log_file is not None:
                output = self._open_log(self._log_file, files)
            names = {name: str(number) for name, number in inherited.items()}
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**(os.environ if self._env is None else self._env), PARENT: str(os.getpid()), **names},
                pass_fds=[*inherited.values(), *([] if descriptor is None else [descriptor])],
                # Ctrl-C in the terminal must reach the hub only, which drains before it stops its services.
                start_new_session=True,
            )
        if self._niceness:
            await nice_session(self._process.pid, self._niceness)

    def _open_log(self, path: Path, files: contextlib.ExitStack) -> int:
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.old"))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        files.callback(os.close, descriptor)
        self._log_start = os.lseek(descriptor, 0, os.SEEK_END)
        return descriptor

    def _last_words(self) -> str:
        """``": <the line of its log that says why>"`` of this run, or nothing. On a full disk there is no such line."""
        if self._log_file is None:
            return ""
        if full(self._log_file.parent):
            return f": the disk of {self._log_file.parent} is full"
        with self._log_file.open("rb") as file:
            file.seek(max(self._log_start, self._log_file.stat().st_size - 8192))
            lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
        telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "Fatal", " # "))]
        return f": {(telling or lines)[-1]} ({self._log_file})" if lines else ""

    async def _end(self, grace: float) -> int:
        """Exit code after the stop signal, or after a kill when ``grace`` seconds were not enough."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(self._stop_signal)
        try:
            async with asyncio.timeout(grace):
                return await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            return await self._process.wait()


def dying_with_us(
    argv: Sequence[str], stop_signal: signal.Signals, *, wrapper: Sequence[str] = (), niceness: int = 0
) -> list[str]:
    """``argv`` so that the kernel sends it ``stop_signal`` when our main thread ends, however that happens.

    ``setpriv`` has to be the last wrapper, since a change of user resets the signal. Where there is no ``setpriv``
    (outside Linux) a killed hub leaves its services running, and the next hub reports it.
    """
    nice = ["nice", "-n", str(niceness)] if niceness else []
    setpriv = ["setpriv", "--pdeathsig", stop_signal.name.removeprefix("SIG"), "--"] if shutil.which("setpriv") else []
    return [*nice, *wrapper, *setpriv, *argv]


async def nice_session(pid: int, niceness: int) -> None:
    """Lower the priority of a session leader's whole session where Linux groups the CPU by session.

    With ``sched_autogroup_enabled`` every session gets an equal share and ``nice`` counts only inside it: a child in
    its own session with nice 10 still took half of a core from us (it takes a tenth after this).
    """
    for _ in range(20):
        try:
            set_autogroup(pid, niceness)
            return
        except BlockingIOError:  # the kernel lets ordinary users change one a tenth of a second
            await asyncio.sleep(0.11)
        except (FileNotFoundError, ProcessLookupError):  # no such feature, or the process has gone already
            return


def set_autogroup(pid: int, niceness: int) -> None:
    Path(f"/proc/{pid}/autogroup").write_text(str(niceness))


def full(directory: Path) -> bool:
    """Whether the disk of a directory has no room for files to grow."""
    disk = os.statvfs(directory)
    return disk.f_bavail * disk.f_frsize < FULL_DISK


def ending(code: int) -> str:
    """An exit code in words."""
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"exited with code {code}"
