"""A worker: a node whose connections, and news of the services, come from the parent."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Coroutine, Sequence
from itertools import count
from typing import Any

from hub.edge.ops.siblings import Figures
from hub.edge.ops.sums import Family
from hub.edge.server import Server
from hub.serve import run_node, started
from hub.settings import Settings
from hub.workers.link import CONNECTIONS, TALK, Ask, Leave, Load, Ready, Report, Sum, Talk, Totals
from hub.workers.parts import Parts
from hub.workers.prepared import SPARE_FILES, allow_files

LOAD_INTERVAL = 0.02
"""Seconds between two reports of the load; the parent itself counts the connections that it has passed since."""

PATIENCE = 2.0
"""Seconds in which the parent adds up the metrics."""


class Link:
    """The parent, as the worker sees it."""

    figures: Figures | None = None

    def __init__(self, talk: Talk, connections: socket.socket) -> None:
        self.talk, self.connections = talk, connections
        self.parts = Parts()
        self.received = 0
        self._taking = 0
        self._numbers = count()
        self._asked: dict[int, asyncio.Future[list[Family]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def problems(self) -> Sequence[str]:
        return self.parts.workers

    async def totals(self, own: list[Family]) -> list[Family]:
        """The metrics of all processes."""
        number = next(self._numbers)
        answer: asyncio.Future[list[Family]] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        self.talk.say(Ask(number, own))
        try:
            async with asyncio.timeout(PATIENCE):
                return await answer
        except TimeoutError:
            return own
        finally:
            del self._asked[number]

    async def run(self, server: Server) -> None:
        """Serve what the parent sends until it ends."""
        await started(server)
        loop = asyncio.get_running_loop()
        loop.add_reader(self.connections, self._receive, server)
        reporting = asyncio.create_task(self._report_load(server))
        self.talk.say(Ready())
        try:
            async for message in self.talk.heard_by_worker():
                match message:
                    case Parts():
                        self.parts = message
                    case Totals(number, families):
                        if (answer := self._asked.get(number)) is not None and not answer.done():
                            answer.set_result(families)
                    case Report(number):
                        self._begin(self._send_figures(number))
                    case Leave():
                        server.replace()
            server.ask_to_exit()  # the parent has ended
        finally:
            loop.remove_reader(self.connections)
            reporting.cancel()
            for task in self._tasks:
                task.cancel()

    async def end(self) -> None:
        """Send the last figures."""
        await self._send_figures(None)
        await self.talk.flushed()

    def _receive(self, server: Server) -> None:
        """Take the connections that the parent has passed."""
        while True:
            try:
                data, descriptors, _, _ = socket.recv_fds(self.connections, 64, 64, socket.MSG_CMSG_CLOEXEC)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                asyncio.get_running_loop().remove_reader(self.connections)
                return
            # Without a free descriptor the kernel has closed the connection.
            self.received += len(data)
            for descriptor in descriptors:
                connection = socket.socket(fileno=descriptor)
                connection.setblocking(False)
                self._taking += 1
                self._begin(self._take(server, connection))

    async def _take(self, server: Server, connection: socket.socket) -> None:
        try:
            await server.take(connection)
        finally:
            self._taking -= 1

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _report_load(self, server: Server) -> None:
        said = Load(0, 0)
        while True:
            now = Load(self.received, self._taking + server.open_connections())
            if now != said:
                said = now
                self.talk.say(now)
            await asyncio.sleep(LOAD_INTERVAL)

    async def _send_figures(self, number: int | None) -> None:
        if self.figures is not None:
            self.talk.say(Sum(number, await self.figures()))


async def work(settings: Settings) -> None:
    """Serve until SIGTERM or until the worker is replaced. Raises ``StartupError``, and the error that ended an
    essential part."""
    allow_files(settings.max_connections + SPARE_FILES)
    ends = [socket.socket(fileno=int(os.environ[name])) for name in (TALK, CONNECTIONS)]
    for end in ends:
        end.setblocking(False)
        end.set_inheritable(False)
    link = Link(await Talk.over(ends[0]), ends[1])
    try:
        await run_node(settings, lambda: link.parts, lambda server: [link.run(server)], siblings=link)
    finally:
        await link.end()
