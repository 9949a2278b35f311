"""One worker as the parent sees it: its process, its load, its metrics."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections import deque
from collections.abc import Callable, Mapping
from itertools import count

from hub.edge.ops.sums import Family, counted
from hub.embedded.child import Child
from hub.logs import Action, get_logger
from hub.workers.link import CONNECTIONS, TALK, Ask, Leave, Load, Ready, Report, Sum, Talk, Totals
from hub.workers.parts import Parts

log = get_logger()

REPORT_TIMEOUT = 1.0
"""Seconds that a worker has for its metrics; then its last ones are used, so that one that is busy delays no scrape."""

LATE = 2.0
"""Seconds without a confirmation after which others get the connections. A worker on a busy machine answers sooner."""

PASSED_TIMEOUT = 1.0
"""Seconds in which a worker that is replaced takes the connections that were passed to it."""

PAUSE = 0.01

PASS_BUFFER = 1 << 20
"""Bytes of the buffer between the parent and a worker, of which Linux gives 400 kB: 500 connections of a storm."""


class Slot:
    """A worker by its number, over the restarts of its process. ``ready`` is called when it serves, ``ended`` with
    what its process counted and the connections that it has not received, ``asked`` for the metrics of all."""

    def __init__(
        self,
        number: int,
        env: Mapping[str, str],
        parts: Callable[[], Parts],
        *,
        ready: Callable[[], None],
        ended: Callable[[list[Family], list[socket.socket]], None],
        asked: Callable[[Slot, Ask], None],
    ) -> None:
        self.number = number
        self.child = Child(
            f"worker {number}",
            [sys.executable, "-m", "hub.workers", str(number)],
            env=env,
            ready=self._serves,
            inherit=self._connect,
        )
        self.figures: list[Family] = []
        self.leaving = False
        self._parts, self._ready, self._ended, self._asked = parts, ready, ended, asked
        self._serving = False
        self._received = self._open = 0
        # Passed connections that it has not confirmed, with the time: they outlive a process that is killed.
        self._underway: deque[tuple[float, socket.socket]] = deque()
        self._connections: socket.socket | None = None
        self._talk: Talk | None = None
        self._listening: asyncio.Task[None] | None = None
        self._numbers = count()
        self._reports: dict[int, asyncio.Event] = {}

    @property
    def available(self) -> bool:
        """Whether connections can be passed to it."""
        return self._serving and not self.leaving

    @property
    def load(self) -> int:
        """Open connections, including those on their way to it."""
        return self._open + len(self._underway)

    @property
    def stuck(self) -> bool:
        """Whether it is late to take connections: frozen, or in a long turn."""
        return bool(self._underway) and asyncio.get_running_loop().time() - self._underway[0][0] > LATE

    def give(self, connection: socket.socket) -> bool:
        """Pass a connection; False if the worker cannot take it now, and the connection remains the caller's."""
        assert self._connections is not None
        try:
            socket.send_fds(self._connections, [b"c"], [connection.fileno()])
        except (BrokenPipeError, ConnectionResetError):
            self._serving = False  # it has ended, which is about to be heard
            return False
        except OSError:  # it is busy
            return False
        self._underway.append((asyncio.get_running_loop().time(), connection))
        return True

    def tell(self, parts: Parts) -> None:
        if self._talk is not None:
            self._talk.say(parts)

    async def report(self) -> list[Family]:
        """Its metrics now; the last ones if it does not answer."""
        if self._talk is not None and self._serving:
            number = next(self._numbers)
            done = self._reports[number] = asyncio.Event()
            self._talk.say(Report(number))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REPORT_TIMEOUT):
                    await done.wait()
            del self._reports[number]
        return self.figures

    def answer(self, message: Totals) -> None:
        if self._talk is not None:
            self._talk.say(message)

    async def leave(self, grace: float) -> None:
        """Let it drain and end after its clients have been answered; it gets no further connections."""
        self.leaving = True
        deadline = asyncio.get_running_loop().time() + PASSED_TIMEOUT
        while self._underway and self._serving and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(PAUSE)
        if self._talk is not None:
            self._talk.say(Leave())
        await self.child.leave(grace)
        await self._close()

    async def stop(self, grace: float) -> None:
        """End it with a drain."""
        await self.child.stop(grace)
        await self._close()

    async def _close(self) -> None:
        if self._listening is not None:
            await asyncio.wait([self._listening])

    def _connect(self) -> dict[str, int]:
        """New pairs of sockets for the next process; returns its ends."""
        if self._listening is not None:
            self._listening.cancel()  # the process has ended
        talk, their_talk = socket.socketpair()
        connections, their_connections = socket.socketpair()
        connections.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PASS_BUFFER)
        for end in (talk, connections):
            end.setblocking(False)
        self._listening = asyncio.create_task(self._listen(talk, connections))
        return {TALK: their_talk.detach(), CONNECTIONS: their_connections.detach()}

    async def _listen(self, end: socket.socket, connections: socket.socket) -> None:
        """Hear a process until it ends."""
        figures: list[Family] = []
        self._received = self._open = 0
        self._connections = connections
        talk = self._talk = await Talk.over(end)
        talk.say(self._parts())
        try:
            async for message in talk.heard_by_parent():
                match message:
                    case Ready():
                        self._serving = True
                        self._ready()
                    case Load(received, open_now):
                        for _ in range(received - self._received):
                            self._underway.popleft()[1].close()
                        self._received, self._open = received, open_now
                    case Sum(number, found):
                        self.figures = figures = found
                        if number in self._reports:
                            self._reports[number].set()
                    case Ask(_, own):
                        self.figures = figures = own
                        self._asked(self, message)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="worker")  # the process ends when its messages do, and returns
        finally:
            if self._connections is connections:
                self._serving = False
                self.figures = []
            talk.close()
            connections.close()
            left = [connection for _, connection in self._underway]
            self._underway.clear()
            self._ended(counted(figures), left)

    async def _serves(self) -> bool:
        return self._serving
