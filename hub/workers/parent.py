"""``hub serve`` with several workers: the parent has the listening socket, the services, the recorder and the notifier.

It accepts each connection and passes it to the worker with the fewest. Sockets stay open for hours: where the kernel
distributes them, workers that accept for themselves get up to several times as many as others (docs/scale.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections import deque
from collections.abc import Callable

from hub.edge.ops.sums import Family, Sample, added
from hub.embedded.services import Services
from hub.environment import environment
from hub.logs import Action, get_logger
from hub.serve import announce_address, connected
from hub.serve import serve as serve_alone
from hub.settings import Settings
from hub.startup import StartupError
from hub.stores.redis.connection import UNAVAILABLE
from hub.workers.link import Ask, Totals
from hub.workers.parts import History, Parts
from hub.workers.prepared import LATEST_TIMEOUT, SPARE_FILES, prepared
from hub.workers.slot import Slot

log = get_logger()

AT_ONCE = 64
"""Connections that are accepted in one turn."""

FULL_PAUSE = 0.05
"""Seconds until the next attempt where no descriptor is free, or no worker takes a connection."""

TELL_INTERVAL = 0.2
"""Seconds between two looks at the problems that workers are told."""

END_GRACE = 5.0
"""Seconds beyond HUB_DRAIN_TIMEOUT until a worker that does not end is killed."""


async def serve(settings: Settings, on_ready: Callable[[str], None] | None = None) -> None:
    """Run the hub until SIGTERM or SIGINT, with ``settings.workers`` processes that serve clients. ``on_ready`` gets
    the address (``http://…``) once sockets are accepted. Raises ``StartupError``."""
    if settings.workers == 1:
        await serve_alone(settings, on_ready)
        return
    async with prepared(settings, SPARE_FILES) as (services, listener):
        await _answered(services.settings)
        await _serve(services, listener, on_ready)


async def _serve(services: Services, listener: socket.socket, on_ready: Callable[[str], None] | None) -> None:
    settings, history = services.settings, History(services)
    parent = Parent(settings, listener, history)
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    tasks = [asyncio.create_task(history.start()), asyncio.create_task(parent.tell())]
    try:
        await parent.start()
        loop.add_signal_handler(signal.SIGHUP, parent.replace)
        tasks.append(asyncio.create_task(announce_address(settings, listener, on_ready, history.migrated)))
        log.info(Action.SERVE_STARTED, host=settings.host, open=settings.open, workers=settings.workers)
        await ending.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parent.stop()
        await history.stop()
        log.info(Action.SERVE_STOPPED)


class Parent:
    """Workers, and the connections that are passed to them."""

    def __init__(self, settings: Settings, listener: socket.socket, history: History) -> None:
        self.settings, self.listener, self.history = settings, listener, history
        self.slots = [self._slot(number) for number in range(1, settings.workers + 1)]
        self.grace = settings.drain_timeout + END_GRACE
        self._past: list[Family] = []
        """What processes that have ended counted: a sum that falls would be read as a restart of all."""
        self._accepting = self._ended = False
        self._held: deque[socket.socket] = deque()
        """Accepted connections that no worker could take."""
        self._replacing: asyncio.Task[None] | None = None
        self._to_replace = False
        self._summing: set[asyncio.Task[None]] = set()
        self._told = Parts()

    async def start(self) -> None:
        """Start all workers. Raises ``StartupError``."""
        outcomes = await asyncio.gather(*(slot.child.start() for slot in self.slots), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def stop(self) -> None:
        """Drain and end all workers; until then connections are passed, and answered with the hub's state."""
        if self._replacing is not None:
            self._replacing.cancel()
            await asyncio.wait([self._replacing])
        await asyncio.gather(*(slot.stop(self.grace) for slot in self.slots))
        self._ended = True
        self._pause()
        for connection in self._held:
            connection.close()

    def replace(self) -> None:
        """Begin to replace each worker by a new process, one after the other (SIGHUP); again, if it is being done."""
        self._to_replace = True
        if self._replacing is None or self._replacing.done():
            self._replacing = asyncio.create_task(self._replace())

    async def _replace(self) -> None:
        while self._to_replace:
            self._to_replace = False
            await self._replace_each()

    async def _replace_each(self) -> None:
        """A new process serves before the old one drains: its clients find room, and all workers stay even."""
        for place, old in enumerate(self.slots):
            new = self._slot(old.number)
            try:
                await new.child.start()
            except StartupError as error:
                log.error(Action.SERVICE_EXITED, service=new.child.name, problem=str(error))
                return
            except asyncio.CancelledError:
                await new.stop(self.grace)
                raise
            self.slots[place] = new
            try:
                await old.leave(self.grace)
            except asyncio.CancelledError:
                await old.stop(self.grace)
                raise
            log.info(Action.WORKER_REPLACED, worker=old.number, pid=new.child.pid)

    async def tell(self) -> None:
        """Tell the workers the problems of the shared parts when they change, until cancelled."""
        while True:
            now = self._parts()
            if now != self._told:
                self._told = now
                for slot in self.slots:
                    slot.tell(now)
            await asyncio.sleep(TELL_INTERVAL)

    def _parts(self) -> Parts:
        parts = self.history.parts()
        parts.workers = [slot.child.problem for slot in self.slots if slot.child.problem]
        return parts

    def _slot(self, number: int) -> Slot:
        return Slot(
            number,
            environment(self.settings),
            self._parts,
            ready=self._resume,
            ended=self._keep,
            asked=self._ask,
        )

    def _resume(self) -> None:
        if not self._accepting and not self._ended:
            self._accepting = True
            asyncio.get_running_loop().add_reader(self.listener, self._accept)
            if self._held:
                self._accept()

    def _pause(self, seconds: float | None = None) -> None:
        """Leave connections at the port, for ``seconds`` or until a worker serves."""
        if self._accepting:
            self._accepting = False
            asyncio.get_running_loop().remove_reader(self.listener)
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, self._resume)

    def _accept(self) -> None:
        """Accept connections and pass them on."""
        for _ in range(AT_ONCE):
            if not any(slot.available for slot in self.slots):
                self._pause()
                return
            if self._held:
                connection = self._held.popleft()
            else:
                try:
                    connection, _ = self.listener.accept()
                except (BlockingIOError, ConnectionAbortedError):
                    return
                except OSError:  # no descriptor is free
                    self._pause(FULL_PAUSE)
                    return
            if not self._pass(connection):
                self._held.appendleft(connection)
                self._pause(FULL_PAUSE)
                return

    def _pass(self, connection: socket.socket) -> bool:
        """Pass a connection to the worker with the least load; False if no worker takes it now."""
        able = sorted((slot for slot in self.slots if slot.available), key=lambda slot: (slot.stuck, slot.load))
        return any(slot.give(connection) for slot in able)

    def _keep(self, figures: list[Family], left: list[socket.socket]) -> None:
        """Keep what a process counted, and pass its connections to others."""
        self._past = added([self._past, figures])
        self._held.extend(left)
        self._pause(0)

    def _ask(self, slot: Slot, ask: Ask) -> None:
        task = asyncio.create_task(self._sum(slot, ask))
        self._summing.add(task)
        task.add_done_callback(self._summing.discard)

    async def _sum(self, asking: Slot, ask: Ask) -> None:
        """Answer with the metrics of all workers."""
        others = [slot for slot in self.slots if slot is not asking]
        reports = await asyncio.gather(*(slot.report() for slot in others))
        asking.answer(Totals(ask.number, [*added([ask.own, *reports, self._past]), self._loads()]))

    def _loads(self) -> Family:
        samples = [Sample("hub_worker_connections", {"worker": str(one.number)}, one.load) for one in self.slots]
        return Family("hub_worker_connections", "Open connections of each worker.", "gauge", samples)


async def _answered(settings: Settings) -> None:
    """Wait for Redis, as a node does. Raises ``StartupError``."""
    redis = connected(settings)
    try:
        async with asyncio.timeout(LATEST_TIMEOUT):
            while True:
                try:
                    await redis.ping()
                    return
                except UNAVAILABLE as error:
                    last = error
                    await asyncio.sleep(0.2)
    except TimeoutError:
        raise StartupError(f"Redis does not answer: {last}") from last
    finally:
        with contextlib.suppress(*UNAVAILABLE):
            await redis.aclose()
