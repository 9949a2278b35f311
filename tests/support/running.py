"""A real hub for tests: the edge on a thread of this process, or the whole of ``hub serve`` as a process of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

import uvloop

from hub.clock import SYSTEM, SystemClock
from hub.core.live.log_place import entry_number
from hub.edge.app import build
from hub.edge.node import Node
from hub.edge.server import Server, listen
from hub.environment import environment
from hub.settings import Settings
from hub.stores.redis.connection import connect
from hub.wire.layout import ONE, Layout
from tests.support import quick_passwords  # noqa: F401  (hubs of this process use them)
from tests.support.forking import Forked, fork

Result = TypeVar("Result")

PATIENCE = 60.0
"""Seconds until a test gives up on a busy machine."""


class Edge:
    """The edge of a hub, without a recorder, on a loop and a thread of its own: sockets, log and acks are real."""

    def __init__(
        self, settings: Settings, system: SystemClock = SYSTEM, layout: Layout = ONE, *, loads: bool = False
    ) -> None:
        self.settings, self._system, self._layout, self._loads = settings, system, layout, loads
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="edge", daemon=True)
        self._thread.start()
        self._ready.wait(PATIENCE)
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        settings = self.settings
        self.loop = asyncio.get_running_loop()
        redis = connect(settings.redis_url, settings.redis_timeout)
        self.node = Node(settings, redis, self._system, self._layout)
        if self._loads:
            await self.node.tail.begin(redis)
        else:
            await self._begin_empty()
        self.appender = self.node.appender
        self.problems: list[str] = []
        self.degraded: list[str] = []
        self.server = Server(self.node, build(self.node, lambda: self.problems, lambda: self.degraded), settings)
        tasks = [asyncio.create_task(part) for part in self.node.upkeep()]
        listener = listen(settings)
        self.address: tuple[str, int] = listener.getsockname()[:2]
        # The kernel lets clients in from here on; uvicorn is a moment later.
        self._ready.set()
        try:
            await self.server.serve(sockets=[listener])
        finally:
            listener.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await redis.aclose()

    async def _begin_empty(self) -> None:
        """Follow the log from its end on, without what other tests have left in Redis."""
        for tail in self.node.tail.all:
            generation, extent = await tail._reader.generation(), await tail._reader.extent()
            tail._reader.start(extent.last)
            tail.place.begin(generation, entry_number(extent.last))

    @property
    def url(self) -> str:
        return f"ws://{self.address[0]}:{self.address[1]}/ws"

    def call(self, what: Callable[[], Result]) -> Result:
        """The result of a function that runs on the hub's loop."""
        answer: Future[Result] = Future()

        def run() -> None:
            try:
                answer.set_result(what())
            except BaseException as error:
                answer.set_exception(error)

        self.loop.call_soon_threadsafe(run)
        return answer.result(PATIENCE)

    def stop(self) -> None:
        """Drain and end it, if that has not been done; raises what the hub failed with."""
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.server.ask_to_exit)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        if self._failure is not None:
            raise self._failure


@contextmanager
def edge(
    settings: Settings, system: SystemClock = SYSTEM, layout: Layout = ONE, *, loads: bool = False
) -> Iterator[Edge]:
    """``loads``: with the latest positions that Redis has, as a hub starts."""
    running = Edge(settings, system, layout, loads=loads)
    try:
        yield running
    finally:
        running.stop()


class Served:
    """``hub serve`` as a process, from when it listens. It writes ``hub.log`` in the data directory."""

    def __init__(self, settings: Settings, *, command: bool = False) -> None:
        self.settings = settings
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log = settings.data_dir / "hub.log"
        self.process: Forked | subprocess.Popen[str]
        with self.log.open("a") as log:
            env = environment(settings)
            if command:
                argv = [sys.executable, "-m", "hub", "serve"]
                self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=log, text=True, env=env)
            else:
                self.process = fork("hub", ["serve"], env, log.fileno(), session=False)
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        assert words, self.log.read_text()
        host, _, port = words[-1].removeprefix("http://").rpartition(":")
        self.address = (host, int(port))

    @property
    def url(self) -> str:
        return f"ws://{self.address[0]}:{self.address[1]}/ws"

    def kill(self) -> None:
        """SIGKILL, if it lives, and wait until it is gone."""
        self.process.kill()
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def rss(self) -> int:
        """Bytes of memory that the hub's process has resident."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def served(settings: Settings, *, command: bool = False) -> Iterator[Served]:
    """A hub process, killed at the end where the test has not stopped it. It is forked from one that has imported the
    hub, unless it is to be started with the ``command``."""
    hub = Served(settings, command=command)
    try:
        yield hub
    finally:
        hub.kill()


def free_port() -> int:
    """A port of loopback that nobody listens on now; for hubs that are to come back on the same one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until something is true. A look that takes long, as requests do, is repeated less often: what is waited for
    needs the processor."""
    deadline = time.monotonic() + patience
    while True:
        began = time.monotonic()
        if what():
            return
        now = time.monotonic()
        assert now < deadline, "it did not come true"
        time.sleep(min(max(0.01, 2 * (now - began)), 0.1))
