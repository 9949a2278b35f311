"""A hub in a process of its own, to be killed, frozen and started again while clients are connected."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec

from hub.environment import environment
from hub.settings import Settings
from tests.support.forking import Forked, fork

START_TIMEOUT = 60.0


@cache
def made_database() -> tempfile.TemporaryDirectory[str]:
    """A data directory with a database and its schema, made once for this process of pytest."""
    folder = tempfile.TemporaryDirectory(prefix="hub-made-")
    settings = Settings(data_dir=Path(folder.name) / "data")
    subprocess.run([sys.executable, "-m", "hub", "migrate"], env=environment(settings), check=True, capture_output=True)
    return folder


class HubProcess:
    """``hub serve`` with the given settings, under the command ``wrapper``. It keeps its port over restarts."""

    MODULE = "hub"
    """What is run with ``python -m``."""

    def __init__(self, settings: Settings, folder: Path, wrapper: Sequence[str] = ()) -> None:
        self.settings = msgspec.structs.replace(settings, log_format="json")
        self._wrapper = wrapper
        self._log = folder / "hub.log"
        self._process: Forked | subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"ws://{self.settings.host}:{self.settings.port}/ws"

    @property
    def address(self) -> tuple[str, int]:
        return self.settings.host, self.settings.port

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when it listens; the first time, where it has its own database, when that is there, too. Such a hub
        finds a copy of a database: to make one takes a second of processor time."""
        first = self.settings.port == 0
        if first and not self.settings.database_url and not self.settings.data_dir.exists():
            self.settings.data_dir.mkdir(mode=0o700, parents=True)
            # The owner is kept: PostgreSQL does not run as root.
            subprocess.run(
                ["cp", "-a", Path(made_database().name) / "data/postgres", self.settings.data_dir], check=True
            )
        with self._log.open("a") as log:
            env = environment(self.settings)
            if self._wrapper:
                self._process = subprocess.Popen(
                    [*self._wrapper, sys.executable, "-m", self.MODULE, "serve"],
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    env=env,
                    start_new_session=True,
                )
            else:
                self._process = fork(self.MODULE, ["serve"], env, log.fileno(), session=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        found = re.search(r"http://[^:]+:(\d+)", line)
        assert found, f"{line}{self._log.read_text()}"
        self.settings = msgspec.structs.replace(self.settings, port=int(found[1]))
        if first and not self.settings.database_url:
            deadline = time.monotonic() + START_TIMEOUT
            while "postgresql" in (said := self.readiness()) or "recorder has not been started" in said:
                assert time.monotonic() < deadline, said
                time.sleep(0.05)

    def readiness(self) -> str:
        """What ``/readyz`` says."""
        host, port = self.address
        try:
            with urlopen(f"http://{host}:{port}/readyz", timeout=5) as answer:
                return answer.read().decode()
        except HTTPError as error:
            return error.read().decode()
        except OSError as error:
            return str(error)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        """SIGTERM, and wait until it is gone."""
        if self._process is not None and self._process.poll() is None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
            self._reap()

    def _reap(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        self._process.wait(START_TIMEOUT)
        self._process.stdout.close()

    def freeze_log(self, service: str = "valkey") -> Callable[[], None]:
        """Stop a service that the hub started; returns what lets it go on."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines() if line.startswith("{")]
        pid = next(line["pid"] for line in reversed(lines) if line.get("service") == service)
        os.kill(pid, signal.SIGSTOP)
        return lambda: os.kill(pid, signal.SIGCONT)


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that becomes true by itself."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  (what it waits for is in another process)
            await asyncio.sleep(0.02)
