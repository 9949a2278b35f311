"""``hub serve`` forked from a process that has imported the hub, which saves a third of the processor time of a start.

The fork has the environment, the command line, the output and the session of a process that was started with
``python -m``, and runs the same module as ``__main__``. Tests of the start itself start the command.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import IO, Any

LARGEST = 150_000
"""Bytes of a request: the environment and the command line."""

MODULES = (
    "hub.cli.main", "hub.workers.parent", "hub.serve", "hub.embedded.postgres", "hub.embedded.valkey",
    "uvloop", "uvicorn.lifespan.on",
)  # fmt: skip
"""What a hub imports until it serves."""

_LOCK = threading.Lock()


class Forked:
    """A process of ``fork``, with what tests use of ``subprocess.Popen``."""

    def __init__(self, pid: int, stdout: IO[str], status: IO[bytes]) -> None:
        self.pid, self.stdout = pid, stdout
        self.returncode: int | None = None
        self._status = status

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, negative after a signal. Raises ``subprocess.TimeoutExpired``."""
        if self.returncode is None:
            ended = select.poll()  # select() takes no descriptor above 1,023
            ended.register(self._status, select.POLLIN)
            if not ended.poll(None if timeout is None else timeout * 1_000):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
            self.returncode = int(self._status.readline() or -signal.SIGKILL)
            self._status.close()
        return self.returncode

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def fork(module: str, arguments: Sequence[str], env: Mapping[str, str], errors: int, *, session: bool) -> Forked:
    """Run a module with arguments, and ``errors`` as the descriptor of its standard error; ``session``: in one of its
    own."""
    request = {"module": module, "arguments": arguments, "env": dict(env), "cwd": os.getcwd(), "session": session}
    (output, written), (told, status) = os.pipe(), os.pipe()
    try:
        with _LOCK:
            socket.send_fds(_server(), [json.dumps(request).encode()], [written, errors, status])
    finally:
        os.close(written)
        os.close(status)
    answers = os.fdopen(told, "rb", buffering=0)
    return Forked(int(answers.readline()), os.fdopen(output), answers)


@cache
def _server() -> socket.socket:
    """The connection to the process that forks, which ends with ours."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forking", str(theirs.fileno())],
            pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def serve(channel: socket.socket) -> Callable[[], object] | None:
    """Fork for each request until the other end closes. In a fork: what it has to run."""
    for module in MODULES:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    statuses: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([channel, awake], [], [])
        if awake in ready:
            os.read(awake, 1_000)
            for pid in list(statuses):
                ended, code = os.waitpid(pid, os.WNOHANG)
                if ended:
                    status = statuses.pop(pid)
                    with contextlib.suppress(BrokenPipeError):
                        os.write(status, b"%d\n" % os.waitstatus_to_exitcode(code))
                    os.close(status)
        if channel in ready:
            message, files, _, _ = socket.recv_fds(channel, LARGEST, 3)
            if not message:
                return None
            output, errors, status = files
            pid = os.fork()
            if pid == 0:
                return _become(json.loads(message), output, errors)
            statuses[pid] = status
            os.write(status, b"%d\n" % pid)
            os.close(output)
            os.close(errors)


def _become(request: dict[str, Any], output: int, errors: int) -> Callable[[], object]:
    """Make this process that of a request."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if request["session"]:
        os.setsid()
    os.dup2(output, 1)
    os.dup2(errors, 2)
    os.closerange(3, max(map(int, os.listdir("/proc/self/fd"))) + 1)
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    os.chdir(request["cwd"])
    sys.argv[1:] = request["arguments"]
    return partial(runpy.run_module, request["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        run = serve(channel)
        if run is not None:
            channel.detach()
    if run is not None:
        run()
